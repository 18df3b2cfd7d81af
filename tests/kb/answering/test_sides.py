"""There is a side for each name that documents are about; of a comparison, else, for each country."""

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


@pytest.mark.parametrize(
    "question",
    [
        "Which cases are there in Oslo and Bergen?",
        "Which principles did Oslo and Bergen agree on?",
        "What is trust in Oslo and Bergen?",
        "What did Oslo do?",
        "",
    ],
    ids=["cases", "list", "definition", "one-name", "empty"],
)
def test_lists_definitions_and_searches_for_cases_have_one_side(question):
    assert sides(question, OSLO, BERGEN) == [["oslo", "bergen"]]


ASKED = {
    "fact": "What did Oslo and Bergen do?",
    "how-to": "How can we do what Oslo and Bergen did?",
    "objections": "What do critics say of Oslo and Bergen?",
}


@pytest.mark.parametrize("kind", ASKED)
def test_other_questions_have_sides_where_the_best_candidate_is_of_one(kind):
    assert read_question(ASKED[kind], "en").type == kind
    assert sides(ASKED[kind], BERGEN, BOTH, OSLO) == [["oslo"], ["bergen"]]
    assert sides(ASKED[kind], BOTH, OSLO, BERGEN) == [["both", "oslo", "bergen"]]
    assert sides(ASKED[kind], of("other"), OSLO, BERGEN) == [["other", "oslo", "bergen"]]


def test_a_comparison_has_sides_whatever_the_best_candidate_is_of():
    assert sides("How do Oslo and Bergen differ?", BOTH, OSLO, BERGEN) == [["oslo"], ["bergen"]]


@pytest.mark.parametrize(
    "question", ["What did Denmark and Sweden do?", "What did Denmark and Oslo do?"], ids=["two", "beside-a-name"]
)
def test_but_of_no_country(question):
    documents = of("denmark", "Denmark", country="DK"), of("sweden", "Sweden", country="SE"), OSLO
    assert sides(question, *documents) == [["denmark", "sweden", "oslo"]]


def test_the_names_of_countries_make_no_sides_of_a_comparison_even_where_documents_are_called_so():
    documents = of("sweden", "Trust in Denmark", country="SE"), of("denmark", "Trust in Sweden", country="DK")
    assert sides("How do Denmark and Sweden differ?", *documents) == [["denmark"], ["sweden"]]


def test_there_are_no_more_than_four_sides():
    named = [of(name.lower(), name) for name in ("Oslo", "Bergen", "Molde", "Hamar", "Skien")]
    assert sides("How do Oslo, Bergen, Molde, Hamar and Skien differ?", *named) == [
        ["oslo"],
        ["bergen"],
        ["molde"],
        ["hamar"],
    ]


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


@pytest.mark.parametrize(("share", "expected"), [(0.004, 1), (0.006, 2)], ids=["weighs-nothing", "weighs-something"])
def test_a_side_that_weighs_nothing_against_the_best_is_none_where_no_comparison_is_asked_for(share, expected):
    reads = [read_of(document_of(f"{name}.", id=name.lower(), title=name)) for name in ("Oslo", "Bergen")]
    ranked = ranked_of((reads[0], (1.0,)), (reads[1], (share,)))
    assert len(sides_of(read_question("What did Oslo and Bergen do?", "en"), ranked)) == expected
    assert len(sides_of(read_question("How do Oslo and Bergen differ?", "en"), ranked)) == 2
