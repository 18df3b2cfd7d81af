"""One writer at a time: an exclusive lock on a file in the data folder.

The operating system frees the lock when its holder dies, so a lock is never stale; the file
beside it only says who holds it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from kb.errors import LockedError
from kb.store.faults import folder_error

LOCK_FILE, HOLDER_FILE = "writer.lock", "writer.pid"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the writer's lock; where nobody does, who was killed while it did."""

    holds: bool
    process: int | None
    lives: bool
    """Whether a process of that number runs."""


@contextmanager
def writer_lock(data: Path, wait: float) -> Iterator[None]:
    """Hold the writer's lock of a data folder, waiting up to `wait` seconds for it.

    Raises `LockedError` if another process keeps it, `DataFolderError` if the folder cannot be written.
    """
    holder = data / HOLDER_FILE
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data / LOCK_FILE, timeout=wait)
        lock.acquire()
    except Timeout:
        raise LockedError(f"{_name(holder)} is writing to {data}. Wait until it is done and try again.") from None
    except OSError as error:
        raise folder_error(data, error) from None
    try:
        with suppress(OSError):  # a full disk is told of by what needs the room
            holder.write_text(str(os.getpid()))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _name(holder: Path) -> str:
    """Return who holds the lock, as a sentence begins."""
    try:
        number = holder.read_text().strip()
    except OSError:
        number = ""
    return f"Process {number}" if number else "Another process"


def look_at_lock(data: Path) -> Holder:
    """Tell who holds the writer's lock of a data folder, without taking it, waiting or writing anything."""
    try:
        process = int((data / HOLDER_FILE).read_text())
    except (OSError, ValueError):
        process = None
    return Holder(_is_held(data / LOCK_FILE), process, process is not None and _lives(process))


def _is_held(lock: Path) -> bool:
    import fcntl

    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _lives(process: int) -> bool:
    if process <= 0:  # these mean groups of processes
        return False
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
