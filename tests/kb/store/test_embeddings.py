"""Chunks, blocks and their questions are embedded when they are published, and none of them twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kb.records import BlockQuestion, Document, no_progress
from kb.shipped import sha256_of
from kb.store import embeddings
from kb.store.catalogue import reading
from kb.store.embeddings import embed_missing, embed_texts, known_vectors
from kb.store.writer import stage
from tests.conftest import HashEmbedder
from tests.kb.store.writing import document, prepared, publish, writing
from tests.stored import Polyglot, Turned, own

pytestmark = pytest.mark.usefixtures("quick_publish")

TEXT = "# Ferry\n\nIt sails:\n\n- At dawn.\n- At noon.\n"
WHEN = BlockQuestion(1, 3, "When does it sail?")
WHAT = BlockQuestion(None, None, "What is this about?")
CHUNK = "Ferry\nIt sails:\n\n- At dawn.\n- At noon."
LEAD, DAWN, NOON = "Ferry\nIt sails:", "Ferry\nIt sails:\nAt dawn.", "Ferry\nIt sails:\nAt noon."


def ferry(*questions: BlockQuestion, text: str = TEXT, language: str = "en", name: str = "ferry") -> Document:
    return replace(document(name, text, language), block_questions=questions)


def embedded(data, *documents: Document, embedder: HashEmbedder | None = None) -> list[str]:
    """Return what is embedded when documents are published, in order."""
    embedder = embedder or HashEmbedder()
    publish(data, *map(prepared, documents), embedder=embedder)
    return embedder.embedded


def test_chunks_come_first_then_each_documents_questions_and_its_blocks_but_headings(small_data):
    assert embedded(small_data, ferry(WHEN, WHAT)) == [CHUNK, WHEN.text, WHAT.text, LEAD, DAWN, NOON]


def test_the_vectors_of_blocks_and_questions_are_kept(small_data):
    embedded(small_data, ferry(WHEN))
    texts = [WHEN.text, LEAD, DAWN, NOON]
    with reading(small_data) as connection:
        vectors = known_vectors(connection, HashEmbedder(), [sha256_of(text) for text in texts])
    np.testing.assert_array_equal(np.stack(list(vectors.values())), HashEmbedder().embed(texts))


def test_what_has_a_vector_is_not_embedded_again(small_data):
    embedded(small_data, ferry(WHEN))
    assert embedded(small_data, ferry(WHEN)) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (ferry(WHEN, WHAT), [WHAT.text]),
        (ferry(BlockQuestion(2, 2, WHEN.text)), []),
        (ferry(), []),
        (
            ferry(WHEN, text=TEXT.replace("noon", "dusk")),
            [CHUNK.replace("noon", "dusk"), NOON.replace("noon", "dusk")],
        ),
        (
            ferry(WHEN, text=TEXT.replace("It sails", "So")),
            [each.replace("It sails", "So") for each in (CHUNK, LEAD, DAWN, NOON)],
        ),
    ],
    ids=["another-question", "other-blocks", "question-gone", "a-block", "the-lead-of-blocks"],
)
def test_of_a_changed_document_only_what_changed_is_embedded(small_data, changed, expected):
    embedded(small_data, ferry(WHEN))
    assert embedded(small_data, changed) == expected


def test_a_text_of_two_documents_is_embedded_once(small_data):
    assert embedded(small_data, ferry(WHEN), ferry(WHEN, name="boat")) == [CHUNK, WHEN.text, LEAD, DAWN, NOON]


def test_a_question_that_is_asked_of_two_blocks_is_embedded_once(small_data):
    assert embedded(small_data, ferry(WHEN, BlockQuestion(2, 2, WHEN.text))).count(WHEN.text) == 1


@pytest.mark.parametrize(
    ("embedder", "expected"),
    [(HashEmbedder(), []), (Polyglot("en", "sv"), [CHUNK, WHEN.text, LEAD, DAWN, NOON])],
    ids=["does-not-read-it", "reads-it"],
)
def test_blocks_and_questions_are_embedded_where_the_model_reads_their_language(small_data, embedder, expected):
    publish(small_data, embedder=embedder)
    embedder.embedded.clear()
    assert embedded(small_data, ferry(WHEN, language="sv"), embedder=embedder) == expected


def test_a_document_that_goes_is_not_embedded_for_another_model(small_data):
    embedded(small_data, ferry(WHEN))
    key = own(small_data)["ferry"].key
    other = Turned()
    publish(small_data, retired=(key,), embedder=other)
    assert len(other.embedded) > 0
    assert {CHUNK, WHEN.text, LEAD, DAWN, NOON} & set(other.embedded) == set()


def test_a_text_that_is_nothing_but_headings_has_them_and_its_questions_embedded(small_data):
    assert embedded(small_data, ferry(WHEN, text="# Ferry\n")) == ["Ferry\nFerry", WHEN.text]


def test_a_document_without_a_text_has_nothing_to_embed(small_data):
    assert embedded(small_data, ferry(text="")) == []


def test_progress_counts_chunks_blocks_and_questions_together(small_data, monkeypatch):
    monkeypatch.setattr(embeddings, "EMBED_BATCH", 2)
    told: list[tuple[str, int, int]] = []
    with writing(small_data) as connection:
        stage(connection, [prepared(ferry(WHEN))])
        embed_missing(connection, HashEmbedder(), lambda *args: told.append(args))
        embed_missing(connection, HashEmbedder(), lambda *args: told.append(args))
    assert told == [("embed", done, 5) for done in (0, 2, 2, 4, 4, 5)]


def told_of_embedding(data, documents: list[Document]) -> list[tuple[str, int, int]]:
    told: list[tuple[str, int, int]] = []
    with writing(data) as connection:
        stage(connection, map(prepared, documents))
        staged = connection.execute("SELECT key FROM documents WHERE state = 'staged' ORDER BY key").fetchall()
        embed_missing(connection, HashEmbedder(), lambda *args: told.append(args), [key for (key,) in staged])
    return told


def test_how_many_texts_there_are_is_guessed_while_documents_are_read(small_data, monkeypatch):
    monkeypatch.setattr(embeddings, "EMBED_BATCH", 2)
    other = ferry(text=TEXT.replace("noon", "dusk").replace("dawn", "noon"), name="boat")
    told = told_of_embedding(small_data, [ferry(WHEN), other])
    assert told == [("embed", *pair) for pair in ((0, 10), (2, 10), (2, 10), (4, 10), (4, 7), (6, 7), (6, 7), (7, 7))]


def test_progress_comes_to_its_end_where_the_last_documents_lack_nothing(small_data, monkeypatch):
    monkeypatch.setattr(embeddings, "EMBED_BATCH", 1)
    embedded(small_data, ferry(WHEN))
    told = told_of_embedding(small_data, [ferry(WHAT, name="boat"), ferry(WHEN)])
    assert told == [("embed", *pair) for pair in ((0, 2), (1, 2), (1, 1))]


def test_texts_are_embedded_in_whole_batches_across_documents(small_data, monkeypatch):
    monkeypatch.setattr(embeddings, "EMBED_BATCH", 4)
    batches: list[int] = []

    class Counting(HashEmbedder):
        def embed(self, texts):
            batches.append(len(texts))
            return super().embed(texts)

    with writing(small_data) as connection:
        stage(connection, [prepared(ferry(BlockQuestion(1, 1, f"Why {n}?"), name=f"ferry{n}")) for n in range(6)])
        embed_missing(connection, Counting(), no_progress)
    assert batches == [4, 4, 2]  # four texts that all have, and a question of each


def test_more_texts_than_a_batch_are_all_embedded(small_data, monkeypatch):
    monkeypatch.setattr(embeddings, "EMBED_BATCH", 2)
    assert embedded(small_data, ferry(WHEN, WHAT)) == [CHUNK, WHEN.text, WHAT.text, LEAD, DAWN, NOON]


def test_a_killed_run_keeps_the_vectors_that_it_made(small_data, monkeypatch):
    monkeypatch.setattr(embeddings, "EMBED_BATCH", 2)

    class Killed(HashEmbedder):
        def embed(self, texts):
            if LEAD in texts:
                raise KeyboardInterrupt
            return super().embed(texts)

    with writing(small_data) as connection:
        stage(connection, [prepared(ferry(WHEN))])
        with pytest.raises(KeyboardInterrupt):
            embed_missing(connection, Killed(), no_progress)
    assert embedded(small_data, ferry(WHEN)) == [LEAD, DAWN, NOON]


def test_vectors_are_given_by_key_and_only_unknown_ones_are_made(small_data):
    texts = {sha256_of(text): text for text in ("One.", "Two.", "Three.")}
    first, *_ = texts
    embedder = HashEmbedder()
    with writing(small_data) as connection:
        embed_texts(connection, embedder, {first: "One."})
        vectors = embed_texts(connection, embedder, texts)
        assert embed_texts(connection, embedder, {}) == {}
        assert known_vectors(connection, Turned(), list(texts)) == {}
    assert embedder.embedded == ["One.", "Two.", "Three."]
    assert {key: vector.tolist() for key, vector in vectors.items()} == {
        key: HashEmbedder().embed([text])[0].tolist() for key, text in texts.items()
    }
