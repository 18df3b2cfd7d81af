"""Retrieval searches each document once, in the asker's language, and ranks by a total order."""

from __future__ import annotations

import numpy as np
import pytest

from kb.retrieval.filters import NO_FILTERS, Entry, parse_filters
from kb.retrieval.snapshot import Snapshot
from kb.store.catalogue import State
from kb.vocabulary import LANGUAGES
from tests.kb.library import FIELDS, GARDENS, TWINS, reopened

QUESTIONS = {
    "en": "How tall does the grass have to be on Bornholm?",
    "da": "Hvor højt skal græsset være på Bornholm?",
    "nb": "Hvor høyt må gresset være på Bornholm?",
    "sv": "Hur högt ska gräset vara på Bornholm?",
}


def entry(key: int, document_id: str, language: str, country: str = "DK") -> Entry:
    return Entry(key, document_id, language, "T", "case", country, (), (), 2016, "policy", "mixed", "shipped")


def snapshot(*entries: Entry) -> Snapshot:
    none = np.empty(0, dtype=np.int64)
    return Snapshot(State(None, None, "", "", ""), entries, none, none, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_document_is_searched_once_in_the_askers_language(small_kb, language):
    passages = small_kb.search(QUESTIONS[language], language=language, limit=100)
    assert {passage.chunk.language for passage in passages} == {language}
    assert passages[0].chunk.document_id == "dk-bornholm-mowing-by-result"


@pytest.mark.parametrize(
    ("asked", "stands_in", "read_in"),
    [
        ("nb", ("en", "da", "nb", "sv"), "nb"),
        ("nb", ("en", "da", "sv"), "da"),
        ("nb", ("en", "sv"), "sv"),
        ("da", ("en", "nb", "sv"), "nb"),
        ("sv", ("en", "da", "nb"), "nb"),
        ("sv", ("fi", "en"), "en"),
        ("en", ("nb", "sv"), "nb"),
        ("en", ("und", "fi"), "fi"),
        ("fi", ("fi", "da", "en"), "en"),
    ],
)
def test_a_document_is_read_in_the_language_nearest_to_the_askers(asked, stands_in, read_in):
    entries = [entry(key, "a", language) for key, language in enumerate(stands_in)]
    assert snapshot(*entries).pool(asked, NO_FILTERS) == {read_in: {stands_in.index(read_in)}}


def test_the_pool_holds_each_document_that_passes_the_filters():
    entries = (entry(1, "a", "da"), entry(2, "a", "en"), entry(3, "b", "en"), entry(4, "c", "da", "NO"))
    assert snapshot(*entries).pool("da", NO_FILTERS) == {"da": {1, 4}, "en": {3}}
    assert snapshot(*entries).pool("da", parse_filters({"country": "DK"})) == {"da": {1}, "en": {3}}
    assert snapshot(*entries).pool("da", parse_filters({"language": "en"})) == {"en": {2, 3}}
    assert snapshot(*entries).pool("da", parse_filters({"year": 2000})) == {}


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
        100,
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


@pytest.mark.parametrize(("weight", "found"), [(0.0, True), (1.0, False)], ids=["lexical-only", "dense-only"])
def test_the_dense_weight_says_how_much_words_count(library_kb, weight, found):
    weighted = reopened(library_kb, dense_weight=weight)
    scores = [passage.score for passage in weighted.search("compost bees", language="en", limit=100)]
    lexical = [passage.score for passage in library_kb.search("compost bees", limit=100, language="da")]
    assert (scores[: len(lexical)] == lexical) == found


def test_a_passage_is_a_span_of_its_document(small_kb):
    for language, question in QUESTIONS.items():
        for passage in small_kb.search(question, limit=100):
            found = small_kb.document(passage.chunk.document_id, language)
            assert found is not None
            assert found[0].text[passage.chunk.start : passage.chunk.end] == passage.chunk.text
