"""A catalogue of version 1 is brought up to date: documents and vectors stay, index terms are made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

import pytest

from ingest.intake import ingest
from ingest.service import Workshop, build, remove
from kb.errors import CatalogueError
from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from kb.store import catalogue
from kb.store.catalogue import FILE_NAME, TERM_LANGUAGES, open_catalogue, read_state
from tests.conftest import HashEmbedder
from tests.stored import own, state_of, write

pytestmark = pytest.mark.usefixtures("quick_publish")

GRASS = "How tall does the grass have to be on Bornholm before it must be cut?"
KEPT = ("blocks", "chunks", "embeddings")


def terms_of_version_1() -> list[str]:
    statements = files("kb.store").joinpath("schema.sql").read_text(encoding="utf-8").split(";\n")
    return [statement for statement in statements if "VIRTUAL TABLE" in statement]


@contextmanager
def opened(data: Path) -> Iterator[sqlite3.Connection]:
    """Open a catalogue without migrating it."""
    with closing(sqlite3.connect(data / FILE_NAME)) as connection, connection:
        yield connection


def downgrade(data: Path) -> Path:
    """Make a catalogue what the first version would have left, but for the chunks' boundaries."""
    with opened(data) as connection:
        for language in TERM_LANGUAGES:
            connection.execute(f"DROP TABLE terms_{language}")
        for statement in terms_of_version_1():
            connection.execute(statement)
        connection.execute(
            "INSERT INTO terms_en (rowid, title, headings, text, questions, exact) "
            "SELECT key, 'title', 'heading', 'text', 'question', 'exact' FROM chunks"
        )
        connection.execute(
            "UPDATE documents SET chunker = '1/256', record = json_remove(record, '$.block_questions'), digest = 'old'"
        )
        for name in ("source_pages", "journal", "runs", "quarantine"):
            connection.execute(f"DROP TABLE {name}")
        connection.execute("PRAGMA user_version = 1")
    return data


@pytest.fixture
def old(small_data: Path) -> Path:
    """A catalogue as the first version left it."""
    return downgrade(small_data)


def contents(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    rows = {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in KEPT}
    columns = "key, state, origin, id, language, digest, record, text, path, folder, original, source"
    return {**rows, "documents": connection.execute(f"SELECT {columns} FROM documents ORDER BY key").fetchall()}


def knowledge_base(data: Path) -> KnowledgeBase:
    return KnowledgeBase(load_settings(data=data), HashEmbedder())


def refused(data: Path, call: str, *arguments: object) -> str:
    with pytest.raises(CatalogueError) as caught:
        getattr(knowledge_base(data), call)(*arguments)
    return str(caught.value)


CALLS = pytest.mark.parametrize("call", [("ask", GRASS), ("search", GRASS), ("status",), ("entries",), ("warm_up",)])


@CALLS
def test_before_it_is_migrated_a_reader_says_that_it_is_an_older_tillits(old, call):
    assert refused(old, *call) == (
        f"The catalogue in {old} is an older Tillit's. Bring it up to date with: tillit build"
    )


@CALLS
def test_once_it_is_migrated_a_reader_says_that_the_index_has_to_be_made_anew(old, call):
    open_catalogue(old).close()
    assert refused(old, *call) == f"The index in {old} has to be made anew. Do so with: tillit build"


def test_a_migration_keeps_documents_and_vectors_and_empties_the_terms(old):
    with opened(old) as before:
        kept = contents(before)
    connection = open_catalogue(old)
    assert contents(connection) == kept
    assert connection.execute("PRAGMA user_version").fetchone() == (len(catalogue.MIGRATIONS),)
    for language in TERM_LANGUAGES:
        assert connection.execute(f"SELECT count(forms) FROM terms_{language}").fetchone() == (0,)
    state = read_state(connection)
    assert state is not None
    assert (state.generation, state.model) == (None, None)
    connection.close()


def test_a_new_catalogue_and_a_migrated_one_have_the_same_tables(old, tmp_path):
    def schema(data: Path) -> list[tuple[str, ...]]:
        connection = open_catalogue(data)
        rows = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
        connection.close()
        return rows

    assert schema(old) == schema(tmp_path / "new")


def test_a_build_makes_it_what_it_would_be_anew_without_embedding_again(old, small_documents, tmp_path):
    embedder = HashEmbedder()
    build(Workshop(old, embedder), small_documents)
    build(Workshop(tmp_path / "new", HashEmbedder()), small_documents)
    assert embedder.embedded == []
    answer, expected = knowledge_base(old).ask(GRASS), knowledge_base(tmp_path / "new").ask(GRASS)
    assert (answer.text, answer.fingerprint) == (expected.text, expected.fingerprint)
    assert [(p.chunk, p.score) for p in answer.passages] == [(p.chunk, p.score) for p in expected.passages]
    assert state_of(old).fingerprint == state_of(tmp_path / "new").fingerprint


def test_a_build_makes_the_users_own_documents_anew_as_well(small_data, small_documents, tmp_path):
    ingest(Workshop(small_data, HashEmbedder()), [write(tmp_path / "notes", "ferry.md")])
    stored = own(small_data)["ferry"]
    build(Workshop(downgrade(small_data), HashEmbedder()), small_documents)
    again = own(small_data)["ferry"]
    assert (again.document, again.original, again.chunker) == (stored.document, stored.original, stored.chunker)
    assert knowledge_base(small_data).search("ferry island dawn")[0].chunk.document_id == "ferry"


@pytest.mark.parametrize("change", ["ingest", "remove"])
def test_until_it_is_built_anew_nothing_else_can_be_changed(small_data, small_documents, tmp_path, change):
    """What was there before could not be found by its words, and nobody would be told."""
    notes = write(tmp_path / "notes", "ferry.md")
    ingest(Workshop(small_data, HashEmbedder()), [notes])
    write(notes, "bus.md")
    workshop = Workshop(downgrade(small_data), HashEmbedder())
    with pytest.raises(CatalogueError) as caught:
        ingest(workshop, [notes]) if change == "ingest" else remove(workshop, ["ferry"])
    assert str(caught.value) == f"The index in {small_data} has to be made anew. Do so with: tillit build"
    build(workshop, small_documents)
    assert set(own(small_data)) == {"ferry"}
