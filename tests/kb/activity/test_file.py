"""The file: many writers at once, no reader but its owner, and one sentence where it cannot be used."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from kb.activity import file, store
from kb.activity.file import ASIDE, FILE_NAME
from kb.activity.records import Refused
from kb.errors import ActivityError, DataFolderError, DiskFullError, KBError, LockedError
from tests.conftest import ROOT

SHIPS = Refused("How many ships?", "en", "no-match")
MANY = "from pathlib import Path\nfrom tests.kb.activity.test_file import many\nassert many(Path({!r})) == []"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def used(data: Path) -> Path:
    store.keep(data, SHIPS, 90)
    return data


def sql(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        connection.execute(statement)
        connection.commit()


def told(do, *arguments: object) -> str:
    with pytest.raises(KBError) as caught:
        do(*arguments)
    return str(caught.value)


def many(data: Path) -> list[str]:
    """Let eight threads keep ten questions each, and return what went wrong."""
    wrong: list[str] = []

    def ten() -> None:
        for _ in range(10):
            try:
                store.keep(data, SHIPS, 90)
            except KBError as error:
                wrong.append(str(error))

    threads = [threading.Thread(target=ten) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_threads_of_two_processes_may_write_at_once_from_the_first_entry_on(data):
    program = [sys.executable, "-c", MANY.format(str(data))]
    with subprocess.Popen(program, cwd=ROOT) as other:
        assert many(data) == []
    assert other.returncode == 0
    assert len(store.entries(data, 90)) == 160
    assert store.damage(data) is None


def test_nobody_but_its_owner_can_read_it(used):
    assert {path.stat().st_mode & 0o777 for path in used.iterdir()} == {0o600}
    (used / FILE_NAME).chmod(0o644)
    store.keep(used, SHIPS, 90)
    assert (used / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_it_is_not_readable_while_it_is_made_either(data, monkeypatch):
    umask = os.umask(0)
    try:
        monkeypatch.setattr(Path, "chmod", lambda *_: 1 / 0)
        store.keep(data, SHIPS, 90)
    finally:
        os.umask(umask)
    assert (data / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_writer_that_waits_too_long_for_another_is_told(used, monkeypatch):
    monkeypatch.setattr(file, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(used / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        path = used / FILE_NAME
        with pytest.raises(LockedError) as caught:
            store.keep(used, SHIPS, 90)
        assert str(caught.value) == f"Another process is writing to {path}. Wait until it is done and try again."
        assert len(store.entries(used, 90)) == 1
    store.keep(used, SHIPS, 90)
    assert len(store.entries(used, 90)) == 2


def test_a_reader_that_keeps_what_was_erased_in_the_log_is_told_of(used, monkeypatch):
    monkeypatch.setattr(file, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(used / FILE_NAME, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM entries").fetchall()
        with pytest.raises(LockedError) as caught:
            store.erase(used)
        assert str(caught.value) == (
            f"What was erased from {used / FILE_NAME} is gone but for its log, which another process reads. "
            "Erase again when that has ended."
        )
        assert store.entries(used, 90) == []
    assert store.erase(used) == 0
    assert b"ships" not in b"".join(path.read_bytes() for path in used.iterdir())


@pytest.mark.parametrize("pages", [1, 2, 3])
def test_a_full_disk_is_told_of_and_nothing_is_lost(used, monkeypatch, pages):
    connect = file._connect

    def limited(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    long = Refused("x" * 50_000, "en", "no-match")
    with monkeypatch.context() as patch:
        patch.setattr(file, "_connect", limited)
        with pytest.raises(DiskFullError) as caught:
            store.keep(used, long, 90)
    assert str(caught.value) == str(DiskFullError(used))
    assert [entry.what for entry in store.entries(used, 90)] == [SHIPS]
    store.keep(used, long, 90)
    assert len(store.entries(used, 90)) == 2


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_folder_that_cannot_be_written_is_told_of(data, monkeypatch, number):
    def refuse(path: Path, **_: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(DataFolderError) as caught:
        store.keep(data, SHIPS, 90)
    assert str(caught.value) == (
        f"The data folder {data} cannot be used ({os.strerror(number)}: {data / FILE_NAME}). "
        "Give this user the right to read and write it, or choose another with --data or TILLIT_DATA."
    )
    assert store.entries(data, 90) == []


def test_a_file_that_cannot_be_written_can_be_read(used, monkeypatch):
    connect = file._connect

    def read_only(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        connection.execute("PRAGMA query_only = ON")
        return connection

    monkeypatch.setattr(file, "_connect", read_only)
    assert "cannot be used (attempt to write a readonly database). Give this user" in told(store.keep, used, SHIPS, 90)
    assert [entry.what for entry in store.entries(used, 90)] == [SHIPS]


def test_a_folder_that_is_not_there_is_told_of(tmp_path):
    assert told(store.keep, tmp_path / "none", SHIPS, 90).startswith(f"The data folder {tmp_path / 'none'} cannot be")
    assert store.entries(tmp_path / "none", 90) == []


# Damage ----------------------------------------------------------------------------------------


def overwrite(data: Path) -> None:
    (data / FILE_NAME).write_bytes(b"no database" * 1000)


def cut(data: Path) -> None:
    content = (data / FILE_NAME).read_bytes()
    (data / FILE_NAME).write_bytes(content[: len(content) // 2])


DAMAGE = {
    "overwritten": (overwrite, "file is not a database"),
    "cut": (cut, "database disk image is malformed"),
    "no table": (lambda data: sql(data, "DROP TABLE entries"), "no such table: entries"),
    "no json": (lambda data: sql(data, "UPDATE entries SET id = 7, record = '{'"), "entry 7 cannot be read"),
    "no field": (lambda data: sql(data, "UPDATE entries SET id = 7, record = '{}'"), "entry 7 cannot be read"),
    "no list": (lambda data: sql(data, "UPDATE entries SET id = 7, record = '7'"), "entry 7 cannot be read"),
    "other kind": (lambda data: sql(data, "UPDATE entries SET id = 7, kind = 'feedback'"), "entry 7 cannot be read"),
    "no text": (
        lambda data: sql(data, "UPDATE entries SET record = CAST(X'ff' AS TEXT)"),
        "Could not decode to UTF-8 column 'record' with text '\ufffd'",
    ),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_file_is_told_of_and_set_aside(used, how):
    do, reason = DAMAGE[how]
    do(used)
    assert told(store.entries, used, 90) == (
        f"{used / FILE_NAME} is damaged ({reason}). Set it aside with: tillit doctor --repair"
    )
    assert store.damage(used) is not None
    assert file.set_aside(used) == used / ASIDE
    assert [path.name for path in used.iterdir()] == [ASIDE]
    store.keep(used, SHIPS, 90)
    assert len(store.entries(used, 90)) == 1


def test_nothing_is_written_to_a_file_that_is_no_database(data):
    overwrite(data)
    before = (data / FILE_NAME).read_bytes()
    assert " is damaged (file is not a database). " in told(store.keep, data, SHIPS, 90)
    assert (data / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize(
    "do",
    [
        lambda data: store.keep(data, SHIPS, 90),
        lambda data: store.entries(data, 90),
        store.damage,
        store.erase,
    ],
    ids=["keep", "entries", "damage", "erase"],
)
def test_a_newer_file_is_left_alone(used, do):
    sql(used, "PRAGMA user_version = 2")
    with pytest.raises(ActivityError) as caught:
        do(used)
    assert str(caught.value) == f"{used / FILE_NAME} was written by a newer Tillit. Upgrade Tillit to open it."


def test_an_empty_file_is_one_in_which_nothing_was_kept(data):
    (data / FILE_NAME).touch()
    assert (store.entries(data, 90), store.damage(data)) == ([], None)
    store.keep(data, SHIPS, 90)
    assert len(store.entries(data, 90)) == 1


def test_what_is_carried_over_takes_the_place_of_nothing(used, tmp_path):
    new, third = tmp_path / "new", tmp_path / "third"
    new.mkdir(), third.mkdir()
    file.carry_over(used, new)
    assert ([e.what for e in store.entries(new, 90)], list(used.iterdir())) == ([SHIPS], [])
    store.keep(third, Refused("Another?", "en", "no-match"), 90)
    file.carry_over(new, third)
    file.carry_over(used, third)
    assert [e.what.question for e in store.entries(third, 90)] == ["Another?"]
    assert [e.what for e in store.entries(new, 90)] == [SHIPS]
