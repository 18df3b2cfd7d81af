"""Peak memory of a stretch of work, of this process and of its children, by what the kernel counts (Linux)."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

LOOK_SECONDS = 0.02
_PROCESS = Path("/proc/self")


@dataclass(slots=True)
class Peaks:
    """Peaks in megabytes, as they are when the work is done.

    `children` is the largest single child's, as it was seen every 0.02 s, None where that cannot be seen (not on
    Linux); there, `own` is the peak since the process began.
    """

    own: float = 0.0
    children: float | None = None


@contextmanager
def peaks() -> Iterator[Peaks]:
    """Give the peaks of the work that is done while this is open."""
    found, done = Peaks(), Event()
    with suppress(OSError):
        (_PROCESS / "clear_refs").write_text("5")  # the peak is counted anew
    watch = Thread(target=_watch, args=(found, done), daemon=True)
    watch.start()
    try:
        yield found
    finally:
        done.set()
        watch.join()
        found.own = _peak(_PROCESS) or peak_so_far(resource.RUSAGE_SELF)


def peak_so_far(who: int) -> float:
    """Return the peak in megabytes of this process, or of the largest of its children that ended.

    It is that since the process began, or since `peaks` had it counted anew.
    """
    return resource.getrusage(who).ru_maxrss / (1024 * (1024 if sys.platform == "darwin" else 1))


def _watch(found: Peaks, done: Event) -> None:
    while not done.wait(LOOK_SECONDS):
        for number in _children():
            found.children = max(found.children or 0.0, _peak(Path("/proc") / number) or 0.0)


def _children() -> list[str]:
    """Return the numbers of the processes that this one has started, by whatever thread, and that live."""
    found = []
    for task in _PROCESS.glob("task/*/children"):
        with suppress(OSError):  # a thread that has ended
            found += task.read_text().split()
    return found


def _peak(process: Path) -> float | None:
    """Return the peak of a process in megabytes, None where the kernel does not tell."""
    with suppress(OSError):
        for line in (process / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return None
