"""Speed and memory of the whole, measured from outside: medians beside a calibration loop.

The calibration is a fixed NumPy computation; quoting a figure as a multiple of it lets figures of
different machines and days be compared.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from app.bench_documents import build_copies
from app.bench_figures import Measurement, duration, seconds_of, tillit
from app.bench_ingest import measure_ingest
from app.bench_memory import peak_so_far
from app.load import measure_load
from ingest.service import Workshop
from kb.knowledge_base import NO_FILTERS, KnowledgeBase
from kb.models.registry import open_embedder
from kb.records import Progress
from kb.settings import Settings
from kb.shipped import load_shipped
from kb.store.writer import text_to_embed

RUNS = 5
QUESTIONS = 100
EMBEDDED_CHUNKS = 500
COPIES = 8
"""Of the shipped documents, which makes 50,000 chunks."""
FILTERS = {"country": ["DK"]}


def calibration() -> float:
    """Return the seconds that a fixed NumPy computation takes, the median of five runs."""
    import numpy as np

    matrix = np.random.default_rng(0).random((600, 600))
    return _median(lambda: [np.linalg.svd(matrix[:300, :300]), matrix @ matrix])


def _median(action: Callable[[], object]) -> float:
    return statistics.median(seconds_of(action) for _ in range(RUNS))


def measure(
    settings: Settings,
    with_build: bool,
    large: bool,
    progress: Progress,
    ingested: Sequence[int] = (),
    sessions: int = 0,
) -> Iterator[Measurement]:
    """Yield the measurements one by one.

    `with_build` adds the first build, `large` a knowledge base of 50,000 chunks, `ingested` numbers of files that are
    taken in, `sessions` so many visitors of the app at once; each takes its time.
    """
    unit = calibration()
    yield Measurement("calibration loop", unit * 1000, "ms")
    yield from measure_ingest(settings, ingested, unit, progress)
    yield from measure_load(settings, sessions, unit, progress)
    yield from _cold(settings, unit)
    kb = KnowledgeBase(settings)
    kb.warm_up()
    questions = _questions(kb)
    yield from _embedding(kb, questions, unit)
    yield duration("a search, warm", _search(kb, questions), unit, "under 30 ms")
    yield from _answers(kb, questions, unit, progress)
    if with_build:
        yield duration("first build", seconds_of(_build_anew), unit)
    if large:
        yield from _large(settings, questions, unit, progress)
    peak = max(peak_so_far(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    yield Measurement("peak memory of one process", peak, "MB")


def _cold(settings: Settings, unit: float) -> Iterator[Measurement]:
    """Yield what a command takes in a process of its own."""
    data = ("--data", str(settings.data))
    for name, arguments, target in (
        ("tillit --help", ("--help",), ""),
        ("start with nothing to build", ("build", "--quiet", *data), ""),
        ("a search, cold", ("search", "Hvad er tillid?", *data), "under 2 s"),
        ("an answer, cold", ("ask", "Hvad er tillid?", *data), ""),
    ):
        yield duration(name, _median(partial(tillit, *arguments)), unit, target)


def _embedding(kb: KnowledgeBase, questions: Sequence[str], unit: float) -> Iterator[Measurement]:
    """Yield what a question takes and how many chunks are embedded in a second."""
    seconds = [seconds_of(partial(kb.embedder.embed_question, question)) for question in questions]
    yield duration("a question embedded", statistics.median(seconds), unit, "under 1 ms")
    texts = _chunk_texts(kb, questions)
    speed = len(texts) / _median(partial(kb.embedder.embed, texts))
    yield Measurement("chunks embedded", speed, "/s", target="5,000 a second")


def _chunk_texts(kb: KnowledgeBase, questions: Sequence[str]) -> list[str]:
    """Return chunks that the questions find, as they are embedded."""
    texts: dict[int, str] = {}
    for question in questions:
        for passage in kb.search(question, limit=100) if len(texts) < EMBEDDED_CHUNKS else ():
            found = kb.document(passage.chunk.document_id, passage.chunk.language)
            if found and len(texts) < EMBEDDED_CHUNKS:
                texts[passage.key] = text_to_embed(found[0], passage.chunk)
    return list(texts.values())


def _search(kb: KnowledgeBase, questions: Sequence[str], filters: Mapping[str, Any] = NO_FILTERS) -> float:
    """Return the seconds of a warm search at the median."""
    return statistics.median(seconds_of(partial(kb.search, question, filters=filters)) for question in questions)


def _answers(kb: KnowledgeBase, questions: Sequence[str], unit: float, progress: Progress) -> Iterator[Measurement]:
    """Yield the median and the 95th percentile of warm answers."""
    durations = []
    for done, question in enumerate(questions, 1):
        durations.append(seconds_of(partial(kb.ask, question)))
        progress("questions", done, len(questions))
    yield duration("an answer, warm", statistics.median(durations), unit)
    yield duration("an answer, warm, 95th percentile", statistics.quantiles(durations, n=20)[-1], unit)


def _questions(kb: KnowledgeBase) -> list[str]:
    """Return the documents' own questions, in turn in each language."""
    entries = [entry for entry in kb.entries() if entry.origin == "shipped"]
    step = max(1, len(entries) // QUESTIONS)
    found = (kb.document(entry.id, entry.language) for entry in entries[::step])
    return [document.questions[0] for document, _ in (pair for pair in found if pair) if document.questions]


def _build_anew() -> None:
    with tempfile.TemporaryDirectory() as folder:
        tillit("build", "--quiet", "--data", str(Path(folder) / "data"))


def _large(settings: Settings, questions: Sequence[str], unit: float, progress: Progress) -> Iterator[Measurement]:
    """Yield what building takes, and searching, where there are many chunks."""
    with tempfile.TemporaryDirectory() as folder:
        large = settings.model_copy(update={"data": Path(folder) / "data"})
        workshop = Workshop(large.data, open_embedder(large), progress=progress)
        seconds = seconds_of(partial(build_copies, workshop, load_shipped(), COPIES))
        kb = KnowledgeBase(large)
        kb.warm_up()
        size = f"{kb.status().chunks:,} chunks"
        yield duration(f"{size}: build", seconds, unit)
        yield duration(f"{size}: a search, warm", _search(kb, questions), unit, "under 100 ms")
        yield duration(f"{size}: filtered", _search(kb, questions, FILTERS), unit, "under 100 ms")
