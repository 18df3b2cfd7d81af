"""The committed baseline: a line of fingerprints and floors, then one line a question."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.runner import Result
from eval.statistics import Value, estimate
from eval.summary import values_of
from kb.errors import DocumentError

GATED = ("recall@5", "vital_nuggets", "refusal_right")
CONFIDENCE = 0.983
"""Of the three gated metrics' intervals, so that together they err in one of twenty runs."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a run is compared with: gated metrics by row, which rows were right, and where each was or failed."""

    fingerprints: dict[str, str]
    floors: dict[str, float]
    values: dict[str, dict[str, Value]]
    right: dict[str, bool]
    where: dict[str, str] = field(default_factory=dict)


def write_baseline(path: Path, results: Sequence[Result], fingerprints: dict[str, str]) -> None:
    """Write the base questions of a run as the new baseline; its floors are the intervals' lower bounds."""
    base = [result for result in results if result.variant == "base"]
    floors = {
        metric: round(estimate(list(values_of(base, metric).values()), CONFIDENCE).low, 6)
        for metric in GATED
        if values_of(base, metric)
    }
    lines = [json.dumps({"fingerprints": fingerprints, "floors": floors}, sort_keys=True)]
    for result in sorted(base, key=lambda r: r.id):
        metrics = {metric: result.metrics[metric] for metric in GATED if metric in result.metrics}
        fields = {"id": result.id, "family": result.family, "type": result.type, "where": result.where, **metrics}
        lines.append(json.dumps(fields, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_baseline(path: Path) -> Baseline:
    """Return the baseline; raises `DocumentError` where there is none or it cannot be read."""
    try:
        first, *rest = path.read_text(encoding="utf-8").splitlines()
        return _baseline(json.loads(first), [json.loads(line) for line in rest])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DocumentError(
            f"The baseline {path} cannot be read ({error}). Write one with: tillit eval --update-baseline"
        ) from None


def _baseline(header: dict[str, Any], rows: Sequence[dict[str, Any]]) -> Baseline:
    values: dict[str, dict[str, Value]] = {metric: {} for metric in GATED}
    for row in rows:
        group = "unanswerable" if row["type"] == "unanswerable" else "answerable"
        for metric in GATED:
            if metric in row:
                value = Value(
                    row["family"], row["type"], float(row[metric]), group if metric == "refusal_right" else ""
                )
                values[metric][row["id"]] = value
    where = {row["id"]: str(row["where"]) for row in rows}
    right = {name: each == "right" for name, each in where.items()}
    return Baseline(dict(header["fingerprints"]), dict(header["floors"]), values, right, where)
