"""The trace tells how an answer came about, step by step."""

from __future__ import annotations

import pytest

from kb.answering.quoting import quote_of
from kb.answering.trace import SHOWN_CANDIDATES, SHOWN_WORDS, Turn, trace
from kb.answering.wording import step
from kb.retrieval.retriever import Query
from kb.vocabulary import LANGUAGES
from kb.words.glossary import Glossary
from kb.words.terms import understand
from tests.kb.answering.texts import document_of, ranked_of, read_of, reading_of, says, sentence
from tests.kb.retrieval.shelf import concept

READ = read_of(document_of("# A case\n\nTrust grew.\n\nStaff say so:\n\n- one\n- two"))
RANKED = ranked_of((READ, (0.6, 0.25, 0.1, 0.05)))


def steps(
    catalogue, question: str, ranked=(), chosen=(), asked: str | None = None, support: float = 0.5, **fields
) -> list[tuple[str, str]]:
    """Return the trace of an English question; it is searched for as asked where nothing else was `asked`."""
    reading = reading_of(catalogue, asked or question, ranked, **fields)
    turn = Turn(Query(question, "en"), asked or question, question if asked else None, "da", 0.4849)
    return list(trace(turn, reading, support, chosen))


def quoted(*numbers: int):
    return [quote_of(READ, READ.blocks[number], says(), 100) for number in numbers]


def test_a_question_on_which_nothing_was_found_is_traced(catalogue):
    assert steps(catalogue, "Nurses plan the care of trust", support=0.0) == [
        ("asked", "Nurses plan the care of trust"),
        ("language", "en"),
        ("type", "fact"),
        ("terms", "Nurses, plan, care, trust"),
        ("read", "0"),
        ("support", "0.00"),
        ("threshold", "0.48"),
    ]


def test_every_step_of_an_answer_is_told_in_order(catalogue):
    glossary = Glossary((concept("trust", en=("trust", "confidence"), da=("tillid",)),))
    understanding = understand("Who truts nurses?", "en", LANGUAGES, {"truts": "trust"}.get, glossary)
    question = "Who trusts nurses? And how many nurses?"
    given = steps(
        catalogue, f"Before. {question}", RANKED, quoted(1), question, understanding=understanding, support=0.729
    )
    assert given == [
        ("asked", question),
        ("understood", f"Before. {question}"),
        ("language", "en"),
        ("type", "fact"),
        ("wants", "number"),
        ("part", "Who trusts nurses?"),
        ("part", "And how many nurses?"),
        ("terms", "truts, nurses"),
        ("mended", "truts: trust"),
        ("also searched", "confidence, tillid"),
        ("read", "1"),
        ("quoted", "60% · A case · Trust grew."),
        ("passed over", "25% · A case · Staff say so:"),
        ("passed over", "10% · A case · one"),
        ("passed over", "5% · A case · two"),
        ("support", "0.73"),
        ("threshold", "0.48"),
    ]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((), ["passed over"] * 4),
        ((1,), ["quoted", *["passed over"] * 3]),
        ((3,), ["passed over", *["quoted"] * 3]),
        ((1, 4), ["quoted"] * 4),
    ],
    ids=["nothing", "a-block", "a-list", "all"],
)
def test_every_block_that_a_quote_is_over_is_quoted(catalogue, numbers, expected):
    given = steps(catalogue, "trust", RANKED, quoted(*numbers))
    assert [step for step, _ in given if step in ("quoted", "passed over")] == expected


def test_a_quote_of_another_document_is_not_taken_for_it(catalogue):
    other = read_of(document_of("Trust grew.\n\nOther.", id="no-b-case"))
    chosen = [quote_of(other, other.blocks[1], says(), 100)]
    assert ("quoted", "60% · A case · Trust grew.") not in steps(catalogue, "trust", RANKED, chosen)


@pytest.mark.parametrize(
    ("words", "shown"),
    [(SHOWN_WORDS, sentence(SHOWN_WORDS)), (SHOWN_WORDS + 1, f"{sentence(SHOWN_WORDS).removesuffix('.')} …")],
    ids=["whole", "shortened"],
)
def test_of_a_long_block_the_first_words_are_shown(catalogue, words, shown):
    ranked = ranked_of((read_of(document_of(sentence(words))), (1.0,)))
    assert ("passed over", f"100% · A case · {shown}") in steps(catalogue, "trust", ranked)


def test_only_the_best_candidates_are_shown(catalogue):
    read = read_of(document_of("\n\n".join(f"Part {number}." for number in range(9))))
    ranked = ranked_of((read, [0.1] * 9))
    shown = [what for step, what in steps(catalogue, "trust", ranked) if step == "passed over"]
    assert shown == [f"10% · A case · Part {number}." for number in range(SHOWN_CANDIDATES)]


@pytest.mark.parametrize(
    ("kept", "told"), [(("DK",), ["DK"]), (("NO", "SE"), ["NO, SE"]), ((), [])], ids=["one", "two", "none"]
)
def test_the_countries_that_a_search_for_cases_was_kept_to_are_told(catalogue, kept, told):
    given = steps(catalogue, "Which cases are there?", kept=kept)
    assert [what for step, what in given if step == "kept to"] == told


def test_the_support_that_is_told_is_that_of_the_answer_and_not_of_the_whole_question(catalogue):
    reading = reading_of(catalogue, "trust", support=0.1)
    turn = Turn(Query("trust", "en"), "trust", None, "en", 0.5)
    assert trace(turn, reading, 0.75, [])[-2:] == (("support", "0.75"), ("threshold", "0.50"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_a_wording_of_its_own(catalogue, language):
    glossary = Glossary((concept("trust", en=("trust", "confidence")),))
    understanding = understand("truts", "en", LANGUAGES, {"truts": "trust"}.get, glossary)
    question = "Which Danish cases are there? How many nurses?"
    told = steps(
        catalogue, f"Other. {question}", RANKED, quoted(1), question, understanding=understanding, kept=("DK",)
    )
    given = {name for name, _ in told}
    assert len(given) == len({step(name, language) for name in given}) == 15
