"""What is read for an answer, for a search for cases, of another question beside it, and how well a text answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kb.answering import reading
from kb.answering.followup import AGAIN
from kb.answering.ranking import rank
from kb.answering.reading import READ_DOCUMENTS, WHOLE, Reading
from kb.knowledge_base import KnowledgeBase
from kb.records import BlockQuestion, Document
from kb.settings import load_settings
from tests.conftest import HashEmbedder
from tests.kb.answering.texts import WordMatching, document_of, ranked_of, read_of, reading_of
from tests.kb.store.writing import prepared, publish

RANKED = ranked_of((read_of(document_of("Nurses plan.")), (1.0,)))


def test_readings_are_told_apart_even_where_they_are_of_the_same_words(catalogue, embedder):
    vector = embedder.embed_question("trust")
    one, other = (reading_of(catalogue, "trust", RANKED, vector=vector) for _ in range(2))
    assert one in [other, one]
    assert one not in [other]


@pytest.fixture
def matched_once(monkeypatch):
    """Let a match of all words count as much as all terms."""
    monkeypatch.setattr(reading, "MATCHED", 1.0)
    monkeypatch.setattr(reading, "HOLDS", 0.2)


@pytest.mark.parametrize(
    ("question", "text", "score"),
    [
        ("nurses care", "Nurses care.", 2.2),
        ("nurses care", "Nurses rest.", 1.2),
        ("nurses care", "", 0.2),
        ("How many nurses care?", "Nurses care.", 1.5),
        ("How many nurses care?", "9 nurses care.", 1.7),
        ("How many nurses care?", "9 teams rest.", 0.0),
    ],
    ids=["all", "half", "nothing", "no-number", "counted", "another-number"],
)
@pytest.mark.usefixtures("matched_once")
def test_where_no_model_reads_a_question_a_text_answers_by_terms_matches_and_what_it_holds(
    catalogue, question, text, score
):
    assert reading_of(catalogue, question, RANKED).score(text) == pytest.approx(score)


@pytest.mark.usefixtures("matched_once")
def test_with_a_model_a_text_that_is_near_answers_better(catalogue, embedder):
    given = reading_of(catalogue, "nurses care", RANKED, vector=embedder.embed_question("nurses care"))
    assert (given.nearness("nurses care"), given.score("nurses care")) == (1.0, pytest.approx(3.2))


@pytest.mark.usefixtures("matched_once")
def test_words_are_matched_with_the_turn_that_asks_alone(catalogue):
    matching = WordMatching()
    given = reading_of(catalogue, "nurses care", RANKED, matching=matching)
    given = replace(given, asked=replace(given.asked, text="And care?"))
    assert given.score("Nurses.") == pytest.approx(0.7)
    assert given.score("Care.") == pytest.approx(1.2)
    assert matching.asked == [("And care?", (text,), ("",)) for text in ("Nurses.", "Care.")]


def test_what_the_catalogue_has_no_vector_of_is_not_near(catalogue, embedder):
    vector = embedder.embed_question("trust")
    assert reading_of(catalogue, "trust", RANKED, vector=vector).cosines(["trust"]) == [0.0]
    assert reading_of(catalogue, "trust", RANKED).cosines(["trust", "care"]) == [0.0, 0.0]


CASES = "Which cases of nurses are there?"


def case(number: int, **fields) -> Document:
    """Return a document of one line, an example of something."""
    example = BlockQuestion(None, None, f"An example of garden {number}")
    return document_of(f"Nurses plan garden {number}.", id=f"garden-{number:02}", block_questions=(example,), **fields)


def library(data: Path, *documents: Document, **settings: object) -> KnowledgeBase:
    publish(data, *(prepared(each, origin="shipped") for each in documents))
    return KnowledgeBase(load_settings(data=data, **settings), HashEmbedder())


@pytest.fixture
def gardens(tmp_path, quick_publish, plain_weights) -> KnowledgeBase:
    """A knowledge base of cases, one in Denmark, the others in Sweden."""
    return library(tmp_path / "data", *(case(n, country="SE" if n else "DK") for n in range(15)), passages=14)


def ids(given: Reading) -> list[str]:
    return sorted(each.document.id for each in given.reads)


@pytest.fixture
def always_a_search(monkeypatch):
    """Read no search for cases anew that is not answered by one document."""
    monkeypatch.setattr(reading, "NOT_A_SEARCH", 9.0)


@pytest.mark.usefixtures("always_a_search")
@pytest.mark.parametrize(("question", "read"), [("Who are nurses?", READ_DOCUMENTS), (CASES, 15)])
def test_cases_are_looked_for_in_more_documents_and_passages(gardens, question, read):
    assert len(ids(gardens.read(question))) == read


@pytest.mark.usefixtures("always_a_search")
@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Which Danish cases of nurses are there?", 1),
        ("Which Swedish cases of nurses are there?", 14),
        ("Which Finnish cases of nurses are there?", 15),
        ("Which cases of nurses outside Denmark are there?", 15),
        ("Who are Danish nurses?", READ_DOCUMENTS),
    ],
    ids=["one", "others", "none-there", "left-out", "no-search"],
)
def test_cases_are_looked_for_in_the_countries_that_are_named(gardens, question, read):
    assert len(ids(gardens.read(question))) == read


@pytest.mark.usefixtures("always_a_search")
def test_the_country_may_be_named_by_the_turn_before(gardens):
    assert ids(gardens.read("What of Danish nurses?", "And which cases are there?")) == ["garden-00"]


def test_only_a_search_for_cases_is_compared_with_what_documents_are_examples_of(gardens, always_a_search):
    searched, other = gardens.read("Which cases of garden 7 are there?"), gardens.read("Who plans garden 7?")
    assert (searched.asked.type, other.asked.type) == ("cases", "fact")
    assert searched.features["cases near"] > 0.1
    assert other.features["cases near"] == 0.0


@pytest.mark.parametrize(("more", "kind"), [(0.0, "cases"), (-1e-6, "fact")], ids=["as-near", "nearer"])
def test_a_search_is_none_where_a_block_is_nearer_than_what_documents_are_examples_of(
    gardens, always_a_search, monkeypatch, more, kind
):
    searched = gardens.read(CASES)
    nearer = searched.features["cosine"] - searched.features["cases near"]
    monkeypatch.setattr(reading, "NOT_A_SEARCH", nearer + more)
    given = gardens.read(CASES)
    assert (given.asked.type, given.features["asks for cases"]) == (kind, float(kind == "cases"))
    assert len(ids(given)) == (15 if kind == "cases" else READ_DOCUMENTS)


def test_what_is_no_search_after_all_is_read_in_all_countries(gardens, monkeypatch):
    monkeypatch.setattr(reading, "NOT_A_SEARCH", -9.0)
    given = gardens.read("Which Danish cases of nurses are there?")
    assert (given.asked.type, len(ids(given))) == ("fact", READ_DOCUMENTS)


def test_where_no_model_reads_the_question_a_search_stays_one(gardens):
    given = gardens.read("Hvilke eksempler er der på nurses?", language="da")
    assert (given.asked.type, given.features["cases near"]) == ("cases", 0.0)


def test_nothing_that_is_found_on_a_search_is_nothing(gardens):
    given = gardens.read("Hvilke eksempler er der på zxqv?", language="da")
    assert (given.asked.type, given.ranked, given.features, given.support) == ("cases", [], {}, 0.0)


@pytest.fixture
def weighed(monkeypatch) -> list[tuple[bool, float]]:
    """Whether the blocks are candidates of another question as well at each ranking, and what that counts."""
    seen: list[tuple[bool, float]] = []

    def spied(found, others, weight):
        assert [each.block for each in others] in ([], [each.block for each in found])
        seen.append((bool(others), weight))
        return rank(found, others, weight)

    monkeypatch.setattr(reading, "rank", spied)
    return seen


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (("Who are the nurses?",), [(False, 0.0)]),
        (("Who are the nurses?", "And the garden?"), [(True, -AGAIN)]),
        (("Who are the nurses? Who are the gardens of Oslo?",), [(False, 0.0), (True, WHOLE), (True, WHOLE)]),
        (("Who are the nurses? And the garden of them?",), [(False, 0.0), (True, WHOLE), (True, -AGAIN)]),
    ],
    ids=["one-question", "follow-up", "parts", "a-part-that-needs-the-one-before"],
)
def test_what_blocks_score_on_the_turn_before_counts_against_them_and_on_the_whole_for_them(
    gardens, weighed, turns, expected
):
    gardens.ask(*turns, language="en")
    assert weighed == expected


def test_the_blocks_of_a_part_are_compared_with_the_whole_question(gardens, monkeypatch):
    asked: list[str] = []

    def spied(*given):
        asked.append(given[-1].understanding.text)
        return candidates(*given)

    candidates = reading.candidates
    monkeypatch.setattr(reading, "candidates", spied)
    first, second = "Who are the nurses?", "Who are the gardens of Oslo?"
    gardens.ask(f"{first} {second}")
    assert asked == [f"{first} {second}", first, f"{first} {second}", second, f"{first} {second}"]
