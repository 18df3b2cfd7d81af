"""What readers write is read back as what it was: headings, paragraphs, items, tables, whatever their text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers import TooBigError
from ingest.readers.written import heading, listed, one_line, paragraph, pipe_table
from kb.blocks import parse_blocks

AWKWARD = [
    "# ",
    "#",
    "1. ",
    "- ",
    "* ",
    "> ",
    "``` ",
    "--",
    "* * *",
    "===",
    "<div> ",
    "[x]: ",
    "| a | ",
    "3. mai ",
    "\\",
]
LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs", "Cf"]), min_size=1)
TEXTS = (
    st.builds("{}{}{}".format, st.sampled_from(["", *AWKWARD]), LETTERS, st.sampled_from(["", " #", "|", " ===", "\\"]))
    .map(one_line)
    .filter(lambda text: any(map(str.isalnum, text)) and "\\|" not in text and text[-1:] != "\\")
)


def read_back(markdown: str) -> list[tuple[str, int, str]]:
    """Return kind, level and text of each block, without what keeps it from being misread."""
    return [
        (block.kind, block.level, markdown[block.start : block.end].strip("\xa0")) for block in parse_blocks(markdown)
    ]


@given(TEXTS, st.integers(1, 6))
@settings(max_examples=200, deadline=None)
def test_a_heading_is_read_back(text, level):
    ((kind, found, read),) = read_back(heading(level, text))
    assert (kind, found, read.replace("\xa0", " ")) == ("heading", level, text.strip("\xa0").replace("\xa0", " "))


@pytest.mark.parametrize("title", ["#", "###", "C #", "C#", "a # b", "1. x", "- x", "> x"])
def test_a_heading_keeps_its_text(title):
    ((kind, _, text),) = read_back(heading(2, title))
    assert (kind, text.replace("\xa0", " ").strip()) == ("heading", title)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_paragraph_is_read_back(text):
    assert read_back(paragraph(text)) == [("paragraph", 0, text.strip("\xa0"))]


@given(TEXTS, st.sampled_from(["- ", "1. ", "12. "]))
@settings(max_examples=200, deadline=None)
def test_an_item_is_read_back(text, mark):
    assert read_back(paragraph(text, mark)) == [("item", 0, text.strip("\xa0"))]


@given(st.lists(st.tuples(st.integers(-1, 3), TEXTS), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_lists_among_paragraphs_are_read_back(items):
    kinds = [("paragraph" if level < 0 else "item", 0, text.strip("\xa0")) for level, text in items]
    assert read_back("\n\n".join(listed(items))) == kinds


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=1, max_size=5), st.sampled_from([0, 2, 3]))
@settings(max_examples=100, deadline=None)
def test_rows_are_read_back(rows, indent):
    table = pipe_table([dict(enumerate(row)) for row in rows], 10**6, indent)
    found = parse_blocks(table)
    assert [block.kind for block in found] == ["row"] * len(rows)
    shown = [table[block.start : block.end] for block in found]
    assert all(text.replace("|", "\\|") in line for row, line in zip(rows, shown, strict=True) for text in row)


def test_a_table_leaves_out_empty_columns_and_rows():
    assert pipe_table([{0: "a", 5: "b"}, {1: ""}, {5: "c"}], 100) == "| a | b |\n| --- | --- |\n|  | c |"
    assert pipe_table([{0: "a"}, {0: "b|c"}], 100, 2) == "  | a |\n  | --- |\n  | b\\|c |"
    assert pipe_table([], 100) == ""


def test_a_table_has_room_or_is_too_big():
    with pytest.raises(TooBigError):
        pipe_table([{number: "x"} for number in range(100)], 9_999)
