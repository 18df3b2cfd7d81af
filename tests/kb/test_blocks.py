"""Blocks and sentences are spans of the text that leave out its marks and nothing else."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.blocks import parse_blocks, split_sentences
from kb.records import Block, Document


def spans(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in parse_blocks(text)]


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n\t\n", []),
        ("One line", [("paragraph", "One line")]),
        ("One line\n", [("paragraph", "One line")]),
        ("One line  \nand its next\n", [("paragraph", "One line  \nand its next")]),
        ("One\n\nTwo", [("paragraph", "One"), ("paragraph", "Two")]),
        ("# Title\n\nText", [("heading", "Title"), ("paragraph", "Text")]),
        ("# Title #\n\n## Part ##  \n", [("heading", "Title"), ("heading", "Part")]),
        ("# The C# language", [("heading", "The C# language")]),
        ("# 1. Aims", [("heading", "1. Aims")]),
        ("Title\n=====\n\nPart\n---\nText", [("heading", "Title"), ("heading", "Part"), ("paragraph", "Text")]),
        ("#\n\nText", [("paragraph", "Text")]),
        ("#hashtag", [("paragraph", "#hashtag")]),
        ("-5 degrees\n\n+3 degrees", [("paragraph", "-5 degrees"), ("paragraph", "+3 degrees")]),
        ("- a\n- b\n", [("item", "a"), ("item", "b")]),
        ("* a\n\n* b\n\n+ c", [("item", "a"), ("item", "b"), ("item", "c")]),
        ("1. a\n2. b\n10) c", [("item", "a"), ("item", "b"), ("item", "c")]),
        ("- a\n  goes on\n- b", [("item", "a\n  goes on"), ("item", "b")]),
        ("- a\n  - b\n    1. c\n- d", [("item", "a"), ("item", "b"), ("item", "c"), ("item", "d")]),
        ("- - a\n- 1. b", [("item", "a"), ("item", "b")]),
        ("- a\n\n  more of a\n\n- b", [("item", "a"), ("paragraph", "more of a"), ("item", "b")]),
        ("-\n\nText", [("paragraph", "Text")]),
        ("- ```\n  code\n  ```\n\nText", [("code", "```\n  code\n  ```"), ("paragraph", "Text")]),
        ("3. mai 2020 kom den.", [("item", "3. mai 2020 kom den.")]),
        ("- 12. december 2020", [("item", "12. december 2020")]),
        ("3. Mais og bygg", [("item", "Mais og bygg")]),
        ("> Quoted\n\n> - item", [("paragraph", "Quoted"), ("item", "item")]),
        ("| a | b |\n|---|---|\n| c | d |\n", [("row", "| a | b |"), ("row", "| c | d |")]),
        ("```py\n# no heading\n- no item\n```\n", [("code", "```py\n# no heading\n- no item\n```")]),
        ("<div>\nText\n</div>\n\nText", [("code", "<div>\nText\n</div>"), ("paragraph", "Text")]),
        ("One\n\n***\n\nTwo", [("paragraph", "One"), ("paragraph", "Two")]),
        ("One\u2028line\n\nTwo", [("paragraph", "One\u2028line"), ("paragraph", "Two")]),
        (
            "One\x0cline\n\nTwo\x85\n\nThree",
            [("paragraph", "One\x0cline"), ("paragraph", "Two"), ("paragraph", "Three")],
        ),
        ("Blåbær 🫐 på\n\nålen", [("paragraph", "Blåbær 🫐 på"), ("paragraph", "ålen")]),
    ],
    ids=[
        "empty",
        "white-space",
        "no-newline-at-the-end",
        "newline-at-the-end",
        "two-lines",
        "two-paragraphs",
        "heading",
        "closing-signs",
        "sign-in-a-heading",
        "number-in-a-heading",
        "underlined-headings",
        "heading-without-text",
        "hashtag",
        "signs-of-numbers",
        "list",
        "loose-lists",
        "ordered-list",
        "item-of-two-lines",
        "nested-lists",
        "lists-on-one-line",
        "item-of-two-paragraphs",
        "empty-item",
        "code-in-an-item",
        "date-is-no-list-number",
        "date-in-a-list",
        "word-that-begins-like-a-month",
        "quote",
        "table",
        "code-fence",
        "html",
        "rule",
        "unicode-line-separator",
        "form-feed-and-next-line",
        "beyond-ascii",
    ],
)
def test_blocks_are_spans_without_marks(text, expected):
    assert spans(text) == expected


def test_blocks_say_all_that_is_known_of_them():
    text = "# Title\n\nIt rests on this:\n\n- trust\n\n## Part\n"
    assert parse_blocks(text) == (
        Block(0, "heading", 2, 7, level=1),
        Block(1, "paragraph", 9, 26, headings=("Title",)),
        Block(2, "item", 30, 35, headings=("Title",), lead=1),
        Block(3, "heading", 40, 44, level=2, headings=("Title",)),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n\nx", ("A",)),
        ("# A\n\n## B\n\nx", ("A", "B")),
        ("# A\n\n## B\n\n### C\n\n## D\n\nx", ("A", "D")),
        ("# A\n\n### C\n\n## B\n\nx", ("A", "B")),
        ("## B\n\n# A\n\nx", ("A",)),
        ("A\n===\n\nB\n---\n\nx", ("A", "B")),
        ("x", ()),
    ],
    ids=["one", "two", "back-up", "skipped-level", "higher-later", "underlined", "none"],
)
def test_a_block_stands_under_the_path_of_its_headings(text, expected):
    assert parse_blocks(text)[-1].headings == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We ask:\n\n- a\n- b", [None, 0, 0]),
        ("We ask:\n- a\n- b", [None, 0, 0]),
        ("Before.\n\nWe ask:\n\n1. a\n   - b\n2. c", [None, None, 1, 1, 1]),
        ("We ask:\n\n- a\n\n  more of a\n\n- b", [None, 0, None, 0]),
        ("- a\n- b", [None, None]),
        ("We ask:\n\n# Title\n\n- a", [None, None, None]),
        ("We ask:\n\n- a\n\nAnd then:\n\n- b", [None, 0, None, 2]),
    ],
    ids=["loose", "tight", "nested", "item-of-two-paragraphs", "no-lead", "heading-between", "two-lists"],
)
def test_an_item_knows_the_paragraph_that_leads_its_list_in(text, expected):
    assert [block.lead for block in parse_blocks(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We tell:\n\n| a |\n| - |\n| b |\n| c |", [None, 0, 1, 1]),
        ("| a |\n| - |\n| b |\n\n| c |\n| - |\n| d |", [None, 0, None, 2]),
        ("We tell:\n\n| a |\n| - |\n| b |\n\n- c", [None, 0, 1, None]),
    ],
    ids=["led in", "two tables", "list below"],
)
def test_a_row_knows_the_one_that_names_the_columns_and_that_one_what_leads_it_in(text, expected):
    assert [block.lead for block in parse_blocks(text)] == expected


def test_the_shipped_documents_have_blocks_without_marks_in_order(shipped_groups):
    for document in (document for group in shipped_groups for document in group):
        blocks = parse_blocks(document.text)
        assert marks_at_the_edges(document, blocks) == []
        assert all(before.end <= after.start for before, after in pairwise(blocks))
        assert [block.number for block in blocks] == list(range(len(blocks)))


def marks_at_the_edges(document: Document, blocks: tuple[Block, ...]) -> list[str]:
    texts = (document.text[block.start : block.end] for block in blocks)
    return [text for text in texts if re.match(r"#|[-*+] |\d+[.)] |>|\s", text) or text != text.strip()]


WORDS = st.lists(st.text("abcæøå", min_size=1, max_size=6), min_size=1, max_size=5).map(" ".join)
PARTS = st.one_of(
    st.tuples(st.just("heading"), st.integers(1, 6), WORDS),
    st.tuples(st.just("paragraph"), st.just(0), WORDS),
    st.tuples(st.sampled_from(["- ", "1. ", "* "]), st.just(0), st.lists(WORDS, min_size=1, max_size=3)),
    st.tuples(st.just("table"), st.just(0), st.lists(WORDS, min_size=1, max_size=3)),
)


def written(kind: str, level: int, content: str | list[str]) -> tuple[str, list[tuple[str, str]]]:
    """Return a part of a text as Markdown, and the blocks that it has."""
    if kind == "heading":
        return f"{'#' * level} {content}", [("heading", str(content))]
    if kind == "paragraph":
        return str(content), [("paragraph", str(content))]
    if kind == "table":
        rows = [f"| {cell} | x |" for cell in content]
        return "\n".join([rows[0], "|---|---|", *rows[1:]]), [("row", row) for row in rows]
    return "\n".join(kind + item for item in content), [("item", item) for item in content]


@given(st.lists(PARTS, max_size=8))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_what_is_written_as_blocks_is_read_as_them(parts):
    texts, expected = [], []
    for part in parts:
        text, blocks = written(*part)
        texts.append(text)
        expected += blocks
    assert spans("\n\n".join(texts)) == expected


@given(st.text("ab#->|`=*+1.) \t\n\u2028\x0c\xa0", max_size=60))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_blocks_hold_every_letter_in_order_once(text):
    blocks = parse_blocks(text)
    assert [block.number for block in blocks] == list(range(len(blocks)))
    assert all(block.start < block.end for block in blocks)
    assert all(before.end <= after.start for before, after in pairwise(blocks))
    covered = "".join(text[block.start : block.end] for block in blocks)
    assert re.findall("[ab]", covered) == re.findall("[ab]", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("One! Two? Three…", ["One!", "Two?", "Three…"]),
        ("One.\nTwo.", ["One.", "Two."]),
        ("No end", ["No end"]),
        ('He said "No end." Then he left.', ['He said "No end."', "Then he left."]),
        ("(One.) (Two.)", ["(One.)", "(Two.)"]),
        ("It ended in 2020. 12 teams were left.", ["It ended in 2020.", "12 teams were left."]),
        ("It cost 3.5 million. Årets tal.", ["It cost 3.5 million.", "Årets tal."]),
        ("It goes on. and on.", ["It goes on. and on."]),
        ("Det gjelder bl.a. Oslo. Slutt.", ["Det gjelder bl.a. Oslo.", "Slutt."]),
        ("Se f.eks. Bergen. Slutt.", ["Se f.eks. Bergen.", "Slutt."]),
        ("Se t.ex. Malmö. Slut.", ["Se t.ex. Malmö.", "Slut."]),
        ("Use teams, e.g. Buurtzorg. Then wait.", ["Use teams, e.g. Buurtzorg.", "Then wait."]),
        ("Dr. Hansen came. He left.", ["Dr. Hansen came.", "He left."]),
        ("A. B. Olsen came. He left.", ["A. B. Olsen came.", "He left."]),
        ("Den 3. Mai kom den. Det var sent.", ["Den 3. Mai kom den.", "Det var sent."]),
        ("It was Ann. Then he left.", ["It was Ann.", "Then he left."]),
    ],
    ids=[
        "two",
        "other-ends",
        "line-break",
        "no-end",
        "quoted",
        "in-brackets",
        "begins-with-a-number",
        "decimal-point",
        "small-letter-after",
        "bl.a.",
        "f.eks.",
        "t.ex.",
        "e.g.",
        "title",
        "initials",
        "ordinal",
        "word-that-ends-like-an-abbreviation",
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text, expected):
    assert sentences(text) == expected


def test_sentences_of_a_part_of_a_text_lie_in_it():
    text = "One. Two. Three."
    assert split_sentences(text, 5, 9) == [(5, 9)]


PIECES = ("Ja", "nei", "3", "bl.a.", ".", "!", "?", "…", '"', ")", " ", "  ", "\n", "Å", "\xa0")


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_sentences_hold_all_but_white_space_in_order(text):
    found = split_sentences(text, 0, len(text))
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())
