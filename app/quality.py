"""How good the answers are: the measurement that is shipped, those that were made here, and what changed between them.

All figures are shares of 100, so that they can be said in words: of 100 facts that an answer must carry, so many are
in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from eval import baseline as baselines
from eval.baseline import Baseline, read_baseline
from eval.runs import day_of, kept_runs
from eval.statistics import Estimate, Value, estimate, paired
from kb.errors import KBError

SHIPPED = Path(baselines.__file__).parent / "baseline.jsonl"
MEASURES: Mapping[str, tuple[str, str]] = {
    "found": ("recall@5", ""),
    "facts": ("vital_nuggets", ""),
    "answered": ("refusal_right", "answerable"),
    "refused": ("refusal_right", "unanswerable"),
}
"""What is told, by name: the metric, and of which questions (else of all that have it)."""
TYPES = (
    "single-fact",
    "list",
    "follow-up",
    "dissent",
    "case-finding",
    "multi-document",
    "comparison",
    "injection",
    "unanswerable",
)
ASKED_IN = ("en", "da", "nb", "nn", "sv")
TREND = 24
"""Runs that the trend shows, the last ones."""
By = Literal["type", "language"]


@dataclass(frozen=True, eq=False)
class Run:
    """A measurement: its day, empty for the shipped one, and what came of each question."""

    day: str
    baseline: Baseline

    def values(self, measure: str) -> dict[str, Value]:
        """Return 0 to 1 for each question that a measure is about, by the question's id."""
        metric, group = MEASURES[measure]
        each = self.baseline.values[metric].items()
        return {name: replace(value, group="") for name, value in each if not group or value.group == group}

    def share(self, measure: str) -> float | None:
        """Return a measure of 100; None where no question is about it."""
        values = self.values(measure).values()
        return 100 * sum(value.value for value in values) / len(values) if values else None

    def failures(self) -> Counter[str]:
        """Return how many questions failed, by where they did."""
        return Counter(where for where in self.baseline.where.values() if where != "right")


@dataclass(frozen=True)
class Runs:
    """The shipped measurement, those made here, oldest first, and the files that cannot be read."""

    shipped: Run
    made: Sequence[Run] = ()
    broken: Sequence[str] = field(default=())

    @property
    def latest(self) -> Run:
        """Return the last measurement made here, else the shipped one."""
        return self.made[-1] if self.made else self.shipped

    def trend(self) -> list[Run]:
        """Return those that asked the same questions as the latest, oldest first; others cannot be compared."""
        asked = self.latest.baseline.fingerprints.get("questions")
        same = [run for run in (self.shipped, *self.made) if run.baseline.fingerprints.get("questions") == asked]
        return same[-TREND:]


def runs(data: Path) -> Runs:
    """Return the measurements; raises `DocumentError` where the shipped one cannot be read."""
    made, broken = [], []
    for path in kept_runs(data):
        try:
            made.append(_read(path, path.stat().st_mtime_ns))
        except (KBError, OSError):
            broken.append(path.name)
    return Runs(shipped(), made, broken)


def shipped() -> Run:
    """Return the shipped measurement; raises `DocumentError` where it cannot be read."""
    return _read(SHIPPED, SHIPPED.stat().st_mtime_ns if SHIPPED.exists() else 0)


@lru_cache(maxsize=128)
def _read(path: Path, _written: int) -> Run:
    """Return the run of a file; `_written` tells one state of the file from another."""
    return Run("" if path == SHIPPED else day_of(path), read_baseline(path))


@lru_cache(maxsize=16)
def figures(run: Run) -> Mapping[str, Estimate]:
    """Return the measures of a run with their intervals, of 100."""
    found = {measure: run.values(measure).values() for measure in MEASURES}
    return {measure: of_100(list(values)) for measure, values in found.items() if values}


@lru_cache(maxsize=64)
def slices(run: Run, measure: str, by: By) -> Mapping[str, Estimate]:
    """Return a measure by the type or the language of the questions, with intervals, of 100."""
    groups: dict[str, list[Value]] = {name: [] for name in (TYPES if by == "type" else ASKED_IN)}
    for name, value in run.values(measure).items():
        groups.setdefault(value.type if by == "type" else name.rpartition(".")[2], []).append(value)
    return {name: of_100(values) for name, values in groups.items() if values}


@lru_cache(maxsize=16)
def changes(run: Run, before: Run) -> Mapping[str, Estimate]:
    """Return what changed between two runs, of 100, by measure, on the questions that both asked."""
    found = {measure: paired(run.values(measure), before.values(measure)) for measure in MEASURES}
    return {measure: of_100(values) for measure, values in found.items() if values}


def newly(run: Run, before: Run) -> tuple[int, int]:
    """Return how many questions of both runs fail that did not, and how many no longer do."""
    now, then = run.baseline.right, before.baseline.right
    both = now.keys() & then.keys()
    return sum(then[name] and not now[name] for name in both), sum(now[name] and not then[name] for name in both)


def of_100(values: Sequence[Value]) -> Estimate:
    """Return the mean of values from 0 to 1 with its interval, of 100."""
    made = estimate(values)
    return replace(made, mean=100 * made.mean, low=100 * made.low, high=100 * made.high, error=100 * made.error)
