"""Whether a part of a question is answered by what was chosen for it, or by what another part brought along."""

from __future__ import annotations

import pytest

from kb.answering.answered import is_answered
from kb.answering.quoting import Quote
from tests.kb.answering.texts import document_of, ranked_of, read_of, reading_of

TEXT = "Trust was tried in four wards.\n\nConsultants cost two million kronor, says the council. Nurses were few."
READ = read_of(document_of(TEXT, title="Wards in Vejle"))
OPENING, COST = 0, 1


def quote(number: int, read=READ) -> Quote:
    block = read.blocks[number]
    return Quote(read.document, read.blocks, number, number, block.start, block.end)


@pytest.fixture
def part_of(tmp_path):
    """Return what was made of a part of a question, its best block that with a number."""
    from kb.store.catalogue import open_catalogue

    with open_catalogue(tmp_path) as connection:
        yield lambda question, *shares: reading_of(connection, question, ranked_of((READ, shares)) if shares else ())


def test_a_part_is_answered_by_a_block_that_was_chosen_for_it(part_of):
    part = part_of("Why do zebras sing?", 0.9, 0.1)
    assert is_answered(part, [part], [quote(OPENING)])
    assert not is_answered(part, [], [quote(OPENING)])
    assert not is_answered(part, [part], [])


@pytest.mark.parametrize(
    ("question", "number", "answered"),
    [
        ("What did consultants in Jutland for home care cost?", COST, True),
        ("What did consultants in Jutland for home care cost?", OPENING, False),
        ("What did zebras, lions, bears, wolves, cows and goats cost?", COST, False),
        ("How many wards in Jutland changed their rules?", OPENING, True),
        ("How many nurses in Jutland changed their rules?", COST, False),
        ("What does the council say of consultants?", COST, True),
        ("What does the council say of zebras, lions and bears?", COST, False),
    ],
    ids=["sum", "no-sum", "of-another-thing", "number", "of-other-things", "most-words", "few-words"],
)
def test_a_part_is_answered_by_a_sentence_that_has_what_it_asks_for(part_of, question, number, answered):
    assert is_answered(part_of(question), [], [quote(number)]) is answered


def test_a_quote_in_a_language_in_which_nothing_was_read_answers_no_part(part_of):
    danish = read_of(document_of(TEXT, language="fi"))
    part = part_of("What did consultants in Jutland for home care cost?")
    part.wanted.weights.pop("en", None)
    assert not is_answered(part, [], [quote(COST, danish)])
