"""The child process that reads a file: started in limits, killed when its time is up, and what it wrote."""

from __future__ import annotations

import errno
import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ingest.verdict import Failure
from kb.errors import DocumentError
from kb.store.faults import has_little_room

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}
"""What keeps NumPy and Tesseract to one thread, since a file is read on each core."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of everything one file may take; `seconds` is by the clock on the wall.

    `ocr` are the languages in which pages without text are read by OCR ("dan+eng"); "" where they are not.
    """

    max_bytes: int = 100_000_000
    max_pages: int = 2000
    seconds: float = 120.0
    memory_bytes: int = 1 << 30
    max_chars: int = 20_000_000
    ocr: str = ""


def read_in_child(name: str, kind: str, data: bytes, limits: Limits) -> tuple[Report, Failure | None]:
    """Return what a child process read of a file, and why it did not read to the end, if it did not.

    Raises `DocumentError` where no child can be had.
    """
    try:
        with TemporaryDirectory(prefix="tillit-") as folder:
            source, outfile = Path(folder) / f"input.{kind}", Path(folder) / "report"
            source.write_bytes(data)
            code = _run_worker(kind, source, outfile, limits)
            report = Report.read(outfile)
            if cause_of(report, code) and has_little_room(Path(folder)):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:
        raise DocumentError(
            f"{name} cannot be read, since the temporary folder or a new process cannot be had "
            f"({error.strerror or error}); free some room and try again."
        ) from None
    if not report.started and code is not None:
        raise DocumentError(f"{name} cannot be read, since the reader of files does not start; see: tillit doctor")
    return report, cause_of(report, code)


def _run_worker(kind: str, source: Path, outfile: Path, limits: Limits) -> int | None:
    """Run the child and return its exit code, or None if its time ran out."""
    arguments = [kind, str(source), str(outfile), *_options(limits)]
    return run_apart("ingest.worker", arguments, source.parent, limits.seconds)


def run_apart(module: str, arguments: Sequence[str], folder: Path, seconds: float) -> int | None:
    """Run a module of ours as a process of its own in `folder`, where its temporary files lie too.

    Returns its exit code, or None if its time ran out; it sets its other limits itself (`ingest.worker.limit`).
    Raises `OSError` where no process can be had.
    """
    root = str(Path(__file__).resolve().parent.parent)
    searched = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": searched, "PYTHONSAFEPATH": "1", "TMPDIR": str(folder)},
        start_new_session=True,
    )
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            _kill(process)


def _options(limits: Limits) -> list[str]:
    return [
        f"--seconds={math.ceil(limits.seconds) + 1}",
        f"--memory={limits.memory_bytes}",
        f"--pages={limits.max_pages}",
        f"--characters={limits.max_chars}",
        f"--ocr={limits.ocr}",
    ]


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the child and all that it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass(slots=True)
class Report:
    """What a child wrote before it ended or was killed."""

    started: bool = False
    count: int = 0
    title: str = ""
    created: str = ""
    verdict: str | None = None
    texts: dict[int, str] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    notes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    sizes: dict[int, tuple[float, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, outfile: Path) -> Report:
        """Read what is there, up to the first line that is not whole."""
        report = cls()
        if not outfile.exists():
            return report
        with outfile.open(encoding="ascii", errors="replace") as stream:
            for line in stream:
                try:
                    report._take(json.loads(line))
                except (ValueError, RecursionError):
                    break
        return report

    def _take(self, record: dict[str, Any]) -> None:
        if "text" in record:
            self.texts[record["page"]] = record["text"]
            self.notes[record["page"]] = tuple(record["notes"])
            self.sizes[record["page"]] = tuple(record["sizes"])
        elif "failed" in record:
            self.failed[record["page"]] = record["failed"]
        elif "pages" in record:
            self.count, self.title, self.created = record["pages"], record["title"], record["created"]
        elif "verdict" in record:
            self.verdict = record["verdict"]
        else:
            self.started = bool(record["started"])


_FAILURES: tuple[Failure, ...] = ("encrypted", "malformed", "too-big", "timeout")


def cause_of(report: Report, code: int | None) -> Failure | None:
    """Return why the child did not read to the end, or None if it did."""
    if report.verdict is not None:
        return next((failure for failure in _FAILURES if failure == report.verdict), None)
    if code is None or (sys.platform != "win32" and code == -signal.SIGXCPU):
        return "timeout"
    # Only memory running out ends the child by its own exit code, or by the system's SIGKILL.
    return "too-big" if code > 0 or (sys.platform != "win32" and code == -signal.SIGKILL) else "malformed"
