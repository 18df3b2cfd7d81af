"""How fast files are taken in, stage by stage, and how long one more takes in a store of 20,000 chunks.

The files are made of the shipped documents, which is not measured, and taken in by the pipeline that `tillit ingest`
runs. Its steps are timed by LlamaIndex's spans, what comes after by what the work tells of its progress.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from app.bench_documents import PAGES, build_copies, write_files
from app.bench_figures import Measurement, seconds_of, tillit
from app.bench_memory import Peaks, peaks
from ingest.child import Limits
from ingest.extraction import Extracted, extract
from ingest.intake import ingest
from ingest.service import Workshop
from kb.models.registry import open_embedder
from kb.records import Document, Progress
from kb.settings import Settings
from kb.shipped import load_shipped

STORE_CHUNKS, STORE_COPIES = 20_000, 4
"""How many chunks the store has to which one file is added, and of how many copies of all documents at most."""
ADDED = 5
"""How many files are added to it, one after the other."""
STAGES = {
    "cleaning": ("Load", "Clean"),
    "chunking": ("ChunkByStructure",),
    "embedding": ("Embed", "embed"),
    "writing": ("Store", "index", "terms"),
    "swap": ("verify", "commit"),
}
"""The stages but for extraction, and of which steps of the pipeline and parts of a publication each consists."""
BESIDE = ", beside the rest"
"""Files are read ahead, one on each core, while others are taken in: that is no part of the sum of the stages."""


@dataclass
class Clock:
    """Takes the time of a run: of each file that is read, and of what is done between two reports of progress."""

    progress: Progress
    read_at: list[tuple[str, float, float]] = field(default_factory=list)
    """Of each file that was read, the suffix, and when that began and ended."""
    pages: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """The pages that were read by suffix; a file that has none counts as one."""
    parts: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """The seconds that passed before the reports of each part, since the report before."""
    counts: dict[str, int] = field(default_factory=dict)
    last: float = field(default_factory=time.perf_counter)

    def tell(self, stage: str, done: int, total: int) -> None:
        """Take the time of a report of progress, and pass it on."""
        if total:
            self.note(stage)
        else:
            self.counts[stage] = done
        self.progress(stage, done, total)

    def note(self, part: str) -> None:
        """Count the time since the last report as a part's."""
        now = time.perf_counter()
        self.parts[part] += now - self.last
        self.last = now

    def read(self, file: Path, limits: Limits) -> Extracted:
        """Read a file and take the time; several threads do so at once."""
        begun = time.perf_counter()
        extracted = extract(file, limits)
        self.read_at.append((file.suffix, begun, time.perf_counter()))
        self.pages[file.suffix] += len(extracted.pages)
        return extracted

    def reading(self, suffix: str = "") -> float:
        """Return the seconds in which at least one file (with that suffix) was being read."""
        seconds = until = 0.0
        for begun, ended in sorted((begun, ended) for kind, begun, ended in self.read_at if suffix in ("", kind)):
            seconds += max(0.0, ended - max(begun, until))
            until = max(until, ended)
        return seconds


def measure_ingest(settings: Settings, sizes: Sequence[int], unit: float, progress: Progress) -> Iterator[Measurement]:
    """Yield what taking in files takes, for each number of them, and then what one more takes.

    All is done in temporary folders with the model of the settings; `unit` is the calibration in seconds.
    """
    groups = load_shipped()
    for number in sizes:
        with tempfile.TemporaryDirectory() as folder:
            yield from _of_size(settings, Path(folder), groups, number, unit, progress)
    if sizes:
        with tempfile.TemporaryDirectory() as folder:
            yield from _one_more(settings, Path(folder), groups, unit, progress)


def _of_size(
    settings: Settings, folder: Path, groups: Sequence[Sequence[Document]], number: int, unit: float, progress: Progress
) -> Iterator[Measurement]:
    """Yield what taking in so many files takes in an empty data folder."""
    from ingest import pipeline

    files = folder / "files"
    write_files(files, groups, number, progress)
    clock = Clock(progress)
    workshop = Workshop(folder / "data", open_embedder(settings), progress=clock.tell, read=clock.read)
    workshop.embedder.embed_question("")  # loads the model
    with peaks() as memory, pipeline.step_seconds() as steps:
        begun = clock.last = time.perf_counter()
        outcomes = ingest(workshop, [files])
        clock.note("commit")
    name, added = f"{number:,} files", sum(outcome.what == "added" for outcome in outcomes)
    if added < number:
        yield Measurement(f"{name}: not taken in", number - added, "")
    yield from _stages(name, clock, steps, clock.last - begun, unit)
    yield from _memory(name, memory)


def _stages(name: str, clock: Clock, steps: dict[str, float], total: float, unit: float) -> Iterator[Measurement]:
    """Yield what each stage took, and how many pages and chunks went through it in a second."""
    pages, chunks = sum(clock.pages.values()), clock.counts.get("chunks", 0)
    parts = {**clock.parts, **steps}
    stages = {stage: sum(parts.get(part, 0.0) for part in of) for stage, of in STAGES.items()}
    rest = total - sum(stages.values())

    def stage(of: str, seconds: float, beside: str = "", **done: int) -> Measurement:
        rates = ", ".join(f"{number / max(seconds, 1e-9):,.0f} {what}/s" for what, number in done.items())
        return Measurement(f"{name}: {of}", seconds, "s", seconds / unit, rates=rates + beside)

    made = f"half PDFs of {PAGES[0]} to {PAGES[-1]} pages, half Markdown (a page each)"
    yield Measurement(f"{name}: pages", pages, "", rates=made)
    yield Measurement(f"{name}: chunks", chunks, "")
    yield stage("PDFs read", clock.reading(".pdf"), BESIDE, pages=clock.pages[".pdf"])
    yield stage("extraction", clock.reading(), BESIDE, pages=pages, chunks=chunks)
    for of, seconds in stages.items():
        yield stage(of, seconds, pages=pages, chunks=chunks)
    yield stage("waiting, journal", rest, pages=pages, chunks=chunks)
    yield stage("in all", total, pages=pages, chunks=chunks)


def _memory(name: str, memory: Peaks) -> Iterator[Measurement]:
    yield Measurement(f"{name}: peak memory", memory.own, "MB")
    if memory.children is not None:
        yield Measurement(f"{name}: of the largest child", memory.children, "MB")


def _one_more(
    settings: Settings, folder: Path, groups: Sequence[Sequence[Document]], unit: float, progress: Progress
) -> Iterator[Measurement]:
    """Yield what adding one file takes, in this process and as a command, each the median of several."""
    files = folder / "files"
    write_files(files, groups, 2 * ADDED + 1, progress)
    workshop = Workshop(folder / "data", open_embedder(settings), progress=progress)
    build_copies(workshop, groups, STORE_COPIES, STORE_CHUNKS)
    first, *others = sorted(files.iterdir())
    ingest(workshop, [first])  # loads what the others need

    def median(files: Sequence[Path], add: Callable[[Path], object]) -> float:
        return statistics.median(seconds_of(partial(add, file)) for file in files)

    name, data = f"{STORE_CHUNKS:,} chunks: one file more", str(workshop.data)
    seconds = median(others[:ADDED], lambda file: ingest(workshop, [file]))
    yield Measurement(name, seconds, "s", seconds / unit, "under 3 s")
    seconds = median(others[ADDED:], lambda file: tillit("ingest", "--quiet", "--data", data, str(file)))
    yield Measurement(f"{STORE_CHUNKS:,} chunks: as a command", seconds, "s", seconds / unit, "under 3 s")
