"""Passages are ranked by a total order, filtered or not, and reranked where a model is set."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from kb import knowledge_base
from kb.knowledge_base import KnowledgeBase
from kb.records import Chunk, Passage
from kb.retrieval import retriever
from kb.retrieval.dense import DenseIndex
from kb.retrieval.filters import parse_filters
from kb.retrieval.lexical import bm25
from kb.store.catalogue import read_chunks, reading
from kb.store.generation import open_generation
from kb.vocabulary import LANGUAGES
from kb.words.terms import understand
from tests.conftest import HashEmbedder
from tests.kb.library import FIELDS, GARDENS, TWINS, reopened
from tests.kb.retrieval.shelf import shelf
from tests.stored import Polyglot

QUESTIONS = {
    "en": "How tall does the grass have to be on Bornholm?",
    "da": "Hvor højt skal græsset være på Bornholm?",
    "nb": "Hvor høyt må gresset være på Bornholm?",
    "sv": "Hur högt ska gräset vara på Bornholm?",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_document_is_read_in_the_askers_language(small_kb, language):
    passages = small_kb.search(QUESTIONS[language], language=language, limit=100)
    assert {passage.chunk.language for passage in passages} == {language}
    assert passages[0].chunk.document_id == "dk-bornholm-mowing-by-result"


def test_passages_that_tie_come_by_id_and_then_by_place(library_kb):
    twins = library_kb.search("Where does the orchard keep bees?")[:2]
    assert [passage.chunk.document_id for passage in twins] == [*TWINS]
    assert twins[0].score == twins[1].score
    echo = library_kb.search("Where does a lantern hang?")[:2]
    assert [passage.chunk.document_id for passage in echo] == ["int-echo", "int-echo"]
    assert echo[0].score == echo[1].score
    assert echo[0].chunk.start < echo[1].chunk.start


def test_ranks_count_from_one_and_scores_do_not_rise(library_kb):
    passages = library_kb.search("compost", limit=50)
    assert [passage.rank for passage in passages] == list(range(1, 51))
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)


def test_a_search_gives_as_many_passages_as_are_asked_for(library_kb):
    assert [len(library_kb.search("compost", limit=limit)) for limit in (1, 10, 25, 99, 100, 500)] == [
        1,
        10,
        25,
        99,
        100,
        149,
    ]


def test_passages_go_on_until_ten_documents_are_in(library_kb):
    passages = reopened(library_kb, passages=1).ask("Who turns the compost?").passages
    ids = [passage.chunk.document_id for passage in passages]
    assert len(set(ids)) == 10
    assert set(ids) <= set(GARDENS)
    assert ids[-1] not in ids[:-1]


def test_passages_go_on_until_an_answer_has_as_many_as_it_reads(library_kb):
    assert len(reopened(library_kb, passages=40).ask("Who turns the compost?").passages) == 40


def test_passages_are_a_hundred_at_most(library_kb):
    passages = library_kb.ask("How good was the harvest of the field?").passages
    assert FIELDS > 100
    assert [passage.chunk.document_id for passage in passages] == ["int-fields"] * 100


@pytest.mark.parametrize(
    "filters",
    [{"country": "DK"}, {"country": ["SE", "NO"]}, {"year": {"from": 2020}}, {"kind": "report"}],
    ids=["country", "countries", "year", "kind"],
)
@pytest.mark.parametrize(("language", "weight"), [("en", 0.0), ("en", 0.5), ("en", 1.0), ("da", 0.5)])
def test_a_filtered_ranking_is_the_unfiltered_one_without_the_rest(small_kb, language, weight, filters):
    kb = reopened(small_kb, dense_weight=weight)
    ids = {entry.id for entry in kb.entries() if parse_filters(filters).match(entry)}
    everything = kb.search(QUESTIONS[language], language=language, limit=100)
    expected = [(p.key, p.score) for p in everything if p.chunk.document_id in ids]
    found = kb.search(QUESTIONS[language], language=language, limit=100, filters=filters)
    assert [(p.key, p.score) for p in found] == expected


def test_filters_that_nothing_passes_leave_nothing(small_kb):
    assert small_kb.search(QUESTIONS["en"], filters={"country": "FI"}) == []


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_same_search_gives_the_same_passages(small_kb, language):
    first = small_kb.search(QUESTIONS[language], limit=100)
    assert small_kb.search(QUESTIONS[language], limit=100) == first
    assert reopened(small_kb).search(QUESTIONS[language], limit=100) == first


def test_a_language_that_the_model_cannot_read_is_searched_by_words_alone(small_kb, embedder):
    embedder.embedded.clear()
    passages = small_kb.search("romskip", language="nb")
    assert (passages, embedder.embedded) == ([], [])


def test_a_question_is_embedded_as_it_is_asked(small_kb, embedder):
    embedder.embedded.clear()
    small_kb.search("  How tall is the grass?\n")
    assert embedder.embedded == ["How tall is the grass?"]


def all_chunks(kb: KnowledgeBase) -> dict[int, Chunk]:
    with reading(kb.data) as connection:
        return read_chunks(connection, [key for (key,) in connection.execute("SELECT key FROM chunks")])


def ranked(kb: KnowledgeBase, scores: dict[int, float]) -> list[int]:
    """Return the keys of chunks in the order of their scores, ties by document and place."""
    chunks = all_chunks(kb)
    return sorted(scores, key=lambda key: (-round(scores[key], 9), chunks[key].document_id, chunks[key].start))


MIXED = "Which team turns compost and keeps bees?"


def test_of_dense_weight_nought_the_ranking_is_that_of_the_words(library_kb):
    with reading(library_kb.data) as connection:
        keys, scores = bm25(connection, "en", understand(MIXED, "en", ["en"]).terms["en"])
    expected = ranked(library_kb, dict(zip(keys.tolist(), scores.tolist(), strict=True)))
    found = [passage.key for passage in reopened(library_kb, dense_weight=0.0).search(MIXED, limit=100)]
    assert found[: len(expected)] == expected
    assert len(expected) == 14


def test_of_dense_weight_one_the_ranking_is_that_of_the_vectors(library_kb):
    generation = open_generation(library_kb.data, str(library_kb.status().generation))
    cosines = generation.vectors.astype(np.float64) @ HashEmbedder().embed_question(MIXED).astype(np.float64)
    expected = ranked(library_kb, dict(zip(generation.keys.tolist(), cosines.tolist(), strict=True)))
    found = reopened(library_kb, dense_weight=1.0).search(MIXED, limit=100)
    assert [passage.key for passage in found] == expected[:100]
    by_key = dict(zip(generation.keys.tolist(), ((cosines - cosines.mean()) / cosines.std()).tolist(), strict=True))
    assert [passage.score for passage in found] == pytest.approx([by_key[passage.key] for passage in found], abs=1e-8)


def comparable(passages: list[Passage]) -> list[tuple[Chunk, float, int]]:
    """Return passages without their keys, which are the catalogue's own."""
    return [(passage.chunk, passage.score, passage.rank) for passage in passages]


def test_what_the_rough_ranking_is_off_by_does_not_show(library_kb, monkeypatch):
    before = library_kb.search(MIXED, limit=100)
    rough, noise = DenseIndex.rough_cosines, np.random.default_rng(5)

    def rougher(index: DenseIndex, vector: np.ndarray) -> np.ndarray:
        cosines = rough(index, vector)
        return cosines + noise.uniform(-1e-3, 1e-3, len(cosines)).astype(np.float32)

    monkeypatch.setattr(DenseIndex, "rough_cosines", rougher)
    assert library_kb.search(MIXED, limit=100) == before


class Random(Polyglot):
    """A model whose vectors fill all their digits."""

    dimensions = 384

    def embed(self, texts):
        seeds = [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) for text in texts]
        vectors = np.array([np.random.default_rng(seed).normal(size=self.dimensions) for seed in seeds])
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.usefixtures("quick_publish")
def test_in_whatever_rows_the_vectors_lie_passages_and_scores_are_the_same(tmp_path):
    words = {"en": "Ferry", "da": "Færge", "sv": "Färja"}
    texts = [(f"t-{number}", code, f"{word} {number}.") for number in range(60) for code, word in words.items()]
    one = shelf(tmp_path / "one", *texts, embedder=Random())
    other = shelf(tmp_path / "other", *reversed(texts), embedder=Random())
    for question in ("Ferry 7", "Which færge?", "33"):
        for language in words:
            found = comparable(other.search(question, language=language, limit=100))
            assert found == comparable(one.search(question, language=language, limit=100))


def test_what_words_find_is_found_though_chroma_does_not_propose_it(library_kb, monkeypatch):
    monkeypatch.setattr(retriever, "CANDIDATES", 1)
    question = "Where does the orchard keep bees in lantern light?"
    few = reopened(library_kb, dense_search="chroma").search(question, limit=4)
    assert few == library_kb.search(question, limit=4)
    assert [passage.chunk.document_id for passage in few] == ["int-twin-a", "int-twin-b", "int-echo", "int-echo"]


class Shortest:
    """A reranker that finds short passages best."""

    id = "shortest"

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def score(self, question, passages):
        self.asked.append((question, list(passages)))
        return np.array([-len(text) for text in passages], dtype=np.float64)


@pytest.fixture
def reranker(monkeypatch) -> Shortest:
    shortest = Shortest()
    monkeypatch.setattr(knowledge_base, "open_reranker", lambda settings: shortest)
    return shortest


@pytest.mark.parametrize("first", [1, 5, 20, 100])
def test_a_reranker_orders_the_first_passages_anew_and_leaves_their_scores(library_kb, reranker, first):
    before = library_kb.search("Who turns the compost?", limit=100)
    after = reopened(library_kb, reranked=first).search("Who turns the compost?", limit=100)
    assert [p.chunk for p in after] == [
        *sorted([p.chunk for p in before[:first]], key=lambda chunk: len(chunk.text)),
        *(p.chunk for p in before[first:]),
    ]
    assert [(p.score, p.rank) for p in after] == [(p.score, p.rank) for p in before]
    assert reranker.asked == [("Who turns the compost?", [p.chunk.text for p in before[:first]])]


def test_what_a_reranker_finds_alike_stays_in_order(library_kb, reranker, monkeypatch):
    before = library_kb.search("compost", limit=20)
    monkeypatch.setattr(reranker, "score", lambda question, passages: np.zeros(len(passages)))
    assert reopened(library_kb).search("compost", limit=20) == before


def test_a_reranker_is_not_asked_where_nothing_was_found(library_kb, reranker):
    kb = reopened(library_kb)
    assert kb.search("compost", filters={"country": "FI"}) == []
    assert reranker.asked == []


def test_an_answer_is_made_of_the_passages_as_they_were_reranked(library_kb, reranker):
    kb = reopened(library_kb, support=0.0)
    question = "Who turns the compost?"
    assert list(kb.ask(question).passages) == kb.search(question, limit=kb.settings.passages)


def test_a_passage_is_a_span_of_its_document(small_kb):
    for language, question in QUESTIONS.items():
        for passage in small_kb.search(question, limit=100):
            found = small_kb.document(passage.chunk.document_id, language)
            assert found is not None
            assert found[0].text[passage.chunk.start : passage.chunk.end] == passage.chunk.text
