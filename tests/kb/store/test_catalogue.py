"""The catalogue opens, migrates, or says in one sentence why not; a reader sees one moment."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

import pytest

from ingest.intake import ingest
from ingest.service import Workshop
from kb.errors import CatalogueError, DataFolderError, IndexMissingError
from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from kb.store import catalogue
from kb.store.catalogue import (
    FILE_NAME,
    open_catalogue,
    read_state,
    reading,
    stored_documents,
)
from kb.store.writer import transaction
from tests.conftest import HashEmbedder
from tests.kb.store.damaging import refuse_lock_file, tree
from tests.stored import write

BUURTZORG = "int-nl-buurtzorg"


def tables(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the tables but those that SQLite and FTS5 keep for themselves."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    return {name for name in names if not re.match(r"sqlite_|terms_.._", name)}


def version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_a_catalogue_is_made_from_nothing(tmp_path):
    connection = open_catalogue(tmp_path / "new" / "folder")
    assert version(connection) == len(catalogue.MIGRATIONS)
    assert tables(connection) == {
        *("state", "documents", "blocks", "chunks", "embeddings", "source_pages", "runs", "journal", "quarantine"),
        *("terms_en", "terms_da", "terms_nb", "terms_sv"),
    }
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert read_state(connection) is None
    connection.close()


def test_an_existing_catalogue_is_opened_as_it_is(small_data):
    before = (small_data / FILE_NAME).read_bytes()
    open_catalogue(small_data).close()
    assert (small_data / FILE_NAME).read_bytes() == before


def test_a_migration_runs_once_and_keeps_what_is_there(small_data, monkeypatch):
    def add_column(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE documents ADD COLUMN note TEXT")

    monkeypatch.setattr(catalogue, "MIGRATIONS", (*catalogue.MIGRATIONS, add_column))
    for _ in range(2):
        connection = open_catalogue(small_data)
        assert version(connection) == len(catalogue.MIGRATIONS)
        assert connection.execute("SELECT count(*), count(note) FROM documents").fetchone() == (24, 0)
        connection.close()


def test_a_migration_that_fails_leaves_the_catalogue_as_it_was(tmp_path, monkeypatch):
    def fails_halfway(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (a)")
        raise RuntimeError

    original = catalogue.MIGRATIONS
    monkeypatch.setattr(catalogue, "MIGRATIONS", (*original, fails_halfway))
    with pytest.raises(RuntimeError):
        open_catalogue(tmp_path)
    monkeypatch.setattr(catalogue, "MIGRATIONS", original)
    connection = open_catalogue(tmp_path)
    assert version(connection) == len(original)
    assert "half" not in tables(connection)
    connection.close()


@pytest.fixture
def newer(small_data: Path) -> Path:
    connection = sqlite3.connect(small_data / FILE_NAME)
    connection.execute(f"PRAGMA user_version = {len(catalogue.MIGRATIONS) + 1}")
    connection.close()
    return small_data


def read_it(data: Path) -> None:
    with reading(data):
        pass


def write_it(data: Path) -> None:
    open_catalogue(data).close()


BOTH = pytest.mark.parametrize("use", [read_it, write_it], ids=["reading", "writing"])


@BOTH
def test_a_newer_catalogue_is_refused_in_one_sentence(newer, use):
    with pytest.raises(CatalogueError) as caught:
        use(newer)
    assert str(caught.value) == (f"The catalogue in {newer} was written by a newer Tillit. Upgrade Tillit to open it.")


@BOTH
def test_a_file_that_is_not_sqlite_is_told_of_in_one_sentence(tmp_path, use):
    (tmp_path / FILE_NAME).write_bytes(b"This is not a database, but a letter to the mayor. " * 100)
    with pytest.raises(CatalogueError) as caught:
        use(tmp_path)
    assert str(caught.value) == (
        f"The catalogue in {tmp_path} is damaged (file is not a database). Put back a copy of the folder, or move it "
        "away and build anew with: tillit build"
    )


@pytest.fixture
def damaged(small_data: Path) -> Path:
    """A catalogue whose documents are overwritten, though its first pages are whole."""
    file = small_data / FILE_NAME
    connection = sqlite3.connect(file)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'documents'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content = bytearray(file.read_bytes())
    content[(root - 1) * size : root * size] = b"\xff" * size
    file.write_bytes(content)
    return small_data


DAMAGED = r"^The catalogue in .* is damaged \(database disk image is malformed\)\. "


def test_damage_met_while_reading_is_told_of_in_one_sentence(damaged):
    with pytest.raises(CatalogueError, match=DAMAGED), reading(damaged) as connection:
        list(stored_documents(connection))


def test_damage_met_while_writing_is_told_of_in_one_sentence(damaged, tmp_path):
    with pytest.raises(CatalogueError, match=DAMAGED):
        ingest(Workshop(damaged, HashEmbedder()), [write(tmp_path / "own", "note.md")])


@pytest.mark.parametrize(
    ("below", "reason"),
    [("", "File exists"), ("/deeper", "Not a directory")],
    ids=["a file", "below a file"],
)
def test_a_data_folder_that_is_a_file_is_told_of_in_one_sentence(tmp_path, below, reason):
    (tmp_path / "file").write_text("a file")
    data = Path(f"{tmp_path}/file{below}")
    with pytest.raises(DataFolderError) as caught:
        open_catalogue(data)
    assert str(caught.value) == (
        f"The data folder {data} cannot be used ({reason}). Choose another with --data or TILLIT_DATA."
    )


@pytest.mark.parametrize(
    ("use", "reason"),
    [(read_it, "disk I/O error"), (write_it, "unable to open database file")],
    ids=["reading", "writing"],
)
def test_a_catalogue_that_cannot_be_opened_is_told_of_in_one_sentence(tmp_path, use, reason):
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(DataFolderError) as caught:
        use(tmp_path)
    assert str(caught.value).startswith(f"The data folder {tmp_path} cannot be used ({reason}). ")


@pytest.mark.parametrize("there", ["no folder", "an empty folder", "an empty file"])
def test_reading_where_nothing_was_built_says_how_to_build(tmp_path, there):
    data = tmp_path / "data"
    if there != "no folder":
        data.mkdir()
    if there == "an empty file":
        (data / FILE_NAME).touch()
    with pytest.raises(IndexMissingError) as caught:
        read_it(data)
    assert str(caught.value) == f"There is no index in {data} yet. Build it with: tillit build"


def test_a_folder_whose_name_is_odd_in_an_address_can_be_used(tmp_path):
    data = tmp_path / "50 % of #1? øl"
    open_catalogue(data).close()
    assert (data / FILE_NAME).exists()
    with reading(data) as connection:
        assert read_state(connection) is None


def test_a_reader_sees_one_moment_and_the_next_reader_the_next(small_data):
    writer = open_catalogue(small_data)
    with reading(small_data) as before:
        assert len(list(stored_documents(before))) == 24
        with transaction(writer):
            writer.execute("DELETE FROM documents WHERE id = ?", (BUURTZORG,))
            writer.execute("UPDATE state SET corpus = 'changed'")
        state = read_state(before)
        assert len(list(stored_documents(before))) == 24
        assert state is not None
        assert state.corpus != "changed"
        with reading(small_data) as after:
            state = read_state(after)
            assert len(list(stored_documents(after))) == 20
            assert state is not None
            assert state.corpus == "changed"
    writer.close()


def test_where_nothing_can_be_written_questions_are_answered_all_the_same(small_data):
    refuse_lock_file(small_data)
    before = tree(small_data)
    kb = KnowledgeBase(load_settings(data=small_data), HashEmbedder())
    assert kb.search("lawns on Bornholm")[0].chunk.document_id == "dk-bornholm-mowing-by-result"
    assert kb.ask("What is Buurtzorg?").text
    assert tree(small_data) == before


def test_a_log_that_cannot_be_read_in_is_not_passed_over(small_data):
    refuse_lock_file(small_data)
    (small_data / f"{FILE_NAME}-wal").write_bytes(b"what was committed last")
    with pytest.raises(DataFolderError) as caught:
        read_it(small_data)
    assert str(caught.value) == (
        f"The data folder {small_data} cannot be used (unable to open database file). Give this user the right to "
        "read and write it, or choose another with --data or TILLIT_DATA."
    )


@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "torn"])
def test_what_is_read_without_a_lock_is_not_told_where_it_was_changed_meanwhile(small_data, damaged):
    def read() -> None:
        with reading(small_data) as connection:
            connection.execute("SELECT count(*) FROM documents").fetchone()
            os.utime(small_data / FILE_NAME, (0, 0))
            if damaged:
                raise sqlite3.DatabaseError("database disk image is malformed")

    refuse_lock_file(small_data)
    with pytest.raises(DataFolderError, match=rf"^The catalogue in {small_data} was changed while it was read\. Try"):
        read()


def test_a_reader_never_waits_for_a_writer(small_data):
    writer = open_catalogue(small_data)
    with transaction(writer):
        writer.execute("DELETE FROM documents")
        with reading(small_data) as connection:
            assert len(list(stored_documents(connection))) == 24
    writer.close()


def test_a_reader_cannot_write(small_data):
    refused = pytest.raises(DataFolderError, match="attempt to write a readonly database")
    with refused, reading(small_data) as connection:
        connection.execute("DELETE FROM documents")
