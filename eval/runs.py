"""The whole runs of the question set that were made here, kept in the data folder as the baseline is.

So they hold ids and figures of questions and no text: nothing of a document that is removed later.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from eval.baseline import write_baseline
from eval.runner import Result

FOLDER = "eval"
KEPT = 100
"""Runs that are kept; the oldest go first."""
_NAME = re.compile(r"\d{4}-\d\d-\d\d-[0-9a-f]{12}\.jsonl")


def keep_run(data: Path, results: Sequence[Result], fingerprints: dict[str, str], today: date | None = None) -> Path:
    """Keep a run under its day and a hash of its fingerprints, in place of one of the same; return the file."""
    state = hashlib.sha256(json.dumps(fingerprints, sort_keys=True).encode()).hexdigest()
    path = data / FOLDER / f"{(today or date.today()).isoformat()}-{state[:12]}.jsonl"
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(".partial")
    write_baseline(partial, results, fingerprints)
    partial.replace(path)
    for old in kept_runs(data)[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


def kept_runs(data: Path) -> list[Path]:
    """Return the files of the runs, oldest first."""
    found = [path for path in (data / FOLDER).glob("*.jsonl") if _NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: (path.name[:10], path.stat().st_mtime_ns))


def day_of(path: Path) -> str:
    """Return the day of a run, as YYYY-MM-DD."""
    return path.name[:10]
