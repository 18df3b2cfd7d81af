"""The data folder: whether it is there and can be written, room on its disk, who holds the writer's lock."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from kb.store.catalogue import FILE_NAME
from kb.store.checks.finding import REPAIR, Finding, note, ok, wrong
from kb.store.lock import look_at_lock
from kb.store.swap import kept_folder

PARTS = (FILE_NAME, "index", "originals")
LEAST_FREE = 500_000_000
"""Bytes that ought to be free, or twice what the folder holds where that is more: an index is copied to be changed."""


def check_folder(data: Path) -> Finding:
    """Tell whether the folder can be read and written."""
    check = "folder"
    if not data.exists() and kept_folder(data).is_dir():
        return wrong(check, f"{data} is not there, since a restore was interrupted", REPAIR)
    if not data.exists():
        return wrong(check, f"{data} is not there", "Make it with: tillit build")
    if not data.is_dir():
        return wrong(check, f"{data} is not a folder", "Name another with --data or TILLIT_DATA")
    parts = [path for path in (data, *(data / name for name in PARTS)) if path.exists()]
    for path in parts:
        if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
            return wrong(check, f"{path} cannot be read", "Give this user the right to read and write it")
    for path in parts:
        if not os.access(path, os.W_OK):
            message = f"{path} cannot be written, so that questions are answered, but nothing is built or taken in"
            return note(check, message, "Give this user the right to write it")
    return ok(check, f"{data} can be read and written")


def check_disk(data: Path) -> Finding:
    """Tell how much room there is."""
    free, used = shutil.disk_usage(data).free, size_of(data)
    message = f"{megabytes(free)} free, {megabytes(used)} used by Tillit"
    if free < max(LEAST_FREE, 2 * used):
        return note("disk", f"there is little room: {message}", "Free some space before you build or ingest")
    return ok("disk", message)


def check_lock(data: Path) -> Finding:
    """Tell who is writing."""
    check, holder = "lock", look_at_lock(data)
    if holder.holds and (holder.lives or holder.process is None):
        return ok(check, f"{_name(holder.process)} is writing just now")
    if holder.holds:
        return note(
            check,
            f"the writer's lock is held, though process {holder.process}, which took it, has ended",
            "End the program that it left behind",
        )
    if holder.process is not None:
        return note(
            check,
            f"process {holder.process} was stopped while it was writing; nothing that was acknowledged is lost",
            "The next build or ingest clears up after it",
        )
    return ok(check, "nobody is writing")


def _name(process: int | None) -> str:
    return "another process" if process is None else f"process {process}"


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder; what vanishes meanwhile counts nothing."""
    return sum(size for _, size in files_below(folder))


def files_below(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield the files below a folder, each with its size."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent) / name
            try:
                yield path, path.lstat().st_size
            except OSError:
                continue


def megabytes(size: int) -> str:
    """Return a number of bytes in megabytes, or in gigabytes where there are many."""
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"
