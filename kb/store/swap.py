"""One folder in the place of another, so that a kill at any moment leaves one of them there, whole.

<data>                   what is used
<data>.restoring         where a restore unpacks; it holds `UNFINISHED` until all of it is there and checked
<data>.before-restore    what the last restore replaced
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from kb.store.lock import HOLDER_FILE, LOCK_FILE

FRESH_SUFFIX, KEPT_SUFFIX, MARK = ".restoring", ".before-restore", ".being-restored"
_NOT_HERE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)
_AT_FDCWD, _EXCHANGE, _SWAP = -100, 2, 2


def fresh_folder(data: Path) -> Path:
    """Return the folder in which a restore unpacks."""
    return data.with_name(data.name + FRESH_SUFFIX)


def kept_folder(data: Path) -> Path:
    """Return the folder in which what was replaced is kept."""
    return data.with_name(data.name + KEPT_SUFFIX)


def holds_something(data: Path) -> bool:
    """Tell whether there is anything in a data folder but its lock."""
    return data.is_dir() and any(path.name not in (LOCK_FILE, HOLDER_FILE) for path in data.iterdir())


def swap(data: Path) -> Path | None:
    """Put the fresh folder in the place of `data` and return where what it replaced is kept, None if that was empty.

    The fresh folder has a mark all the time, so that it can be told from what it replaces. Where the system can
    exchange two names in one step (Linux, macOS):
      1. The two folders change names. Killed before, `data` is the old folder, and the marked one beside it is deleted
         later (`settle`); killed after, `data` is the new folder, and the one beside it has no mark: it is the old one.
      2. The old one takes the place of the one kept before, and the mark is deleted (`settle`).
    Elsewhere step 1 is two: `data` is renamed to the kept folder, then the fresh one to `data`. Killed between them,
    there is no `data`, but the old folder lies beside it whole; the doctor, and the next restore, put it back.
    Raises `OSError`, after which `data` is as it was.
    """
    fresh, replaced = fresh_folder(data), holds_something(data)
    if not exchange(fresh, data):
        _rename_twice(fresh, data)
    with suppress(OSError):  # the data folder is the new one: what is left to be done, the next restore or repair does
        sync_folder(data.parent)
        settle(data)
        sync_folder(data.parent)
    return kept_folder(data) if replaced else None


def _rename_twice(fresh: Path, data: Path) -> None:
    kept, empty = kept_folder(data), not holds_something(data)
    if empty:
        shutil.rmtree(data)
        fresh.rename(data)
        return
    shutil.rmtree(kept, ignore_errors=True)
    data.rename(kept)
    try:
        fresh.rename(data)
    except OSError:
        kept.rename(data)
        raise
    (kept / HOLDER_FILE).unlink(missing_ok=True)


def settle(data: Path) -> bool:
    """Finish what a killed restore left: delete what it was unpacking, or keep what it had replaced.

    Returns whether there was anything. To be called under the writer's lock. Raises `OSError`.
    """
    fresh, kept = fresh_folder(data), kept_folder(data)
    (data / MARK).unlink(missing_ok=True)
    if not fresh.is_dir():
        return False
    if (fresh / MARK).exists() or not holds_something(fresh):
        shutil.rmtree(fresh)
        return True
    (fresh / HOLDER_FILE).unlink(missing_ok=True)
    if kept.exists():
        shutil.rmtree(kept)
    fresh.rename(kept)
    return True


def put_back(data: Path) -> bool:
    """Put the kept folder back where a restore was killed between two renames; return whether that was so."""
    kept = kept_folder(data)
    if data.exists() or not kept.is_dir():
        return False
    kept.rename(data)
    return True


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; return False where the system cannot. Raises `OSError`."""
    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        failed = library.renamex_np(*names, _SWAP)
    elif hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE)
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _NOT_HERE:
        return False
    raise OSError(number, os.strerror(number), str(other))


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
