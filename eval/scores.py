"""How each model scored in the last whole run of the question set, kept in the data folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any

from eval.runner import Result

FILE = "model-scores.json"
SHOWN = ("recall@5", "ndcg@10", "vital_nuggets")


def note_scores(data: Path, model: str, questions: str, results: Sequence[Result]) -> None:
    """Keep the means of a run's base questions under the model's id."""
    base = [result.metrics for result in results if result.variant == "base"]
    means = {
        name: round(fmean(m[name] for m in base if name in m), 4) for name in SHOWN if any(name in m for m in base)
    }
    scores = read_scores(data) | {model: {"date": date.today().isoformat(), "questions": questions[:12], **means}}
    partial = data / f".{FILE}"
    partial.write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    partial.replace(data / FILE)


def read_scores(data: Path) -> dict[str, dict[str, Any]]:
    """Return what is known of each model by its id; nothing where no run was made here."""
    try:
        found = json.loads((data / FILE).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}
