"""What may qualify an answer: caveats of what is quoted, then of others, then documents of another stance."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kb.answering.candidates import Read
from kb.answering.other_side import ASKED_WORDS, OTHER_DOCUMENT, other_side
from kb.answering.quoting import Quote
from kb.answering.ranking import Ranked
from tests.kb.answering.texts import candidate, document_of, ranked_of, read_of, says, sentence, texts

CASE = (
    "# A case\n\nTrust was tried.\n\n## Result\n\nIt worked.\n\n## Caveats\n\nNobody measured the cost.\n\n"
    "The nurses were few.\n"
)
OPENING, RESULT, COST, NURSES = 1, 3, 5, 6
"""The numbers of the blocks of the case but headings."""


def case(text: str = CASE, document_id: str = "no-a-case", **fields: str) -> Read:
    return read_of(document_of(text, id=document_id, **fields))


def quote(read: Read, number: int) -> Quote:
    block = read.blocks[number]
    return Quote(read.document, read.blocks, number, number, block.start, block.end)


def beside(
    ranked: Sequence[Ranked], *chosen: Quote, asked_for: bool = False, room: int = 200, words: Sequence[str] = ()
) -> list[str]:
    """Return what may qualify an answer that quotes `chosen`."""
    return texts(other_side(ranked, chosen, says(*words), asked_for, room))


def test_of_nothing_nothing_qualifies_an_answer():
    assert beside([]) == []


def test_the_likeliest_caveat_of_what_is_quoted_qualifies_an_answer():
    read = case()
    assert beside(ranked_of((read, (0.4, 0.3, 0.1, 0.2))), quote(read, RESULT)) == ["The nurses were few."]


def test_of_caveats_that_are_as_likely_the_first_qualifies_an_answer():
    read = case()
    assert beside(ranked_of((read, (0.4, 0.3, 0.1, 0.1))), quote(read, RESULT)) == ["Nobody measured the cost."]


def test_what_the_answer_quotes_does_not_qualify_it_again():
    read = case()
    ranked = ranked_of((read, (0.1, 0.1, 0.4, 0.3)))
    assert beside(ranked, quote(read, COST)) == ["The nurses were few."]
    assert beside(ranked, quote(read, COST), quote(read, NURSES)) == []


@pytest.mark.parametrize("fields", [{"kind": "unknown"}, {"language": "da"}], ids=["own-document", "other-language"])
def test_only_sections_of_a_known_role_qualify_an_answer(fields):
    read = case(**fields)
    assert beside(ranked_of((read, (0.4, 0.3, 0.2, 0.1))), quote(read, RESULT)) == []


@pytest.mark.parametrize(("kind", "heading"), [("case", "Caveats"), ("report", "Limits"), ("principle", "Objections")])
def test_caveats_limits_and_objections_qualify_an_answer(kind, heading):
    read = case(f"It worked.\n\n## {heading}\n\nNobody measured it.", kind=kind)
    assert beside(ranked_of((read, (0.9, 0.1))), quote(read, 0)) == ["Nobody measured it."]


CAVEAT = "## Caveats\n\nOthers doubt it."


@pytest.mark.parametrize(
    ("share", "document", "found"),
    [(0.1, 0.0, True), (0.0099, 0.0, False), (0.1, -OTHER_DOCUMENT, False), (0.1, 0.01 - OTHER_DOCUMENT, True)],
    ids=["near", "unlikely", "far", "just-near"],
)
def test_a_caveat_of_another_document_needs_to_be_likely_and_its_document_near(share, document, found):
    read, other = case("It worked."), case(CAVEAT, "no-b-case")
    ranked = [Ranked(candidate(read, 0), 0.5), Ranked(candidate(other, 1, {"document": document}), share)]
    assert beside(ranked, quote(read, 0)) == ["Others doubt it."][:found]


def test_caveats_of_what_is_quoted_come_before_likelier_ones_of_others():
    read, other = case(), case(CAVEAT, "no-b-case")
    ranked = ranked_of((read, (0.4, 0.1, 0.05, 0.01)), (other, (0.3,)))
    assert beside(ranked, quote(read, OPENING), asked_for=True) == [
        "Nobody measured the cost.",
        "The nurses were few.",
        "Others doubt it.",
    ]


@pytest.mark.parametrize(
    ("quoted", "other", "found"),
    [
        ("supportive", "critical", True),
        ("mixed", "critical", True),
        ("critical", "critical", False),
        ("critical", "supportive", True),
        ("mixed", "supportive", True),
        ("supportive", "supportive", False),
        ("supportive", "mixed", False),
        ("critical", "unknown", False),
    ],
)
def test_a_document_of_another_stance_qualifies_an_answer(quoted, other, found):
    read, differing = case("It worked.", stance=quoted), case("It did not.", "no-b-case", stance=other)
    assert beside(ranked_of((read, (0.6,)), (differing, (0.4,))), quote(read, 0)) == ["It did not."][:found]


def test_an_answer_that_quotes_both_stances_is_qualified_by_neither():
    reads = [case(f"{stance}.", stance, stance=stance) for stance in ("supportive", "critical")]
    more = case("More.", "more", stance="critical")
    ranked = ranked_of(*((read, (0.3,)) for read in (*reads, more)))
    assert beside(ranked, *(quote(read, 0) for read in reads)) == []


def test_a_document_of_another_stance_that_is_unlikely_does_not_qualify_an_answer():
    read, differing = case("It worked.", stance="supportive"), case("It did not.", "no-b-case", stance="critical")
    assert beside(ranked_of((read, (0.6,)), (differing, (0.01,))), quote(read, 0)) == []


def test_caveats_come_before_other_stances():
    read, other = case("It worked.", stance="supportive"), case(CAVEAT, "no-b-case")
    differing = case("It did not.", "no-c-case", stance="critical")
    ranked = ranked_of((read, (0.5,)), (differing, (0.3,)), (other, (0.2,)))
    assert beside(ranked, quote(read, 0), asked_for=True) == ["Others doubt it.", "It did not."]


def test_one_quote_is_enough_unless_objections_were_asked_for():
    read = case()
    ranked = ranked_of((read, (0.4, 0.3, 0.2, 0.1)))
    both = ["Nobody measured the cost.", "The nurses were few."]
    assert [beside(ranked, quote(read, RESULT), asked_for=asked_for) for asked_for in (False, True)] == [both[:1], both]


@pytest.mark.parametrize(
    ("room", "expected"),
    [(8, ["Nobody measured the cost.", "The nurses were few."]), (4, ["Nobody measured the cost."]), (0, []), (-1, [])],
)
def test_what_qualifies_an_answer_is_within_its_room(room, expected):
    read = case()
    assert beside(ranked_of((read, (0.4, 0.3, 0.2, 0.1))), quote(read, RESULT), asked_for=True, room=room) == expected


@pytest.mark.parametrize(("asked_for", "sentences"), [(False, 5), (True, 11)], ids=["of-25-words", "of-55-words"])
def test_a_long_caveat_is_shortened_to_its_first_sentences_where_none_says_more(asked_for, sentences):
    caveat = [sentence(5, f"part{number}") for number in range(30)]
    read = case(f"It worked.\n\n## Caveats\n\n{' '.join(caveat)}")
    shown = beside(ranked_of((read, (0.9, 0.1))), quote(read, 0), asked_for=asked_for)
    assert shown == [" ".join(caveat[:sentences])]


def test_a_long_caveat_is_shortened_to_the_sentences_that_score_best():
    best = sentence(16, "cost")
    read = case(f"It worked.\n\n## Caveats\n\n{sentence(60)} {best} {sentence(60)}")
    assert beside(ranked_of((read, (0.9, 0.1))), quote(read, 0), words=["cost"]) == [best]


def test_many_caveats_are_quoted_within_the_words_of_an_other_side():
    reads = [case(f"## Caveats\n\n{sentence(35, str(number))}", str(number)) for number in range(5)]
    found = beside(ranked_of(*((read, (0.2,)) for read in reads)), asked_for=True)
    assert [len(text.split()) for text in found] == [35] * (ASKED_WORDS // 35)
