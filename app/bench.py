"""Speed and memory of the whole, measured from outside: medians of five runs beside a calibration loop.

The calibration is a fixed NumPy computation; quoting a figure as a multiple of it lets figures of
different machines and days be compared.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.knowledge_base import KnowledgeBase
from kb.records import Progress
from kb.settings import Settings

RUNS = 5
QUESTIONS = 100


@dataclass(frozen=True, slots=True)
class Measurement:
    """A figure with its unit; `times` is it divided by the calibration, for durations."""

    name: str
    value: float
    unit: str
    times: float | None = None


def calibration() -> float:
    """Return the seconds that a fixed NumPy computation takes, the median of five runs."""
    import numpy as np

    matrix = np.random.default_rng(0).random((600, 600))
    return _median(lambda: [np.linalg.svd(matrix[:300, :300]), matrix @ matrix])


def _median(action: Callable[[], object], runs: int = RUNS) -> float:
    durations = []
    for _ in range(runs):
        begun = time.perf_counter()
        action()
        durations.append(time.perf_counter() - begun)
    return statistics.median(durations)


def measure(settings: Settings, with_build: bool, progress: Progress) -> Iterator[Measurement]:
    """Yield the measurements one by one; `with_build` adds the first build, which takes a minute a run."""
    unit = calibration()
    yield Measurement("calibration loop", unit * 1000, "ms")
    yield _duration("tillit --help", _median(lambda: _tillit("--help")), unit)
    data = ("--data", str(settings.data))
    yield _duration("start with nothing to build", _median(lambda: _tillit("build", "--quiet", *data)), unit)
    yield _duration("one Danish question, cold", _median(lambda: _tillit("ask", "Hvad er tillid?", *data)), unit)
    yield _duration("one English question, cold", _median(lambda: _tillit("ask", "What is trust?", *data)), unit)
    yield from _warm_questions(settings, unit, progress)
    if with_build:
        yield _duration("first build", _median(_build_anew, runs=1), unit)
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    yield Measurement(
        "peak memory of one process", max(peaks) / (1024 * (1024 if sys.platform == "darwin" else 1)), "MB"
    )


def _duration(name: str, seconds: float, unit: float) -> Measurement:
    return Measurement(name, seconds * 1000, "ms", seconds / unit)


def _tillit(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "app.cli", *arguments], check=True, capture_output=True)


def _build_anew() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _tillit("build", "--quiet", "--data", str(Path(folder) / "data"))


def _warm_questions(settings: Settings, unit: float, progress: Progress) -> Iterator[Measurement]:
    """Yield the median and the 95th percentile of warm questions: the documents' own, in turn in each language."""
    kb = KnowledgeBase(settings)
    kb.warm_up()
    questions = _questions(kb)
    durations = []
    for done, question in enumerate(questions, 1):
        begun = time.perf_counter()
        kb.ask(question)
        durations.append(time.perf_counter() - begun)
        progress("questions", done, len(questions))
    yield _duration("a warm question, median", statistics.median(durations), unit)
    yield _duration("a warm question, 95th percentile", statistics.quantiles(durations, n=20)[-1], unit)


def _questions(kb: KnowledgeBase) -> list[str]:
    entries = [entry for entry in kb.entries() if entry.origin == "shipped"]
    step = max(1, len(entries) // QUESTIONS)
    found = (kb.document(entry.id, entry.language) for entry in entries[::step])
    return [document.questions[0] for document, _ in (pair for pair in found if pair) if document.questions]
