"""Who uses an index generation: a reader shares a lock on its manifest, and whoever deletes it needs the lock alone.

The operating system frees a lock when its holder dies. On Windows nothing is locked, since what is open there cannot
be moved; where a network drive knows no locks, a reader may lose the generation that it uses.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.05


def share(file: Path) -> int | None:
    """Share the lock on a file and return the descriptor whose closing frees it; None where it cannot be had."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        descriptor = os.open(file, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def delete_unused(folder: Path, locked: Path, deadline: float) -> bool:
    """Delete a folder unless somebody still shares the lock on one of its files at the deadline (`time.monotonic`).

    It is moved aside first, so that it is never seen half deleted. Returns whether it is gone.
    """
    with _alone(locked, deadline) as alone:
        if not alone:
            return False
        try:
            aside = folder if folder.name.startswith(".") else folder.rename(folder.with_name(f".{folder.name}"))
        except OSError:
            return False
        shutil.rmtree(aside, ignore_errors=True)
        return not aside.exists()


@contextmanager
def _alone(file: Path, deadline: float) -> Iterator[bool]:
    """Take the lock on a file alone, if nobody shares it at the deadline, and tell whether it was had."""
    if sys.platform == "win32":
        yield True
        return
    try:
        descriptor = os.open(file, os.O_RDWR)
    except OSError:
        yield True  # what has no manifest was never finished, so nobody reads it
        return
    try:
        yield _lock(descriptor, deadline)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, deadline: float) -> bool:
    import fcntl

    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_SECONDS)
        except OSError:
            return True
        else:
            return True
