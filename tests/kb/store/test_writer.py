"""One commit point: what is staged is invisible, what is published is whole, and faults leave the old state."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from ingest.chunking import Window, chunk_group
from kb.blocks import parse_blocks
from kb.errors import DataFolderError
from kb.fingerprint import corpus_fingerprint, index_fingerprint
from kb.knowledge_base import KnowledgeBase
from kb.records import Chunk, Document, no_progress
from kb.settings import load_settings
from kb.shipped import sha256_of
from kb.store import embeddings, generation, terms, verify
from kb.store.catalogue import open_catalogue, read_chunks, reading, stored_documents
from kb.store.generation import open_generation
from kb.store.publish import publish as publish_staged
from kb.store.terms import terms_table
from kb.store.writer import Place, Prepared, drop_staged, stage, text_to_embed, transaction
from kb.vocabulary import LANGUAGES
from tests.conftest import HashEmbedder
from tests.stored import BODY, Turned, generations_in, live, own, state_of, verify_here

CHUNKER = "1/256"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    verify_here(monkeypatch)


def document(document_id: str = "ferry", text: str = BODY, language: str = "en", title: str = "Ferry") -> Document:
    return Document(
        id=document_id,
        language=language,
        title=title,
        text=text,
        sha256=sha256_of(text),
        kind="unknown",
        evidence="unknown",
        stance="unknown",
        text_by="source",
    )


def prepared(given: Document, origin: str = "own") -> Prepared:
    embedder = HashEmbedder()
    blocks = parse_blocks(given.text)
    (chunks,) = chunk_group([(given, blocks)], Window(embedder.count_tokens, embedder.window))
    return Prepared(given, blocks, chunks, origin, CHUNKER, Place(f"{given.id}.md", "/notes", "original.md", "source"))


@contextmanager
def writing(data: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_catalogue(data)) as connection:
        yield connection


def publish(data: Path, *items: Prepared, retired: tuple[int, ...] = (), embedder: HashEmbedder | None = None) -> None:
    with writing(data) as connection:
        stage(connection, items)
        publish_staged(connection, data, embedder or HashEmbedder(), CHUNKER, retired, no_progress)


def ids(data: Path) -> set[tuple[str, str]]:
    return set(live(data))


def found(data: Path, question: str) -> list[str]:
    """Return the ids of the documents that a fresh reader finds, best first."""
    kb = KnowledgeBase(load_settings(data=data), HashEmbedder())
    return [passage.chunk.document_id for passage in kb.search(question)]


def count(data: Path, query: str, *values: object) -> int:
    with reading(data) as connection:
        return int(connection.execute(query, values).fetchone()[0])


# What is built ---------------------------------------------------------------------------------


def test_every_language_of_every_document_is_stored_whole(small_data):
    stored = live(small_data)
    assert Counter(language for _, language in stored) == dict.fromkeys(LANGUAGES, 6)
    for (document_id, language), item in stored.items():
        assert (item.document.id, item.document.language, item.origin) == (document_id, language, "shipped")
        assert item.document.sha256 == sha256(item.document.text.encode()).hexdigest()
        assert (item.path, item.folder, item.original, item.source) == (None, None, None, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_chunk_is_its_documents_text_at_its_offsets(small_data, language):
    stored = live(small_data)
    with reading(small_data) as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM chunks")]
        chunks = [chunk for chunk in read_chunks(connection, keys).values() if chunk.language == language]
    assert {chunk.document_id for chunk in chunks} == {document_id for document_id, _ in stored}
    for chunk in chunks:
        text = stored[chunk.document_id, language].document.text
        assert text[chunk.start : chunk.end] == chunk.text
        assert chunk.text.strip() == chunk.text != ""


def test_the_vector_of_each_chunk_is_that_of_the_text_to_embed(small_data):
    stored = live(small_data)
    with reading(small_data) as connection:
        rows = connection.execute(
            "SELECT c.key, c.embedded, e.model, e.vector FROM chunks c "
            "LEFT JOIN embeddings e ON e.text_sha256 = c.embedded ORDER BY c.key"
        ).fetchall()
        chunks = read_chunks(connection, [row[0] for row in rows])
    index = open_generation(small_data, state_of(small_data).generation)
    place = dict(zip(index.keys.tolist(), index.vectors, strict=True))
    for key, embedded, model, vector in rows:
        chunk = chunks[key]
        text = text_to_embed(stored[chunk.document_id, chunk.language].document, chunk)
        assert embedded == sha256(text.encode()).hexdigest()
        assert (key in place) == (chunk.language == "en") == (model == "hash/64")
        if key in place:
            np.testing.assert_array_equal(place[key], HashEmbedder().embed([text])[0])
            np.testing.assert_array_equal(place[key], np.frombuffer(vector, dtype="<f4"))
    assert len(place) == count(
        small_data, "SELECT count(*) FROM documents d JOIN chunks c ON d.key = c.document WHERE d.language = 'en'"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_chunk_has_its_index_terms_in_the_table_of_its_language(small_data, language):
    with reading(small_data) as connection:
        terms = connection.execute(f"SELECT rowid FROM terms_{language} ORDER BY rowid").fetchall()
        chunks = connection.execute(
            "SELECT c.key FROM chunks c JOIN documents d ON d.key = c.document WHERE d.language = ? ORDER BY c.key",
            (language,),
        ).fetchall()
    assert terms == chunks


@pytest.mark.parametrize(
    ("language", "table"), [("en", "terms_en"), ("sv", "terms_sv"), ("fi", "terms_en"), ("und", "terms_en")]
)
def test_texts_in_languages_without_a_table_lie_in_the_english_one(language, table):
    assert terms_table(language) == table


def test_title_and_heading_path_are_embedded_with_the_text():
    chunk = Chunk("ferry", "en", 3, 3, 0, 9, "It sails.", ("Ferry", "Times", "Winter"))
    assert text_to_embed(document(), chunk) == "Ferry\nTimes › Winter\nIt sails."
    assert text_to_embed(document(), Chunk("ferry", "en", 0, 0, 0, 9, "It sails.", ())) == "Ferry\nIt sails."


def test_a_long_title_and_heading_path_leave_room_for_the_text():
    chunk = Chunk("ferry", "en", 3, 3, 0, 9, "It sails.", ("a" * 500, "b" * 100))
    expected = f"{'t' * 160}\n{'a' * 57} › {'b' * 100}\nIt sails."
    assert text_to_embed(document(title="t" * 500), chunk) == expected


# Staging and publishing ------------------------------------------------------------------------


def test_staged_documents_are_invisible_to_readers(small_data, small_kb):
    before = (small_kb.status(), small_kb.entries(), small_kb.search("ferry island dawn"))
    with writing(small_data) as connection:
        stage(connection, [prepared(document()), prepared(document(document_id="int-nl-buurtzorg"))])
        embeddings.embed_missing(connection, HashEmbedder(), no_progress)
    assert (small_kb.status(), small_kb.entries(), small_kb.search("ferry island dawn")) == before
    fresh = KnowledgeBase(load_settings(data=small_data), HashEmbedder())
    assert (fresh.status(), fresh.entries(), fresh.search("ferry island dawn")) == before
    assert small_kb.document("ferry") is None


def test_a_published_document_is_found_by_the_next_search(small_data, small_kb):
    before = small_kb.status()
    assert "ferry" not in found(small_data, "ferry island dawn")
    publish(small_data, prepared(document()))
    assert small_kb.search("ferry island dawn")[0].chunk.document_id == "ferry"
    after = small_kb.status()
    assert (after.documents, after.own_documents, after.chunks) == (before.documents + 1, 1, before.chunks + 1)
    assert after.corpus != before.corpus


def test_staging_again_replaces_what_was_staged(small_data):
    with writing(small_data) as connection:
        stage(connection, [prepared(document(text="First."))])
        stage(connection, [prepared(document(text="Second."))])
        assert [s.document.text for s in stored_documents(connection, "staged")] == ["Second."]


def test_dropping_what_was_staged_keeps_the_vectors_already_made(small_data):
    before = ids(small_data)
    embedder = HashEmbedder()
    with writing(small_data) as connection:
        stage(connection, [prepared(document())])
        embeddings.embed_missing(connection, embedder, no_progress)
        drop_staged(connection)
        assert list(stored_documents(connection, "staged")) == []
        assert connection.execute(
            "SELECT count(*) FROM chunks c LEFT JOIN documents d ON d.key = c.document WHERE d.key IS NULL"
        ).fetchone() == (0,)
    assert embedder.embedded == [f"Ferry\n{BODY}"]
    assert ids(small_data) == before
    again = HashEmbedder()
    publish(small_data, prepared(document()), embedder=again)
    assert again.embedded == []


def test_a_document_replaces_the_one_of_its_id_and_language(small_data):
    publish(small_data, prepared(document()))
    publish(small_data, prepared(document(text="The bus leaves at noon.")))
    assert own(small_data)["ferry"].document.text == "The bus leaves at noon."
    assert "ferry" not in found(small_data, "sails island dawn")
    assert found(small_data, "bus noon")[0] == "ferry"


def test_a_document_of_the_users_own_replaces_the_one_in_another_language(small_data):
    before = ids(small_data)
    publish(small_data, prepared(document()))
    publish(small_data, prepared(document(text="Færgen sejler ved daggry.", language="da")))
    assert ids(small_data) - before == {("ferry", "da")}


def test_a_shipped_document_replaces_only_its_own_language(small_data):
    before = ids(small_data)
    old = live(small_data)["int-nl-buurtzorg", "en"].document
    publish(small_data, prepared(document("int-nl-buurtzorg", "Changed.", "da"), origin="shipped"))
    assert ids(small_data) == before
    assert live(small_data)["int-nl-buurtzorg", "en"].document == old
    assert live(small_data)["int-nl-buurtzorg", "da"].document.text == "Changed."


def test_retired_documents_leave_no_trace_but_their_vectors(small_data):
    publish(small_data, prepared(document()))
    key = own(small_data)["ferry"].key
    vectors = count(small_data, "SELECT count(*) FROM embeddings")
    publish(small_data, retired=(key,))
    assert own(small_data) == {}
    for table in ("blocks", "chunks"):
        assert count(small_data, f"SELECT count(*) FROM {table} WHERE document = ?", key) == 0
    assert count(small_data, "SELECT count(*) FROM terms_en WHERE terms_en MATCH 'dawn'") == 0
    assert count(small_data, "SELECT count(*) FROM embeddings") == vectors


def test_the_fingerprints_depend_on_what_is_there_and_not_on_how_it_came(small_data):
    def fingerprints() -> tuple[str, str]:
        state = state_of(small_data)
        return state.corpus, state.fingerprint

    without = fingerprints()
    publish(small_data, prepared(document()))
    with_ferry = fingerprints()
    digests = [(s.document.id, s.document.language, s.digest) for s in live(small_data).values()]
    publish(small_data, retired=(own(small_data)["ferry"].key,))
    assert fingerprints() == without != with_ferry
    publish(small_data, prepared(document()))
    assert fingerprints() == with_ferry
    corpus = corpus_fingerprint(reversed(digests))
    assert with_ferry == (corpus, index_fingerprint(corpus, CHUNKER, ["hash/64"]))


def test_only_the_current_generation_and_the_one_before_are_kept(small_data):
    names = [state_of(small_data).generation]
    for number in range(4):
        publish(small_data, prepared(document(text=f"Number {number}.")))
        names.append(state_of(small_data).generation)
        assert generations_in(small_data) == set(names[-2:])
    assert len(set(names)) == 5


def test_what_a_killed_run_left_in_the_index_is_swept(small_data):
    (small_data / "index" / "orphan").mkdir()
    (small_data / "index" / "orphan" / "manifest.json").write_text("{}")
    before = state_of(small_data).generation
    publish(small_data, prepared(document()))
    assert generations_in(small_data) == {before, state_of(small_data).generation}


def test_progress_is_told_by_stage(small_data):
    told: list[tuple[str, int, int]] = []
    with writing(small_data) as connection:
        stage(connection, [prepared(document())])
        publish_staged(connection, small_data, HashEmbedder(), CHUNKER, (), lambda *args: told.append(args))
    assert told == [("embed", 0, 1), ("embed", 1, 1), ("index", 1, 1), ("terms", 1, 1)]


# The model -------------------------------------------------------------------------------------


class Narrow(HashEmbedder):
    """A model of 16 dimensions."""

    dimensions = 16

    def embed(self, texts):
        self.embedded += texts
        return np.array([np.eye(16)[len(text) % 16] for text in texts], dtype=np.float32)


def vectors_of(data: Path) -> np.ndarray:
    return np.asarray(open_generation(data, state_of(data).generation).vectors)


def test_another_model_embeds_everything_anew_and_never_mixes(small_data):
    english = count(
        small_data, "SELECT count(*) FROM chunks c JOIN documents d ON d.key = c.document WHERE d.language = 'en'"
    )
    other = Turned()
    publish(small_data, prepared(document()), embedder=other)
    assert len(set(other.embedded)) == len(other.embedded) == english + 1
    index = open_generation(small_data, state_of(small_data).generation)
    assert state_of(small_data).model == index.manifest["model"] == "turned/64"
    np.testing.assert_array_equal(index.vectors, Turned().embed(other.embedded))
    assert verify.check(index.folder) is None


def test_a_model_of_other_dimensions_starts_a_new_index(small_data):
    publish(small_data, prepared(document()), embedder=Narrow("narrow"))
    assert vectors_of(small_data).shape[1] == 16


def test_going_back_to_a_model_embeds_nothing(small_data):
    before = vectors_of(small_data)
    publish(small_data, embedder=Turned())
    assert not np.array_equal(vectors_of(small_data), before)
    back = HashEmbedder()
    publish(small_data, embedder=back)
    assert back.embedded == []
    np.testing.assert_array_equal(vectors_of(small_data), before)


def test_a_text_that_occurs_twice_is_embedded_once(small_data):
    embedder = HashEmbedder()
    publish(small_data, prepared(document("one")), prepared(document("two")), embedder=embedder)
    assert embedder.embedded == [f"Ferry\n{BODY}"]
    assert found(small_data, "ferry island dawn")[:2] == ["one", "two"]


def test_texts_in_languages_that_the_model_cannot_read_are_not_embedded(small_data):
    embedder = HashEmbedder()
    publish(small_data, prepared(document(text="Lautta lähtee.", language="fi")), embedder=embedder)
    assert embedder.embedded == []
    assert found(small_data, "lautta")[0] == "ferry"


# Faults ----------------------------------------------------------------------------------------


def full(*args: object, **kwargs: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(("owner", "name"), [(np, "save"), (os, "fsync")], ids=["vectors", "sync"])
def test_a_full_disk_loses_nothing(small_data, monkeypatch, owner, name):
    publish(small_data, prepared(document()))
    before = (state_of(small_data), ids(small_data), generations_in(small_data), found(small_data, "ferry island"))
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full)
        with pytest.raises(DataFolderError) as caught:
            publish(small_data, prepared(document("bus", "The bus leaves.")))
    assert str(caught.value) == (
        f"The index in {small_data / 'index'} cannot be written: [Errno 28] No space left on device. Nothing was lost."
    )
    after = (state_of(small_data), ids(small_data), generations_in(small_data), found(small_data, "ferry island"))
    assert after == before
    publish(small_data, prepared(document("bus", "The bus leaves.")))
    assert found(small_data, "bus leaves")[0] == "bus"


def test_an_index_that_fails_its_check_is_not_published(small_data, monkeypatch):
    before = (state_of(small_data), ids(small_data), generations_in(small_data))
    monkeypatch.setattr(generation, "probe", lambda folder: "it is upside down")
    with pytest.raises(DataFolderError, match="could not be read back: it is upside down"):
        publish(small_data, prepared(document()))
    assert (state_of(small_data), ids(small_data), generations_in(small_data)) == before


def test_a_catalogue_that_cannot_be_written_loses_nothing(small_data, monkeypatch):
    before = (state_of(small_data), ids(small_data))

    def fail(*args: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(terms, "index_staged", fail)
    with pytest.raises(DataFolderError) as caught:
        publish(small_data, prepared(document()))
    assert str(caught.value) == "The catalogue cannot be written (database or disk is full). Nothing was lost."
    assert (state_of(small_data), ids(small_data)) == before


def test_a_transaction_is_undone_by_any_error(small_data):
    def empty_and_fail(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.execute("DELETE FROM documents")
            raise KeyError

    with writing(small_data) as connection:
        with pytest.raises(KeyError):
            empty_and_fail(connection)
        assert not connection.in_transaction
        assert len(list(stored_documents(connection))) == 24


def remove_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def cut_vectors(folder: Path) -> None:
    (folder / "vectors.npy").write_bytes((folder / "vectors.npy").read_bytes()[:100])


def empty_keys(folder: Path) -> None:
    (folder / "keys.npy").write_bytes(b"")


def garble_keys(folder: Path) -> None:
    (folder / "keys.npy").write_bytes(b"not an array")


def garble_chroma(folder: Path) -> None:
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"not a database" * 1000)


def remove_all(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


@pytest.mark.parametrize("damage", [cut_vectors, empty_keys, garble_keys, garble_chroma, remove_manifest, remove_all])
def test_a_damaged_index_is_made_anew_without_embedding_again(small_data, damage):
    state = state_of(small_data)
    vectors = vectors_of(small_data).copy()
    damage(small_data / "index" / state.generation)
    embedder = HashEmbedder()
    publish(small_data, prepared(document()), embedder=embedder)
    assert embedder.embedded == [f"Ferry\n{BODY}"]
    np.testing.assert_array_equal(vectors_of(small_data)[:-1], vectors)
    assert verify.check(small_data / "index" / state_of(small_data).generation) is None
    assert found(small_data, "ferry island dawn")[0] == "ferry"
