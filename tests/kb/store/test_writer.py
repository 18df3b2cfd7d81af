"""One commit point: what is staged is invisible, what is published is whole, and faults leave the old state."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import numpy as np
import pytest

from kb.blocks import parse_blocks
from kb.fingerprint import corpus_fingerprint, index_fingerprint
from kb.knowledge_base import KnowledgeBase
from kb.records import Chunk, no_progress
from kb.settings import load_settings
from kb.store import embeddings
from kb.store.catalogue import read_chunks, reading, stored_documents
from kb.store.generation import open_generation
from kb.store.publish import publish as publish_staged
from kb.store.terms import terms_table
from kb.store.writer import block_to_embed, drop_staged, stage, text_to_embed
from kb.vocabulary import LANGUAGES
from tests.conftest import HashEmbedder
from tests.kb.store.writing import CHUNKER, count, document, found, ids, prepared, publish, writing
from tests.stored import BODY, generations_in, live, own, state_of

pytestmark = pytest.mark.usefixtures("quick_publish")


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


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "Ferry\nIt sails:"), (2, "Ferry\nIt sails:\nAt dawn."), (4, "Ferry\nAsk us.")],
    ids=["no-lead", "lead", "after-a-list"],
)
def test_a_block_is_embedded_with_the_title_and_the_line_that_leads_it_in(number, expected):
    given = document(text="# Ferry\n\nIt sails:\n\n- At dawn.\n- At noon.\n\nAsk us.\n")
    blocks = parse_blocks(given.text)
    assert block_to_embed(given, blocks, blocks[number]) == expected


def test_a_long_title_leaves_a_block_room():
    given = document(text="It sails.", title="t" * 500)
    (block,) = parse_blocks(given.text)
    assert block_to_embed(given, (block,), block) == f"{'t' * 160}\nIt sails."


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
    assert count(small_data, "SELECT count(*) FROM terms_en WHERE terms_en MATCH 'dawn'") == 0
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
    assert told == [("embed", 0, 1), ("embed", 1, 1), ("index", 1, 1), ("verify", 1, 1), ("terms", 1, 1)]
