"""What stands around an answer on a terminal: headings, what was understood and not answered, notes, the trace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import terminal
from kb.answering.citing import cite
from kb.blocks import parse_blocks
from kb.records import Answer, Page, Refusal, Statement
from tests.kb.answering.texts import document_of

SOURCE = document_of("# A case\n\nTrust grew.\n\nThese say so:\n\n- **one** of them\n- two", year=2016, country="NO")
OTHER = document_of("Trust fell.", id="no-b-case", title="B case", evidence="research")


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    """A terminal of 100 characters."""
    monkeypatch.setenv("COLUMNS", "100")


def stated(document, *numbers: int, heading: str = "") -> Statement:
    """Return a statement that quotes some blocks, each by itself."""
    blocks = parse_blocks(document.text)
    citations = tuple(cite(document, blocks, blocks[number].start, blocks[number].end) for number in numbers)
    return Statement("\n".join(citation.quote for citation in citations), citations, heading)


def answered(*statements: Statement, **fields) -> Answer:
    """Return an English answer of statements."""
    given = {"other_side": (), "sources": (SOURCE, OTHER), **fields}
    return Answer(
        question="q", language=given.pop("language", "en"), status="answered", text="", statements=statements,
        passages=(), refusal=given.pop("refusal", None), fingerprint="f" * 64, **given,
    )  # fmt: skip


def lines(answer: Answer) -> list[str]:
    """Return the lines above the sources, and those below them up to the fingerprint."""
    text = "\n".join(terminal.answer_lines(answer))
    above, _, below = text.partition("Sources\n")
    return [*above.splitlines(), *below.partition("not the source's.\n")[2].splitlines()]


def test_an_answer_stands_above_its_sources_and_fingerprint():
    answer = answered(stated(SOURCE, 1), sources=(SOURCE,))
    assert "\n".join(terminal.answer_lines(answer)).splitlines() == [
        "Trust grew. [1]",
        "",
        "Sources",
        "[1] A case (case · NO · 2016 · experience · mixed)",
        "    no-a-case, Tillit's summary of the whole source; the wording is not the source's.",
        "",
        f"Fingerprint {'f' * 12}",
    ]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("", ""), ["Trust grew. [1]", "", "Trust grew. [1]", ""]),
        (("A", "A"), ["A", "  Trust grew. [1]", "", "  Trust grew. [1]", ""]),
        (("A", "B"), ["A", "  Trust grew. [1]", "", "B", "  Trust grew. [1]", ""]),
    ],
    ids=["none", "same", "two"],
)
def test_a_heading_stands_once_above_the_statements_that_it_is_for(headings, expected):
    answer = answered(*(stated(SOURCE, 1, heading=heading) for heading in headings))
    assert lines(answer)[: len(expected)] == expected


def test_a_heading_stands_once_above_what_it_is_for_on_the_other_side_too():
    beside = (stated(OTHER, 0, heading="B"), stated(SOURCE, 1, heading="A"), stated(SOURCE, 2, heading="A"))
    assert lines(answered(stated(SOURCE, 1, heading="A"), other_side=beside))[3:11] == [
        "May qualify this:",
        "  B",
        "  Trust fell. [2]",
        "",
        "  A",
        "  Trust grew. [1]",
        "",
        "  These say so: [1]",
    ]


def test_the_lead_and_item_of_a_list_are_one_statement_with_one_mark():
    assert lines(answered(stated(SOURCE, 2, 4)))[:3] == ["These say so:", "two [1]", ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**one** of them", "one of them [1]"),
        ("Lead:\n- one\n* two\n+ three", "Lead:\n• one\n• two\n• three [1]"),
        ("a - b\n-5 °C", "a - b\n-5 °C [1]"),
    ],
    ids=["bold", "list", "no-list"],
)
def test_bold_words_and_list_items_of_a_quote_are_shown_as_meant(text, expected):
    answer = answered(replace(stated(SOURCE, 1), text=text))
    assert next(terminal.answer_lines(answer)) == expected


def test_a_page_is_named_where_there_is_one():
    paged = replace(SOURCE, pages=(Page(4, 0, len(SOURCE.text)),))
    assert lines(answered(stated(paged, 1), sources=(paged,), language="da"))[0] == "Trust grew. [1, s. 4]"


def test_what_was_understood_stands_above_and_what_was_not_answered_below_the_answer():
    answer = answered(
        stated(SOURCE, 1),
        other_side=(stated(OTHER, 0),),
        understood="Before? And then?",
        unanswered=("And zebras?", "And lions?"),
    )
    assert lines(answer)[:11] == [
        "Understood as: Before? And then?",
        "",
        "Trust grew. [1]",
        "",
        "This part of the question is not answered here: And zebras?",
        "",
        "This part of the question is not answered here: And lions?",
        "",
        "May qualify this:",
        "  Trust fell. [2]",
        "",
    ]


def test_notes_stand_below_the_sources_with_what_was_searched_besides():
    answer = answered(stated(SOURCE, 1), sources=(SOURCE,), notes=("Rests on experience.",), also_searched=("faith",))
    assert lines(answer)[2:] == ["", "Rests on experience.", "Also searched: faith", "", f"Fingerprint {'f' * 12}"]


def test_what_the_glossary_says_leads():
    answer = replace(answered(stated(SOURCE, 1), sources=(SOURCE,)), definitions=("In the glossary: trust – Hope.",))
    assert lines(answer)[:2] == ["In the glossary: trust – Hope.", ""]


def test_a_refusal_is_its_wording_and_what_is_answered_instead():
    answer = answered(sources=(), refusal=Refusal("thin-support", (), (), (), ("What is trust?",)), language="nb")
    assert list(terminal.answer_lines(replace(answer, text="Nei.\n\nIkke funnet: x."))) == [
        "Nei.\n\nIkke funnet: x.",
        "\nHva kunnskapsbasen kan svare på:",
        "  - What is trust?",
        f"\nFingeravtrykk {'f' * 12}",
    ]


def test_how_an_answer_came_about_is_a_step_a_line():
    trace = (("asked", "Who trusts?"), ("quoted", "60% · a-case, block 1 · Trust grew."), ("support", "0.73"))
    assert list(terminal.trace_lines(answered(language="sv", trace=trace))) == [
        "\nSå kom svaret till:",
        "  Du frågade: Who trusts?",
        "  Citerat: 60% · a-case, block 1 · Trust grew.",
        "  Stöd, 0 till 1: 0.73",
    ]
