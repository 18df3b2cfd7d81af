"""The originals of a user's own files: copied to `originals/` under their hash, whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from kb.errors import DocumentError
from kb.store.checks.originals import FOLDER
from kb.store.faults import folder_error
from kb.store.swap import sync_folder

PART = 1 << 20
"""Bytes that are copied at once."""


def keep_original(file: Path, content: str, data: Path) -> str:
    """Copy a file whose SHA-256 was `content` to `originals/` under its hash and return its name there.

    Raises `DocumentError` where the file is not there any more or has changed since, `DataFolderError` where the data
    folder cannot be written.
    """
    folder, name = data / FOLDER, content + file.suffix.lower()
    partial = folder / f".{name}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / name).exists():
            _copy(file, content, partial)
            partial.replace(folder / name)
    except OSError as error:
        raise folder_error(data, error) from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return name


def _copy(file: Path, content: str, target: Path) -> None:
    digest = hashlib.sha256()
    with target.open("wb") as stream:
        for part in _parts(file):
            digest.update(part)
            stream.write(part)
    if digest.hexdigest() != content:
        raise DocumentError(f"{file} was changed while it was read. Ingest it again.")


def _parts(file: Path) -> Iterator[bytes]:
    """Yield what a file holds. Raises `DocumentError` where it cannot be read."""
    try:
        with file.open("rb") as stream:
            while part := stream.read(PART):
                yield part
    except OSError as error:
        raise DocumentError(f"{file} cannot be read: {error.strerror or error}.") from None


def sync_originals(data: Path, names: Iterable[str | None]) -> None:
    """See to it that originals are on the disk before they are acknowledged. Raises `DataFolderError`."""
    folder = data / FOLDER
    try:
        for name in filter(None, names):
            with suppress(FileNotFoundError), (folder / name).open("rb") as stream:
                os.fsync(stream.fileno())
        if folder.is_dir():
            sync_folder(folder)
    except OSError as error:
        raise folder_error(data, error) from None
