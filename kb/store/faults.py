"""Faults of a disk, a folder or SQLite, as the sentence that a user is told."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

from kb.errors import CatalogueError, DataFolderError, DiskFullError

LITTLE = 4_000_000
"""Bytes. Where fewer are free, a fault that does not say why it came about is that of a full disk."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_REFUSED_BY_SQLITE = ("unable to open database", "readonly database", "access permission denied")


def folder_error(data: Path, error: Exception) -> DataFolderError | CatalogueError:
    """Return the error that tells of a fault of SQLite or of the file system in one sentence."""
    text = reason_of(error).removesuffix(f": {data}")
    if isinstance(error, sqlite3.DatabaseError) and ("malformed" in text or "not a database" in text):
        return CatalogueError(
            f"The catalogue in {data} is damaged ({text}). Put back a copy of the folder, or move it away and "
            "build anew with: tillit build"
        )
    if full := full_folder(data, error):
        return DiskFullError(full)
    advice = "Choose another with --data or TILLIT_DATA."
    if is_refused(error):
        advice = "Give this user the right to read and write it, or choose another with --data or TILLIT_DATA."
    return DataFolderError(f"The data folder {data} cannot be used ({text}). {advice}")


def reason_of(error: BaseException) -> str:
    """Return in one line what went wrong."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][2])  # copying a folder gathers its errors as (source, target, reason)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return " ".join(str(error).split())


def is_refused(error: BaseException | None) -> bool:
    """Tell whether a fault is that of rights, or of a disk that nobody may write to."""
    if isinstance(error, OSError):
        return error.errno in _REFUSED
    return isinstance(error, sqlite3.Error) and any(text in str(error) for text in _REFUSED_BY_SQLITE)


def full_folder(folder: Path, error: BaseException) -> Path | None:
    """Return the folder whose disk is so full that it caused a fault: this one, or the temporary one; else None."""
    if isinstance(error, OSError) and error.errno is not None:
        if error.errno not in _FULL:
            return None
        elsewhere = error.filename and not Path(error.filename).is_relative_to(folder)
        return temporary_folder() if elsewhere else folder
    if is_refused(error):
        return None
    crammed = next(filter(has_little_room, (folder, temporary_folder())), None)
    said = any(text in reason_of(error) for text in ("disk is full", os.strerror(errno.ENOSPC)))
    return folder if said and crammed is None else crammed


def has_little_room(folder: Path) -> bool:
    """Tell whether next to nothing is free on the disk of a folder, which need not be there yet."""
    try:
        place = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        return shutil.disk_usage(place).free < LITTLE
    except OSError:
        return False


def temporary_folder() -> Path:
    """Return the folder for temporary files, also where it is so full that Python would pass it over."""
    return Path(os.environ.get("TMPDIR") or tempfile.gettempdir())
