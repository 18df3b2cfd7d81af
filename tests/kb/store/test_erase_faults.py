"""An erasure that is killed, or cannot do all, says so and is finished by the next one."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from pathlib import Path

import pytest

from kb.errors import DataFolderError
from kb.store import erase
from kb.store.catalogue import FILE_NAME
from kb.store.erase import Erased, pending
from kb.store.writer import transaction
from tests.ingest.desk import workshop
from tests.kb.store import erasing
from tests.kb.store.erasing import (
    FILE,
    HEADING,
    KEPT,
    TEXT,
    TITLE,
    Blurred,
    ids_of,
    knowledge_base,
    take_in_two,
    take_out,
    traces_of,
    whereabouts,
)
from tests.stored import own

pytestmark = pytest.mark.usefixtures("quick_publish")

STEPS = ("forget_unneeded", "_index_anew", "_vacuum", "_cut_log", "_drop_older", "drop_unused_originals")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two notes of the user's own."""
    take_in_two(tmp_path / "data", tmp_path / "notes")
    return tmp_path / "data"


@pytest.fixture
def gone(data):
    """What can be recognised of the note that will be removed."""
    return traces_of(data, FILE, TEXT, TITLE, HEADING, FILE)


@pytest.fixture
def stays(data):
    return traces_of(data, "harbour", KEPT)


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_all_opens_and_the_next_erasure_finishes(data, gone, stays, monkeypatch, step, after):
    run = getattr(erase, step)

    def killed(*given: object) -> None:
        if after:
            run(*given)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(erase, step, killed)
        with pytest.raises(KilledError):
            take_out(data, FILE)
    assert pending(data)
    assert ids_of(data) == {"harbour"}
    assert knowledge_base(data).search("harbour")[0].chunk.document_id == "harbour"
    assert take_out(data) == Erased()
    assert gone.within(data) == {}
    assert {FILE_NAME, "chroma.sqlite3"} <= whereabouts(stays.within(data))[KEPT]
    assert not pending(data)


def test_killed_before_the_publication_the_document_is_still_there(data, monkeypatch):
    def killed(*given: object, **named: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "publish", killed)
        with pytest.raises(KilledError):
            take_out(data, FILE)
    assert pending(data)
    assert ids_of(data) == {FILE, "harbour"}
    assert knowledge_base(data).search(TEXT)[0].chunk.document_id == FILE
    assert take_out(data) == Erased()
    assert ids_of(data) == {FILE, "harbour"}
    assert knowledge_base(data).search(TEXT)[0].chunk.document_id == FILE


def test_a_catalogue_that_cannot_be_rewritten_is_told_of(data, gone, monkeypatch):
    def full(connection: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    for step in ("_vacuum", "_index_anew"):
        with monkeypatch.context() as patch:
            patch.setattr(erase, step, full)
            erased = take_out(data, *([FILE] if FILE in ids_of(data) else []))
        assert erased.left == ("the catalogue cannot be rewritten (database or disk is full)",)
        assert pending(data)
    assert take_out(data) == Erased()
    assert gone.within(data) == {}


def test_vectors_that_cannot_be_deleted_are_told_of_in_sqlites_words(data, monkeypatch):
    def full(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(erase, "forget_unneeded", full)
    assert take_out(data, FILE).left == ("the catalogue cannot be rewritten (database or disk is full)",)


def test_a_log_that_cannot_be_cut_is_told_of(data):
    with workshop(data, Blurred()).writing() as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM documents").fetchone()
        (told,) = erase._cut_log(connection, time.monotonic())
        connection.execute("ROLLBACK")
    assert told == "the catalogue's log cannot be cut, and the index before it stays (database table is locked)"


def test_an_original_that_cannot_be_deleted_is_told_of(data, monkeypatch):
    (name,) = (s.original for s in own(data).values() if s.document.id == FILE)
    (data / "originals" / f".{name}.123").write_text("a copy that was killed")

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with workshop(data, Blurred()).writing() as connection:
            told = erase.drop_unused_originals(connection, data)
            connection.execute("UPDATE documents SET original = NULL WHERE id = ?", (FILE,))
            told += erase.drop_unused_originals(connection, data)
            patch.undo()
    partly = f"originals/.{name}.123 cannot be deleted (Permission denied)"
    assert told == [partly, partly, f"originals/{name} cannot be deleted (Permission denied)"]


def test_a_folder_that_cannot_be_written_is_told_of_before_anything_is_done(data, monkeypatch):
    def refuse(self: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(DataFolderError, match="is full"):
        take_out(data, FILE)
    assert ids_of(data) == {FILE, "harbour"}


def test_waiting_for_readers_leaves_the_connection_as_it_was(data):
    with workshop(data, Blurred()).writing() as connection:
        before = connection.execute("PRAGMA busy_timeout").fetchone()
        erase.erase(connection, data, wait=0.1)
        assert connection.execute("PRAGMA busy_timeout").fetchone() == before


# What is said ----------------------------------------------------------------------------------


def test_what_is_out_of_reach_is_always_said():
    said = "Backups and copies that were made before still hold it: they are out of Tillit's reach."
    assert Erased().messages == (said,)
    assert Erased((), Path("data.before-restore")).messages == (
        "data.before-restore is what a restore replaced and may hold it too. Delete it.",
        said,
    )
    assert Erased(("one thing", "another")).messages == (
        "Not all is erased yet: one thing; another. The next `tillit remove` or `tillit doctor --repair` finishes it.",
        said,
    )


def test_what_a_restore_replaced_is_named(data):
    kept = data.with_name("data.before-restore")
    kept.mkdir()
    assert take_out(data, FILE) == Erased((), kept)


def test_a_catalogue_opened_to_write_overwrites_what_it_deletes(data):
    with workshop(data, Blurred()).writing() as connection:
        assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)
