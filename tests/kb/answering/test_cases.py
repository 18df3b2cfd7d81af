"""A search for cases finds a card of each case: how it opens, and what was done or came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from kb.answering import cases
from kb.answering.cases import CASES, DETAIL_WORDS, OPENING_WORDS, find_cases
from kb.answering.ranking import Ranked
from kb.records import BlockQuestion, Document
from kb.shipped import sha256_of
from kb.store.embeddings import embed_texts
from tests.conftest import HashEmbedder
from tests.kb.answering.texts import (
    WordMatching,
    candidate,
    document_of,
    ranked_of,
    read_of,
    reading_of,
    sentence,
    texts,
)


@pytest.fixture(autouse=True)
def weights(monkeypatch):
    """Weigh what counts besides the passage so that a test can foresee it."""
    for name, weight in {"EXAMPLE": 6.0, "MATCH": 0.0, "SECTOR": 2.0, "CASE": 0.3}.items():
        monkeypatch.setattr(cases, f"{name}_WEIGHT", weight)


QUESTION = "Which examples of trust are there?"


def case(name: str, score: float = 1.0, **fields) -> tuple[Document, float]:
    return document_of(f"{name}.", id=name, title=name, **{"kind": "report", **fields}), score


def cards(catalogue, *cases: tuple[Document, float], question: str = QUESTION, **fields) -> list[str]:
    """Return the cards of documents whose only block is as likely as any other and was retrieved with a score."""
    ranked = ranked_of(*((read_of(document, score), (0.1,)) for document, score in cases))
    return texts(find_cases(reading_of(catalogue, question, ranked, **fields)))


def test_where_nothing_was_read_there_are_no_cases(catalogue):
    assert find_cases(reading_of(catalogue, QUESTION)) == []


def test_cases_come_in_the_order_of_their_best_passage(catalogue):
    assert cards(catalogue, case("low", 0.5), case("high", 1.5), case("middle")) == ["high.", "middle.", "low."]


def test_cases_that_are_worth_the_same_keep_their_order(catalogue):
    assert cards(catalogue, case("one"), case("two"), case("three")) == ["one.", "two.", "three."]


@pytest.mark.parametrize(("lead", "first"), [(0.25, "case."), (0.35, "report.")])
def test_a_document_that_is_a_case_counts_for_a_little_more(catalogue, lead, first):
    assert cards(catalogue, case("report", 1 + lead), case("case", 1.0, kind="case"))[0] == first


@pytest.mark.parametrize(("lead", "first"), [(1.9, "school."), (2.1, "other.")])
def test_a_document_on_the_service_that_is_asked_for_counts_for_more(catalogue, lead, first):
    given = (case("other", 1 + lead, sectors=("police",)), case("school", 1.0, sectors=("tax", "schools")))
    assert cards(catalogue, *given, question="Examples of trust in schools")[0] == first


@pytest.mark.parametrize(("lead", "first"), [(5.9, "example."), (6.1, "other.")])
def test_a_document_that_is_an_example_of_what_is_asked_for_counts_for_most(catalogue, lead, first):
    embedder = HashEmbedder()
    embed_texts(catalogue, embedder, {sha256_of("trust"): "trust"})
    fields = {"block_questions": (BlockQuestion(None, None, "trust"),)}
    example = document_of("example.", id="example", kind="report", **fields)
    vector = embedder.embed_question("trust")
    assert cards(catalogue, case("other", 1 + lead), (example, 1.0), vector=vector)[0] == first


def test_a_question_for_a_block_does_not_make_a_document_an_example(catalogue):
    embedder = HashEmbedder()
    embed_texts(catalogue, embedder, {sha256_of("trust"): "trust"})
    block = case("block", 1.0, block_questions=(BlockQuestion(0, 0, "trust"),))
    assert cards(catalogue, case("other", 1.1), block, vector=embedder.embed_question("trust")) == ["other.", "block."]


@pytest.mark.parametrize(("lead", "first"), [(0.9, "matched."), (1.1, "other.")])
@pytest.mark.parametrize("by", ["example", "title"])
def test_how_well_an_example_matches_the_question_word_by_word_counts_by_the_best_of_them(
    catalogue, monkeypatch, lead, first, by
):
    monkeypatch.setattr(cases, "MATCH_WEIGHT", 2.0)
    questions = (BlockQuestion(None, None, "of trust"), BlockQuestion(None, None, "of mowing"))
    fields = {"title": "trust"} if by == "title" else {"block_questions": questions}
    matched = document_of("matched.", id="matched", kind="report", **{"title": "x", **fields})
    given = case("other", 1 + lead), (matched, 1.0)
    assert cards(catalogue, *given, question="examples trust")[0] == first


def test_examples_are_matched_with_the_turn_that_asks_and_with_nothing_before_them(catalogue):
    matching = WordMatching()
    cards(catalogue, case("one", block_questions=(BlockQuestion(None, None, "trust"),)), matching=matching)
    assert (QUESTION, ("trust",), ("",)) in matching.asked


def test_what_nobody_called_an_example_is_matched_by_its_title(catalogue):
    matching = WordMatching()
    cards(catalogue, case("one"), matching=matching)
    assert (QUESTION, ("one",), ("",)) in matching.asked


PARTS = {
    "A case": "It opens.",
    "Situation": "Control grew.",
    "What changed": "Rules went.",
    "Result": "Trust grew.",
    "Caveats": "Nobody knows.",
}


def card(catalogue, *likeliest: str, told: Mapping[str, str] | None = None, **fields) -> list[str]:
    """Return the card of a case with these sections, from the likeliest on; the others are as likely as each other."""
    parts = {**PARTS, **(told or {})}
    text = "\n\n".join(f"{'#' if name == 'A case' else '##'} {name}\n\n{body}" for name, body in parts.items())
    read = read_of(document_of(text, **fields), *[1.0] * len(PARTS))
    order = [*likeliest, *(name for name in PARTS if name not in likeliest)]
    places = {name: 2 * number + 1 for number, name in enumerate(PARTS)}
    ranked = [Ranked(candidate(read, places[name]), 0.2) for name in order]
    return texts(find_cases(reading_of(catalogue, QUESTION, ranked)))


@pytest.mark.parametrize(
    ("likeliest", "told"),
    [
        (("Result",), "Trust grew."),
        (("What changed",), "Trust grew."),
        (("Caveats", "Situation", "Result"), "Trust grew."),
        (("Situation", "A case"), "Trust grew."),
    ],
    ids=["result", "change-is-likelier", "what-says-nothing-of-it-is-likelier", "the-first-of-all"],
)
def test_a_card_opens_with_the_opening_which_says_what_was_done_and_tells_what_came_of_it(catalogue, likeliest, told):
    assert card(catalogue, *likeliest) == ["It opens.", told]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"Result": "It worked."}, ["Rules went."]),
        ({"What changed": "They left."}, ["Trust grew."]),
        ({"Result": "This summary tells no result."}, ["Rules went."]),
        ({"Result": "- Trust grew."}, ["Rules went."]),
        ({"Result": "It worked.", "What changed": "They left."}, []),
        ({"Result": "Trust worked. It grew."}, ["Trust worked. It grew."]),
    ],
    ids=["the-likeliest-points-back", "the-other", "of-the-summary", "one-short-item", "both", "only-later-on"],
)
def test_of_what_a_card_may_tell_the_likeliest_that_reads_well_alone_is_told(catalogue, told, expected):
    assert card(catalogue, "Result", told=told) == ["It opens.", *expected]


def test_of_what_a_card_may_tell_what_needs_no_introduction_is_told(catalogue):
    told = {"What changed": "In it Berg left.", "Situation": "Rules bound Tina Berg."}
    assert card(catalogue, "What changed", told=told) == ["It opens.", "Trust grew."]


def test_of_a_document_whose_sections_are_its_own_the_likeliest_block_is_told(catalogue):
    assert card(catalogue, "Caveats", kind="unknown") == ["It opens.", "Nobody knows."]
    assert card(catalogue, "A case", "Situation", kind="unknown") == ["It opens.", "Control grew."]


def test_without_an_opening_a_card_tells_what_came_of_it_alone(catalogue):
    assert card(catalogue, "Caveats", title="Other") == ["Rules went."]


def test_of_a_document_with_nothing_but_an_opening_a_card_has_that_alone(catalogue):
    read = read_of(document_of("# A case\n\nIt opens."), 1.0)
    assert texts(find_cases(reading_of(catalogue, QUESTION, ranked_of((read, (1.0,)))))) == ["It opens."]


def test_of_each_case_there_is_one_card_of_its_likeliest_block(catalogue):
    one = read_of(document_of("## A\n\nOne.\n\n## B\n\nTwo.", id="one"), 1.0, 0.5)
    ranked = ranked_of((one, (0.2, 0.4)), (read_of(document_of("Three.", id="two"), 0.9), (0.3,)))
    assert texts(find_cases(reading_of(catalogue, QUESTION, ranked))) == ["Two.", "Three."]


@pytest.mark.parametrize(
    ("heading", "words"), [("# A case", OPENING_WORDS), ("## Result", DETAIL_WORDS)], ids=["opening", "detail"]
)
@pytest.mark.parametrize("over", [0, 1], ids=["fits", "too-long"])
def test_of_a_long_opening_the_first_sentences_are_quoted_and_of_what_came_of_it_those_that_tell_most(
    catalogue, heading, words, over
):
    first, second = sentence(words // 2 + over), sentence(words // 2, "trust")
    read = read_of(document_of(f"{heading}\n\n{first} {second}"), 1.0)
    ranked = ranked_of((read, (1.0,)))
    cut = first if heading == "# A case" else second
    assert texts(find_cases(reading_of(catalogue, QUESTION, ranked))) == [cut if over else f"{first} {second}"]


def test_a_case_of_which_only_the_lead_of_a_list_is_likely_has_no_card(catalogue):
    items = "\n".join(f"- {sentence(25, str(number))}" for number in range(6))
    read = read_of(document_of(f"We promise:\n\n{items}"), *[1.0] * 7)
    assert find_cases(reading_of(catalogue, QUESTION, [Ranked(candidate(read, 0), 0.5)])) == []


def test_the_services_that_count_are_those_of_the_turn_that_asks(catalogue):
    ranked = ranked_of(
        (read_of(document_of("other.", id="other", kind="report"), 1.1), (0.1,)),
        (read_of(document_of("school.", id="school", kind="report", sectors=("schools",)), 1.0), (0.1,)),
    )
    reading = reading_of(catalogue, "Examples of trust in schools", ranked)
    assert texts(find_cases(reading)) == ["school.", "other."]
    asked = replace(reading.asked, text="Examples of trust")
    assert texts(find_cases(replace(reading, asked=asked))) == ["other.", "school."]


@pytest.mark.parametrize(("least", "shown"), [(1, ["one.", "two."]), (3, ["one.", "two.", "three."])])
def test_cards_stop_where_cases_fall_behind_but_some_are_shown_in_any_case(catalogue, monkeypatch, least, shown):
    monkeypatch.setattr(cases, "LEAST_CASES", least)
    monkeypatch.setattr(cases, "BEHIND", 2.0)
    given = case("one", 5.0), case("two", 3.0), case("three", 2.9), case("four", 0.0)
    assert cards(catalogue, *given) == shown


@pytest.mark.parametrize(("given", "shown"), [(CASES - 1, CASES - 1), (CASES, CASES), (40, CASES)])
def test_so_many_cards_are_shown_at_most(catalogue, given, shown):
    names = [f"case {number:02}" for number in range(given)]
    assert cards(catalogue, *map(case, names)) == [f"{name}." for name in names][:shown]


@pytest.mark.parametrize(
    ("opening", "quoted"),
    [
        ("Does it work? It does. They say.", "Does it work? It does. They say."),
        (f"Does it work? {sentence(40)} They say.", f"Does it work? {sentence(40)}"),
    ],
    ids=["short", "long-answer"],
)
def test_an_opening_that_asks_is_quoted_with_its_answer(catalogue, opening, quoted):
    assert card(catalogue, "Result", told={"A case": opening})[0] == quoted
