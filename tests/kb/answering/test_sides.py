"""A comparison has a side for each name that documents are about, else for each country."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kb.answering.question import read_question
from kb.answering.ranking import Ranked
from kb.answering.sides import sides_of
from tests.kb.answering.texts import document_of, ranked_of, read_of


def of(document_id: str, title: str = "", **fields: str) -> tuple[str, str, dict[str, str]]:
    """Return a document's id, title and fields."""
    return document_id, title or document_id, fields


def sides(question: str, *documents: tuple[str, str, dict[str, str]]) -> list[list[str]]:
    """Return the ids of the documents of each side; each document has one candidate, the first the likeliest."""
    reads = [read_of(document_of(f"{i}.", id=i, title=title, **fields)) for i, title, fields in documents]
    ranked = ranked_of(*((read, (1 / (number + 2),)) for number, read in enumerate(reads)))
    return ids(sides_of(read_question(question, "en"), ranked))


def ids(found: Sequence[Sequence[Ranked]]) -> list[list[str]]:
    return [[each.candidate.read.document.id for each in side] for side in found]


OSLO, BERGEN, BOTH = of("oslo", "Schools in Oslo"), of("bergen", organisation="Bergen"), of("both", "Oslo and Bergen")
DANISH, SWEDISH = of("danish", "One", country="DK"), of("swedish", "Two", country="SE")


@pytest.mark.parametrize("question", ["What did Oslo and Bergen do?", "", "Which cases are there in Oslo and Bergen?"])
def test_what_is_no_comparison_has_one_side(question):
    assert sides(question, OSLO, BERGEN) == [["oslo", "bergen"]]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How do Oslo and Bergen differ?", [["oslo", "more"], ["bergen"]]),
        ("How do Bergen and Oslo differ?", [["bergen"], ["oslo", "more"]]),
        ("How do Oslo, Bergen and Molde differ?", [["oslo", "more"], ["bergen"]]),
    ],
    ids=["as-named", "the-other-way-round", "one-that-no-document-is-about"],
)
def test_a_side_has_the_documents_whose_title_or_organisation_has_its_name_alone(question, expected):
    assert sides(question, OSLO, BOTH, BERGEN, of("more", "More of Oslo"), of("other")) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How do Denmark and Sweden differ?", [["danish"], ["swedish"]]),
        ("How do schools differ, the Swedish and the Danish ones?", [["danish"], ["swedish"]]),
        ("How do Denmark, Sweden and Norway differ?", [["danish"], ["swedish"]]),
        ("How do Denmark and Norway differ?", [["danish", "swedish", "oslo"]]),
        ("How do Denmark and Oslo differ?", [["danish", "swedish", "oslo"]]),
        ("How do the two reforms differ?", [["danish", "swedish", "oslo"]]),
    ],
    ids=["two", "adjectives", "one-without-documents", "one-side-empty", "a-name-and-a-country", "neither"],
)
def test_else_a_side_has_the_documents_of_a_country(question, expected):
    assert sides(question, DANISH, SWEDISH, OSLO) == expected


def test_the_candidates_of_a_side_keep_their_order():
    reads = [read_of(document_of("One.\n\nTwo.", id=name, title=name)) for name in ("Oslo", "Bergen")]
    ranked = ranked_of((reads[0], (0.1, 0.3)), (reads[1], (0.4, 0.2)))
    found = sides_of(read_question("How do Oslo and Bergen differ?", "en"), ranked)
    assert [[each.share for each in side] for side in found] == [[0.3, 0.1], [0.4, 0.2]]


def test_names_of_one_or_two_letters_or_joined_ones_make_no_side():
    documents = of("a", "Team A"), of("bc", "Team Bc"), of("d-e", "Lars-Erik")
    assert sides("How do A, Bc and Lars-Erik differ?", *documents) == [["a", "bc", "d-e"]]


@pytest.mark.parametrize("question", ["How do Oslo and Bergen differ?", "What is trust?"])
def test_of_no_candidates_there_is_one_empty_side(question):
    assert sides_of(read_question(question, "en"), []) == [[]]
