"""A quote is the text at its offsets, or there is no answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.answering.citing import LEFT_OUT, cite, verify, with_headings
from kb.blocks import parse_blocks
from kb.errors import CitationError
from kb.records import Citation, Page, Statement
from kb.shipped import sha256_of
from tests.kb.answering.texts import document_of

TEXT = "# A case\n\nBlåbær 🫐 grew. Then they did not.\n\n- one\n- two\n"
DOCUMENT = document_of(TEXT, source_url="https://example.org")
BLOCKS = parse_blocks(TEXT)
PLACES = {(DOCUMENT.id, "en"): DOCUMENT}


def test_a_citation_says_where_its_quote_stands():
    start = TEXT.index("Then")
    assert cite(DOCUMENT, BLOCKS, start, start + 18) == Citation(
        document_id="no-a-case",
        language="en",
        title="A case",
        block_first=1,
        block_last=1,
        start=start,
        end=start + 18,
        quote="Then they did not.",
        sha256=sha256_of(TEXT),
        page=None,
        source_url="https://example.org",
    )


@pytest.mark.parametrize(
    ("quote", "blocks"),
    [("A case", (0, 0)), ("grew. Then", (1, 1)), ("one\n- two", (2, 3)), ("not.\n\n- one", (1, 2)), (TEXT, (0, 3))],
    ids=["heading", "part-of-a-block", "two-items", "over-a-gap", "all"],
)
def test_a_citation_names_the_blocks_that_it_covers(quote, blocks):
    start = TEXT.index(quote)
    citation = cite(DOCUMENT, BLOCKS, start, start + len(quote))
    assert (citation.block_first, citation.block_last, citation.quote) == (*blocks, quote)


@pytest.mark.parametrize(("start", "page"), [(0, 1), (19, 1), (20, 2)])
def test_a_citation_of_a_pdf_names_the_page_on_which_it_begins(start, page):
    document = replace(DOCUMENT, pages=(Page(1, 0, 20), Page(2, 20, len(TEXT))))
    assert cite(document, BLOCKS, start, 30).page == page


def statement(start: int = 10, end: int = 24) -> Statement:
    citation = cite(DOCUMENT, BLOCKS, start, end)
    return Statement(citation.quote, (citation,))


def test_quotes_that_are_the_text_pass():
    verify(statement(), PLACES)
    both = (cite(DOCUMENT, BLOCKS, 10, 24), cite(DOCUMENT, BLOCKS, 0, 8))
    verify(Statement("\n".join(citation.quote for citation in both), both), PLACES)


LIST = document_of("These grew:\n\n- blueberries\n- cherries\n- plums\n- pears\n", id="no-b-case")
LINES = ["These grew:", "- cherries\n- plums"]


def listed(text: str) -> Statement:
    """Return a statement of that text which cites the lead of a list and two of its items."""
    starts = [LIST.text.index(line) for line in LINES]
    found = [cite(LIST, parse_blocks(LIST.text), n, n + len(q)) for n, q in zip(starts, LINES, strict=True)]
    return Statement(text, tuple(found))


@pytest.mark.parametrize(
    "text",
    [
        "These grew:\n- cherries\n- plums",
        f"These grew:\n{LEFT_OUT}\n- cherries\n- plums",
        f"These grew:\n- cherries\n- plums\n{LEFT_OUT}",
        f"These grew:\n{LEFT_OUT}\n- cherries\n- plums\n{LEFT_OUT}",
    ],
    ids=["none", "before", "after", "both"],
)
def test_signs_for_what_is_left_out_pass_on_lines_of_their_own(text):
    verify(listed(text), {(LIST.id, "en"): LIST})


@pytest.mark.parametrize(
    "text",
    [
        f"These grew: {LEFT_OUT}\n- cherries\n- plums",
        f"These grew:\n- cherries {LEFT_OUT}\n- plums",
        f"These grew:\n- {LEFT_OUT}\n- cherries\n- plums",
        f"These grew:\n {LEFT_OUT}\n- cherries\n- plums",
        f"These grew:\n{LEFT_OUT}{LEFT_OUT}\n- cherries\n- plums",
        "These grew:\n…\n- cherries\n- plums",
        "These grew:\n[...]\n- cherries\n- plums",
        "These grew:\n[…]\n\n- cherries\n- plums",
        f"These grew:\n{LEFT_OUT}\n- cherries",
        f"These grew:\n{LEFT_OUT}\n- plums\n- cherries",
        f"These grew:\n{LEFT_OUT}\n- cherries\n- plums\n- pears",
        f"These grew:\n{LEFT_OUT}\n- cherries\n- plums\n{LEFT_OUT} and more",
        LEFT_OUT,
    ],
    ids=[
        "at-the-end-of-a-line",
        "within-the-quote",
        "as-an-item",
        "indented",
        "twice-on-a-line",
        "another-sign",
        "three-full-stops",
        "with-an-empty-line",
        "says-less",
        "other-order",
        "says-more",
        "with-words",
        "alone",
    ],
)
def test_no_other_text_than_signs_on_lines_of_their_own_passes(text):
    with pytest.raises(CitationError, match=r"^A statement says more than its quotes: "):
        verify(listed(text), {(LIST.id, "en"): LIST})


def changed(**fields: object) -> Statement:
    citation = replace(statement().citations[0], **fields)
    return Statement(citation.quote, (citation,))


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (changed(quote="Blueberries 🫐"), "The quote at 10 of no-a-case is not its text."),
        (changed(quote="blåbær 🫐 grew."), "The quote at 10 of no-a-case is not its text."),
        (changed(start=11), "The quote at 11 of no-a-case is not its text."),
        (changed(end=25), "The quote at 10 of no-a-case is not its text."),
        (changed(start=10_000, end=10_014), "The quote at 10000 of no-a-case is not its text."),
        (changed(sha256="0" * 64), "The text of no-a-case is not the one that was cited."),
        (Statement("Blueberries grew.", ()), "A statement has no citation: 'Blueberries grew.'"),
        (Statement("x" * 200, ()), f"A statement has no citation: '{'x' * 80}'"),
        (
            replace(statement(), text="Blåbær 🫐 grew. Much!"),
            "A statement says more than its quotes: 'Blåbær 🫐 grew. Much!'",
        ),
        (replace(statement(), text=""), "A statement says more than its quotes: ''"),
    ],
    ids=[
        "other-words",
        "other-case",
        "other-start",
        "other-end",
        "beyond-the-text",
        "other-text-cited",
        "no-citation",
        "long-statement",
        "says-more",
        "says-less",
    ],
)
def test_a_quote_that_is_not_the_text_is_an_error(broken, sentence):
    with pytest.raises(CitationError) as caught:
        verify(broken, PLACES)
    assert str(caught.value) == sentence


def test_a_document_that_has_changed_is_an_error_even_where_the_quote_still_stands():
    now = document_of(TEXT + "\nMore.\n")
    with pytest.raises(CitationError) as caught:
        verify(statement(), {(DOCUMENT.id, "en"): now})
    assert str(caught.value) == "The text of no-a-case is not the one that was cited."


def test_a_text_that_does_not_match_its_own_hash_is_an_error():
    tampered = replace(DOCUMENT, text=TEXT.replace("two", "ten"))
    with pytest.raises(CitationError) as caught:
        verify(statement(), {(DOCUMENT.id, "en"): tampered})
    assert str(caught.value) == "The text of no-a-case is not the one that was cited."


def test_every_citation_of_a_statement_is_matched():
    good, bad = statement().citations[0], changed(quote="x").citations[0]
    with pytest.raises(CitationError) as caught:
        verify(Statement("\n".join((good.quote, bad.quote)), (good, bad)), PLACES)
    assert str(caught.value) == "The quote at 10 of no-a-case is not its text."


@pytest.mark.parametrize(
    ("headings", "shown"),
    [
        ((), ()),
        (("",), ("",)),
        (("A",), ("A",)),
        (("A", "A", "B"), ("A", "", "B")),
        (("A", "B", "A"), ("A", "B", "A")),
        (("", "A", ""), ("", "A", "")),
        (("A", "", "A"), ("A", "", "A")),
    ],
    ids=["no-statements", "no-heading", "one", "twice", "again-later", "one-headed", "one-without"],
)
def test_a_heading_stands_once_above_the_statements_that_it_is_for(headings, shown):
    statements = [replace(statement(), heading=heading) for heading in headings]
    assert with_headings(statements) == list(zip(statements, shown, strict=True))
