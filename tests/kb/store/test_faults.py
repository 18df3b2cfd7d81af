"""Faults of a disk, a folder or SQLite: one sentence that says what happened and what to do."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from kb.errors import CatalogueError, DataFolderError, DiskFullError
from kb.store.faults import LITTLE, folder_error, full_folder, has_little_room, reason_of

RIGHTS = "Give this user the right to read and write it, or choose another with --data or TILLIT_DATA."
OTHER = "Choose another with --data or TILLIT_DATA."


def of_system(number: int, file: object = None) -> OSError:
    return OSError(number, os.strerror(number), *([str(file)] if file else []))


def of_copying(number: int) -> shutil.Error:
    """Return the error of a copied folder, as `shutil.copytree` gathers it."""
    return shutil.Error([("a", "b", str(of_system(number))), ("c", "d", "another")])


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose name speaks of what is not so, and a temporary folder elsewhere."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    return tmp_path / "disk is full of No space"


def leave(monkeypatch: pytest.MonkeyPatch, folder: Path, room: int) -> None:
    """Let so many bytes be free on the disk of a folder, and plenty on others."""
    usage = shutil.disk_usage(folder.parent)

    def told(path: Path) -> object:
        return usage._replace(free=room if Path(path).is_relative_to(folder) else 10**12)

    folder.mkdir(exist_ok=True)
    monkeypatch.setattr(shutil, "disk_usage", told)


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("database or disk is full"),
        of_system(errno.ENOSPC),
        of_system(errno.EDQUOT),
        of_copying(errno.ENOSPC),
    ],
    ids=["sqlite", "system", "quota", "copy"],
)
def test_a_full_disk_is_told_of(data, error):
    told = folder_error(data, error)
    assert isinstance(told, DiskFullError)
    assert str(told) == f"The disk that holds {data} is full. Free some space and try again; nothing was lost."


@pytest.mark.parametrize(
    "error",
    [
        OSError("104832 requested and 69600 written"),
        sqlite3.OperationalError("disk I/O error"),
        RuntimeError("Error in compaction: Failed to apply logs to the metadata segment"),
        of_copying(errno.EIO),
    ],
    ids=["numpy", "sqlite", "chroma", "copy"],
)
@pytest.mark.parametrize("full", ["data", "temporary"])
def test_a_fault_without_a_reason_is_that_of_a_disk_without_room(data, monkeypatch, error, full):
    folder = data if full == "data" else Path(os.environ["TMPDIR"])
    assert full_folder(data, error) is None
    leave(monkeypatch, folder, LITTLE)
    assert full_folder(data, error) is None
    leave(monkeypatch, folder, LITTLE - 1)
    assert full_folder(data, error) == folder
    assert str(folder_error(data, error)) == str(DiskFullError(folder))


def test_a_full_temporary_folder_is_told_from_the_data_folder(data):
    temporary = Path(os.environ["TMPDIR"])
    assert full_folder(data, of_system(errno.ENOSPC, data / "index" / "x")) == data
    assert full_folder(data, of_system(errno.ENOSPC, temporary / "x")) == temporary


@pytest.mark.parametrize(
    ("error", "reason", "advice"),
    [
        (of_system(errno.EACCES), "Permission denied", RIGHTS),
        (of_system(errno.EROFS), "Read-only file system", RIGHTS),
        (of_system(errno.EACCES, "/there/x"), "Permission denied: /there/x", RIGHTS),
        (sqlite3.OperationalError("unable to open database file"), "unable to open database file", RIGHTS),
        (sqlite3.OperationalError("write a readonly database"), "write a readonly database", RIGHTS),
        (of_system(errno.ENOTDIR), "Not a directory", OTHER),
        (sqlite3.OperationalError("disk I/O error"), "disk I/O error", OTHER),
        (OSError("no reason"), "no reason", OTHER),
    ],
)  # fmt: skip
def test_what_is_no_full_disk_is_told_as_what_it_is(data, error, reason, advice):
    told = folder_error(data, error)
    assert type(told) is DataFolderError
    assert str(told) == f"The data folder {data} cannot be used ({reason}). {advice}"


@pytest.mark.parametrize("error", [of_system(errno.EACCES), sqlite3.OperationalError("unable to open database file")])
def test_rights_are_told_of_also_where_there_is_little_room(data, monkeypatch, error):
    leave(monkeypatch, data, 0)
    assert str(folder_error(data, error)).endswith(RIGHTS)


def test_the_folder_itself_is_named_once(data):
    told = folder_error(data, of_system(errno.ENOTDIR, data))
    assert str(told) == f"The data folder {data} cannot be used (Not a directory). {OTHER}"


@pytest.mark.parametrize("text", ["database disk image is malformed", "file is not a database"])
def test_damage_is_told_of(data, text):
    told = folder_error(data, sqlite3.DatabaseError(text))
    assert isinstance(told, CatalogueError)
    assert str(told).startswith(f"The catalogue in {data} is damaged ({text}). ")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (of_system(errno.ENOSPC, "/a/b"), "No space left on device: /a/b"),
        (OSError("two\n  lines"), "two lines"),
        (of_copying(errno.ENOSPC), "[Errno 28] No space left on device"),
        (shutil.Error("the same file"), "the same file"),
        (ValueError("mmap length is greater than file size"), "mmap length is greater than file size"),
    ],
)
def test_a_reason_is_one_line(error, reason):
    assert reason_of(error) == reason


def test_room_is_looked_for_where_a_folder_would_be(tmp_path, monkeypatch):
    leave(monkeypatch, tmp_path, 0)
    assert has_little_room(tmp_path / "not" / "there" / "yet")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: (path / "gone").stat())
    assert not has_little_room(tmp_path)
