"""Restoring: a backup is checked whole, unpacked beside the data folder, opened, and only then put in its place."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kb.activity.file import FILE_NAME as ACTIVITY
from kb.activity.file import carry_over
from kb.errors import BackupError, CatalogueError
from kb.records import Progress, no_progress
from kb.store.backup import DATABASES, FILES, FORMAT, MANIFEST, PART, RUN, Manifest, Member
from kb.store.catalogue import FILE_NAME, MIGRATIONS, open_catalogue
from kb.store.checks.finding import Finding
from kb.store.checks.folder import files_below, megabytes
from kb.store.checks.originals import FOLDER
from kb.store.doctor import Surroundings, examine_data, opened
from kb.store.faults import folder_error, full_folder, is_refused
from kb.store.lock import writer_lock
from kb.store.repair import mend
from kb.store.swap import MARK, fresh_folder, holds_something, put_back, settle, swap
from kb.zips import BROKEN

LARGEST_MANIFEST = 100_000_000
ROOM = 1.25
"""How much room a restored folder takes, of what its backup holds unpacked: the index is added."""
_ORIGINAL = re.compile(rf"{FOLDER}/[^./\\\0][^/\\\0]{{0,254}}")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, what is wrong with it all the same, and where what it replaced is kept."""

    manifest: Manifest
    findings: tuple[Finding, ...]
    kept: Path | None


def restore(
    data: Path,
    source: Path,
    around: Surroundings,
    lock_seconds: float,
    force: bool = False,
    progress: Progress = no_progress,
) -> Restored:
    """Put a backup in the place of a data folder.

    Raises `BackupError` where the folder holds something (without `force`), the backup is not whole, is a newer
    program's, needs more room than there is, or cannot be opened; `DataFolderError` where the folder cannot be
    replaced; `LockedError` while somebody writes. Then nothing has changed.
    """
    data = data.resolve()
    try:
        _refuse_full(data, force)
        with _opened(source) as bundle:
            manifest = _checked(bundle, source, progress)
            _refuse_small(data, manifest)
            put_back(data)
            with writer_lock(data, lock_seconds):
                _refuse_full(data, force)
                return _replace(data, bundle, manifest, source, around, progress)
    except OSError as error:
        if full_folder(data, error) or is_refused(error):
            raise folder_error(data, error) from None
        reason = error.strerror or error
        raise BackupError(
            f"{data} cannot be replaced ({reason}). Nothing was changed. Name another with --data."
        ) from None


def _replace(
    data: Path, bundle: zipfile.ZipFile, manifest: Manifest, source: Path, around: Surroundings, progress: Progress
) -> Restored:
    """Unpack a backup beside the data folder, open it there, and put it in the folder's place.

    What visitors left behind stays in the data folder, unless the backup has its own.
    """
    try:
        settle(data)
        _unpack(bundle, manifest, fresh_folder(data), progress)
        findings = _opens(fresh_folder(data), source, around, progress)
        kept = swap(data)
        if kept:
            with suppress(OSError):  # else it stays in what is kept
                carry_over(kept, data)
        return Restored(manifest, tuple(findings), kept)
    finally:
        with suppress(OSError):
            settle(data)


def _refuse_full(data: Path, force: bool) -> None:
    if data.exists() and not data.is_dir():
        raise BackupError(f"{data} is not a folder. Name another with --data.")
    if holds_something(data) and not force:
        raise BackupError(f"{data} holds a knowledge base. Replace it with --force, or name another with --data.")


def _refuse_small(data: Path, manifest: Manifest) -> None:
    place = next(folder for folder in data.parents if folder.exists())
    free, needed = shutil.disk_usage(place).free, int(ROOM * sum(each.bytes for each in manifest.members.values()))
    if free < needed:
        told = f"{megabytes(free)} are free, {megabytes(needed)} are needed"
        raise BackupError(f"There is too little room in {place}: {told}. Nothing was changed.")


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        bundle = zipfile.ZipFile(source)
    except BROKEN as error:
        raise _not_whole(source, str(error)) from None
    except OSError as error:
        raise BackupError(f"{source} cannot be read ({error.strerror or error}).") from None
    with bundle:
        yield bundle


def _not_whole(source: Path, reason: str) -> BackupError:
    return BackupError(f"{source} is not a whole backup ({reason}). Nothing was changed.")


# Checking --------------------------------------------------------------------------------------


def _checked(bundle: zipfile.ZipFile, source: Path, progress: Progress) -> Manifest:
    """Return the manifest of a backup after each of its members was read and has the hash that it says."""
    try:
        manifest = _manifest(bundle, source)
        _check_names(bundle, manifest)
        for done, (name, member) in enumerate(manifest.members.items(), 1):
            _read(bundle, name, member, None)
            progress("hashes", done, len(manifest.members))
    except BROKEN as error:
        raise _not_whole(source, " ".join(str(error).split())) from None
    except OSError as error:
        raise BackupError(f"{source} cannot be read ({error.strerror or error}).") from None
    return manifest


def _manifest(bundle: zipfile.ZipFile, source: Path) -> Manifest:
    """Return the manifest. Raises `BackupError` where it is a newer program's, else what is in `BROKEN`."""
    if MANIFEST not in bundle.namelist() or bundle.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise ValueError("it has no manifest")
    told = json.loads(bundle.read(MANIFEST))
    if not isinstance(told, dict) or not isinstance(told.get("format"), int):
        raise ValueError("its manifest says nothing")
    newer = told["format"] > FORMAT or (isinstance(told.get("catalogue"), int) and told["catalogue"] > len(MIGRATIONS))
    if newer:
        raise BackupError(f"{source} was made by a newer Tillit ({told.get('tillit')}). Upgrade Tillit to restore it.")
    try:
        return Manifest.model_validate(told)
    except ValueError:
        raise ValueError("its manifest is not one of Tillit's") from None


def _check_names(bundle: zipfile.ZipFile, manifest: Manifest) -> None:
    """Raise `ValueError` unless the members are those of the manifest, each with a name and length that it may have."""
    names = [entry.filename for entry in bundle.infolist() if entry.filename != MANIFEST]
    for name in [*names, *manifest.members]:
        if name not in (*DATABASES, *FILES) and not (_ORIGINAL.fullmatch(name) or RUN.fullmatch(name)):
            raise ValueError(f"it has a member that does not belong there: {name[:100]!r}")
    if len({name.casefold() for name in names}) != len(names):
        raise ValueError("two of its members have one name")
    if missing := sorted(manifest.members.keys() - set(names)):
        raise ValueError(f"{missing[0]} is missing")
    if surplus := sorted(set(names) - manifest.members.keys()):
        raise ValueError(f"{surplus[0]} does not stand in its manifest")
    if FILE_NAME not in manifest.members:
        raise ValueError(f"{FILE_NAME} is missing")


def _read(bundle: zipfile.ZipFile, name: str, member: Member, target: BinaryIO | None) -> None:
    """Read a member, and write it where that is wanted. Raises `ValueError` where it is not what the manifest says."""
    digest, length = hashlib.sha256(), 0
    with bundle.open(name) as stream:
        while part := stream.read(PART):
            digest.update(part)
            length += len(part)
            if length > member.bytes:
                break
            if target is not None:
                target.write(part)
    if length != member.bytes or digest.hexdigest() != member.sha256:
        raise ValueError(f"{name} was changed")


# Unpacking -------------------------------------------------------------------------------------


def _unpack(bundle: zipfile.ZipFile, manifest: Manifest, fresh: Path, progress: Progress) -> None:
    fresh.mkdir()
    (fresh / MARK).touch()
    try:
        for done, (name, member) in enumerate(manifest.members.items(), 1):
            target = fresh / name
            target.parent.mkdir(exist_ok=True)
            with target.open("xb") as stream:
                if name == ACTIVITY:
                    os.fchmod(stream.fileno(), 0o600)
                _read(bundle, name, member, stream)
            progress("restore", done, len(manifest.members))
    except BROKEN as error:
        raise BackupError(f"The backup was changed while it was read ({error}). Nothing was changed.") from None


def _opens(fresh: Path, source: Path, around: Surroundings, progress: Progress) -> list[Finding]:
    """Bring the unpacked folder up to date, make its index, and return what is wrong with it all the same.

    Raises `BackupError` where its catalogue cannot be used, so that nothing would be won by having it.
    """
    try:
        open_catalogue(fresh).close()
        mend(fresh, around, progress)
    except CatalogueError as error:
        raise BackupError(f"{source} cannot be opened: {error} Nothing was changed.") from None
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be opened ({error}). Nothing was changed.") from None
    findings = examine_data(fresh, opened(around.model), around.chunker, progress)
    for path, _ in files_below(fresh):
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
    return [finding for finding in findings if finding.verdict == "wrong"]
