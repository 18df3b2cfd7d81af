"""Backups: one ZIP with the catalogue, the originals, the runs of `eval`, and a manifest that has the hash of each.

What visitors left behind is personal and has an end, which a backup would outlive: it comes in only where asked for.

It is consistent while others write: the catalogue is copied out of one read transaction by SQLite's backup API, and
originals are named by their hash and never change. The index is left out: it is derived, and restoring makes it anew
from the vectors in the catalogue, so that a backup does not depend on Chroma's version, and no file of Chroma's, which
it reads without looking, comes in from outside.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from pydantic import BaseModel, ConfigDict, Field

from kb.activity.file import FILE_NAME as ACTIVITY
from kb.errors import BackupError, IndexMissingError
from kb.records import Progress, no_progress
from kb.store.catalogue import FILE_NAME, MIGRATIONS, State, read_state
from kb.store.checks.catalogue import damage_of, looking, open_to_look, version_of
from kb.store.checks.folder import megabytes
from kb.store.checks.originals import FOLDER
from kb.store.erase import PENDING
from kb.store.faults import full_folder
from kb.store.swap import sync_folder

FORMAT = 2
"""Raised whenever a program of before could not restore what is written."""
MANIFEST = "manifest.json"
DATABASES = (FILE_NAME, ACTIVITY)
FILES = ("model-scores.json", PENDING)
"""What else lies beside the catalogue and is not made from it. What is due to be erased is due in a copy too."""
RUN = re.compile(r"eval/\d{4}-\d\d-\d\d-[0-9a-f]{12}\.jsonl")
"""A run of the question set that was made here (`eval.runs`)."""
TRIES = 3
"""How often is begun anew where a writer has deleted an original in between."""
PART, PAGES = 1 << 20, 4096
"""Bytes that are read, and pages of a database that are copied, at once."""


class Member(BaseModel):
    """A file of a backup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)


class Manifest(BaseModel):
    """What a backup holds, and of which state."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    tillit: str
    catalogue: int
    """The version of the catalogue's schema."""
    created: str
    fingerprint: str
    texts: int
    missing: tuple[str, ...] = ()
    """Originals that were not there."""
    members: dict[str, Member]


@dataclass(frozen=True, slots=True)
class _Content:
    """What goes into a backup: the files by name, those that are missing, and the state that they are of."""

    files: dict[str, Path]
    missing: tuple[str, ...]
    state: State
    version: int
    texts: int


class _ChangedError(Exception):
    """A writer has deleted an original that the copied catalogue names."""


def back_up(
    data: Path,
    target: Path,
    program: str,
    force: bool = False,
    progress: Progress = no_progress,
    activity: bool = False,
) -> Manifest:
    """Write a backup of a data folder to a file and return what it holds.

    `program` is this one's version; with `activity`, what visitors left behind is in it.

    The file is there whole or not at all. Raises `BackupError` where it exists (without `force`), lies in the data
    folder, cannot be written, or the catalogue is damaged; `IndexMissingError` where there is nothing to back up.
    """
    _refuse(data, target, force)
    databases = DATABASES if activity else (FILE_NAME,)
    for _ in range(TRIES):
        try:
            with _partial(target) as stream, _content(data, target, databases, progress) as content:
                return _write(stream, content, program, progress)
        except _ChangedError:
            continue
        except (OSError, sqlite3.Error) as error:
            raise _failed(data, target, error) from None
    raise BackupError("Documents are being changed all the time. Try again when nobody is ingesting or removing any.")


def _failed(data: Path, target: Path, error: OSError | sqlite3.Error) -> BackupError:
    """Return the error that tells why no backup was made."""
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
    elif full_folder(target.parent, error):
        reason = "the disk is full"
    else:
        return BackupError(f"The catalogue in {data} cannot be copied ({error}). See: tillit doctor")
    return BackupError(f"The backup cannot be written to {target} ({reason}). Name a file elsewhere; none was made.")


def _refuse(data: Path, target: Path, force: bool) -> None:
    if not (data / FILE_NAME).exists():
        raise IndexMissingError(data)
    if target.is_dir() or (target.exists() and not force):
        raise BackupError(f"{target} exists already. Name another file, or overwrite this one with --force.")
    if target.resolve().is_relative_to(data.resolve()):
        raise BackupError(f"{target} lies in the data folder, which a restore replaces. Name a file outside of it.")
    needed = sum(path.stat().st_size for path in (data / FILE_NAME, *(data / FOLDER).glob("*")) if path.is_file())
    free = shutil.disk_usage(target.absolute().parent).free if target.absolute().parent.is_dir() else needed
    if free < needed:
        told = f"{megabytes(free)} are free, {megabytes(needed)} may be needed"
        raise BackupError(f"There is too little room for a backup in {target.absolute().parent}: {told}.")


@contextmanager
def _partial(target: Path) -> Iterator[BinaryIO]:
    """Give a file beside the target that nobody else writes, and put it in its place once it is on the disk."""
    import fcntl

    partial = target.with_name(f"{target.name}.partial")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT, 0o666)
    with os.fdopen(descriptor, "r+b") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = os.fstat(descriptor).st_ino == partial.stat().st_ino
        except (BlockingIOError, FileNotFoundError):
            mine = False
        if not mine:
            raise BackupError(f"Another process is writing {target}. Wait until it is done.")
        try:
            stream.truncate(0)
            yield stream
            stream.flush()
            os.fsync(descriptor)
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    sync_folder(target.absolute().parent)


@contextmanager
def _content(data: Path, target: Path, databases: Sequence[str], progress: Progress) -> Iterator[_Content]:
    """Copy the databases beside the target and give all that goes into the backup; the copies are deleted after it.

    Raises `_ChangedError` where an original is missing since a writer has deleted it.
    """
    with ExitStack() as stack:
        files = {}
        for name in databases:
            if (data / name).exists():
                files[name] = target.with_name(f"{target.name}.partial-{name}")
                stack.callback(files[name].unlink, missing_ok=True)
                _copy_database(data / name, files[name], progress)
        with closing(open_to_look(files[FILE_NAME])) as copy:
            state, version = read_state(copy), version_of(copy)
            (texts,) = copy.execute("SELECT count(*) FROM documents WHERE state = 'live'").fetchone()
            rows = copy.execute(
                "SELECT DISTINCT original FROM documents WHERE state = 'live' AND original IS NOT NULL ORDER BY 1"
            )
            originals = [Path(name).name for (name,) in rows]
        if state is None:
            raise IndexMissingError(data)
        missing = tuple(name for name in originals if not (data / FOLDER / name).is_file())
        if missing and _state_now(data) != state:
            raise _ChangedError
        files |= {name: data / name for name in FILES if (data / name).is_file()}
        runs = {path.relative_to(data).as_posix(): path for path in sorted(data.glob("eval/*.jsonl"))}
        files |= {name: path for name, path in runs.items() if RUN.fullmatch(name)}
        files |= {f"{FOLDER}/{name}": data / FOLDER / name for name in originals if name not in missing}
        yield _Content(files, missing, state, version, texts)


def _state_now(data: Path) -> State | None:
    with looking(data) as connection:
        return read_state(connection)


def _copy_database(source: Path, target: Path, progress: Progress) -> None:
    """Copy a database as it is at one moment, whoever writes meanwhile, and check the copy.

    The source's transaction stays open, so that the copy is never begun anew.
    """

    def report(_: int, remaining: int, total: int) -> None:
        progress("copy", total - remaining, total)

    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with closing(open_to_look(source)) as connection, closing(sqlite3.connect(target)) as copy:
        connection.execute("BEGIN")
        version = version_of(connection)
        if source.name == FILE_NAME and version > len(MIGRATIONS):
            raise BackupError(f"The catalogue in {source.parent} was written by a newer Tillit. Upgrade Tillit first.")
        connection.backup(copy, pages=PAGES, progress=report)
        copy.execute("PRAGMA journal_mode = DELETE")
        damage = damage_of(copy)
    if damage:
        raise BackupError(f"{source} is damaged ({damage}), so no backup was made. See: tillit doctor")


def _write(stream: BinaryIO, content: _Content, program: str, progress: Progress) -> Manifest:
    sizes = {name: path.stat().st_size for name, path in content.files.items()}
    done, members = 0, {}
    with zipfile.ZipFile(stream, "w") as bundle:
        for name, path in content.files.items():
            members[name] = _add(bundle, name, path)
            done += sizes[name]
            progress("backup", _mb(done), _mb(sum(sizes.values())))
        manifest = Manifest(
            format=FORMAT,
            tillit=program,
            catalogue=content.version,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            fingerprint=content.state.fingerprint,
            texts=content.texts,
            missing=content.missing,
            members=members,
        )
        bundle.writestr(_entry(MANIFEST), manifest.model_dump_json(indent=1))
    return manifest


def _add(bundle: zipfile.ZipFile, name: str, path: Path) -> Member:
    """Write a file into a ZIP and return its hash and length. Raises `_ChangedError` where it is gone."""
    digest, length = hashlib.sha256(), 0
    try:
        source = path.open("rb")
    except FileNotFoundError:
        raise _ChangedError from None
    with source, bundle.open(_entry(name), "w", force_zip64=True) as member:
        while part := source.read(PART):
            digest.update(part)
            length += len(part)
            cast("BinaryIO", member).write(part)
    return Member(sha256=digest.hexdigest(), bytes=length)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _mb(size: int) -> int:
    return -(-size // 1_000_000)
