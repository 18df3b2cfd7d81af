"""A table is quoted whole with what leads it in; of a long one a row stands below the names of its columns."""

from __future__ import annotations

import pytest

from kb.answering.answerer import _statement
from kb.answering.quoting import list_around, quote_of
from kb.blocks import parse_blocks
from tests.kb.answering.texts import document_of, quoted, read_of

HEAD = "| Trust | 2021 |\n| --- | --- |"
TABLE = f"The table tells:\n\n{HEAD}\n| sick | 11 % |\n| hours | 40 |"
LONG = f"The table tells:\n\n{HEAD}\n" + "\n".join(f"| row {number} of many | 11 % |" for number in range(30))


@pytest.mark.parametrize("number", [0, 1, 2, 3], ids=["lead", "head", "first", "last"])
def test_a_table_is_quoted_whole_with_the_line_that_leads_it_in(number):
    assert quoted(f"{TABLE}\n\nAfter it.", number, "trust") == [TABLE]


def test_a_table_that_nothing_leads_in_is_quoted_by_itself():
    text = f"# Title\n\n{HEAD}\n| sick | 11 % |\n\n| next | table |\n| --- | --- |\n| a | b |"
    blocks = parse_blocks(text)
    assert list_around(blocks, blocks[2]) == (1, 2)
    assert list_around(blocks, blocks[4]) == (3, 4)


def test_a_row_of_a_long_table_is_quoted_below_its_head():
    assert quoted(LONG, 7, "row") == ["| Trust | 2021 |\n| row 5 of many | 11 % |"]


@pytest.mark.parametrize("number", [0, 1], ids=["lead", "head"])
def test_what_stands_above_the_rows_of_a_long_table_is_not_quoted_alone(number):
    read = read_of(document_of(LONG))
    assert quote_of(read, read.blocks[number], lambda _: 1.0, 105) is None


def test_a_row_is_read_with_signs_for_those_that_are_left_out():
    read = read_of(document_of(LONG))
    quote = quote_of(read, read.blocks[7], lambda _: 1.0, 105)
    assert quote.is_scrap
    assert _statement(quote).text == "| Trust | 2021 |\n[…]\n| row 5 of many | 11 % |\n[…]"
