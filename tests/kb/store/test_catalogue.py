"""The catalogue opens, migrates, or says in one sentence why not; a reader sees one moment."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.service import Workshop, ingest
from kb.errors import CatalogueError, DataFolderError, IndexMissingError
from kb.records import Document, Page
from kb.store import catalogue
from kb.store.catalogue import (
    FILE_NAME,
    document_from_json,
    document_to_json,
    find_document,
    folder_error,
    languages_of,
    live_document,
    open_catalogue,
    read_blocks,
    read_chunks,
    read_state,
    reading,
    stored_documents,
)
from kb.store.writer import drop_staged, transaction
from tests.conftest import HashEmbedder
from tests.stored import write

BUURTZORG = "int-nl-buurtzorg"

FULL = Document(
    id="ferry",
    language="nb",
    title="Ferja går “tidlig”",
    text="Første side.\n\nAndre side.\n",
    sha256="0" * 64,
    kind="report",
    evidence="research",
    stance="critical",
    text_by="source",
    basis="full",
    country="NO",
    organisation="Fylket",
    sectors=("schools", "health"),
    themes=("autonomy",),
    year=2021,
    publisher="Fylket",
    original_title="Ferja",
    source_url="https://example.org/ferja?a=1&b=2",
    source_language="nn",
    questions=("Når går ferja?", "Hvor?"),
    guessed=("title", "language"),
    pages=(Page(1, 0, 12), Page(2, 14, 25)),
)


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
        *("state", "documents", "blocks", "chunks", "embeddings"),
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
    [("", "[Errno 17] File exists"), ("/deeper", "[Errno 20] Not a directory")],
    ids=["a file", "below a file"],
)
def test_a_data_folder_that_is_a_file_is_told_of_in_one_sentence(tmp_path, below, reason):
    (tmp_path / "file").write_text("a file")
    data = Path(f"{tmp_path}/file{below}")
    with pytest.raises(DataFolderError) as caught:
        open_catalogue(data)
    assert str(caught.value) == (
        f"The data folder {data} cannot be used ({reason}: '{data}'). Choose another with --data or TILLIT_DATA."
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
    assert str(caught.value) == (
        f"The data folder {tmp_path} cannot be used ({reason}). Choose another with --data or TILLIT_DATA."
    )


@pytest.mark.parametrize(
    "error",
    [sqlite3.OperationalError("database or disk is full"), OSError(28, "No space left on device")],
    ids=["sqlite", "system"],
)
def test_a_full_disk_is_told_of_in_one_sentence(error):
    told = folder_error(Path("/data"), error)
    assert isinstance(told, DataFolderError)
    assert str(told) == "The disk that holds /data is full. Free some space and try again; nothing was lost."


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


# Records ---------------------------------------------------------------------------------------


def test_the_example_of_a_full_document_fills_every_field():
    empty = {f.name for f in fields(Document) if f.default is not MISSING and getattr(FULL, f.name) == f.default}
    assert empty == set()


def test_a_document_comes_back_from_json_with_every_field():
    assert document_from_json(document_to_json(FULL), FULL.text) == FULL


@given(st.text(), st.lists(st.text()), st.none() | st.integers(), st.lists(st.tuples(st.integers(), st.integers())))
def test_any_values_come_back_from_json(title, questions, year, pages):
    document = Document(
        id="a",
        language="en",
        title=title,
        text="",
        sha256="",
        kind="unknown",
        evidence="unknown",
        stance="unknown",
        text_by="source",
        questions=tuple(questions),
        year=year,
        pages=tuple(Page(number, start, start) for number, start in pages),
    )
    assert document_from_json(document_to_json(document), "") == document


def test_blocks_and_chunks_are_read_as_slices_of_their_document(small_data):
    with reading(small_data) as connection:
        for stored in stored_documents(connection):
            blocks = read_blocks(connection, stored.key)
            keys = [k for (k,) in connection.execute("SELECT key FROM chunks WHERE document = ?", (stored.key,))]
            chunks = read_chunks(connection, keys)
            assert [block.number for block in blocks] == list(range(len(blocks)))
            assert sorted(chunks) == sorted(keys)
            for chunk in chunks.values():
                assert (chunk.document_id, chunk.language) == (stored.document.id, stored.document.language)
                assert chunk.text == stored.document.text[chunk.start : chunk.end]
                assert chunk.headings == blocks[chunk.block_first].headings


def test_chunks_are_found_among_many_keys_and_unknown_keys_left_out(small_data):
    with reading(small_data) as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM chunks ORDER BY key")]
        found = read_chunks(connection, [*range(100_000, 100_700), *keys])
        assert sorted(found) == keys
        assert read_chunks(connection, []) == {}


def test_only_live_documents_are_found(small_data):
    connection = open_catalogue(small_data)
    connection.execute("UPDATE documents SET state = 'staged' WHERE id = ? AND language = 'sv'", (BUURTZORG,))
    connection.close()
    with reading(small_data) as connection:
        assert languages_of(connection, BUURTZORG) == ["da", "en", "nb"]
        assert languages_of(connection, "nothing") == []
        assert find_document(connection, BUURTZORG, "sv") is None
        assert live_document(connection, BUURTZORG, "da").document.id == BUURTZORG
        assert [s.document.language for s in stored_documents(connection, "staged")] == ["sv"]
        with pytest.raises(CatalogueError) as caught:
            live_document(connection, BUURTZORG, "sv")
    assert str(caught.value) == (f"The catalogue has no text of '{BUURTZORG}' in 'sv'. Mend it with: tillit build")


def test_a_deleted_document_takes_its_blocks_and_chunks_with_it(small_data):
    connection = open_catalogue(small_data)
    drop_staged(connection)
    connection.execute("DELETE FROM documents")
    assert connection.execute("SELECT count(*) FROM blocks").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (0,)
    assert connection.execute("SELECT count(*) > 0 FROM embeddings").fetchone() == (1,)
    connection.close()
