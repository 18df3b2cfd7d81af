"""What late interaction knows of a block: in which kind of section it stands, and what is read before it."""

from __future__ import annotations

import pytest

from kb.blocks import parse_blocks
from kb.models.matching import KINDS_OF_SECTIONS, before_block, section_of
from kb.vocabulary import HEADINGS
from tests.kb.answering.texts import document_of

TEXT = (
    "# A case\n\nTrust was tried.\n\n## Situation\n\n- Control grew.\n\n"
    "## Result\n\nThese say so:\n\n- one\n\n## Own\n\nMore."
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["opening", "situation", "result", "result", None]),
        ({"kind": "unknown"}, ["opening", None, None, None, None]),
        ({"title": "Other"}, [None, "situation", "result", "result", None]),
        ({"kind": "report", "language": "sv"}, ["opening", None, None, None, None]),
    ],
    ids=["case", "own-document", "another-title", "another-kind"],
)
def test_a_block_stands_in_the_opening_or_in_the_section_of_its_heading(fields, expected):
    document = document_of(TEXT, **fields)
    blocks = [block for block in parse_blocks(TEXT) if block.kind != "heading"]
    assert [section_of(document, block) for block in blocks] == expected


def test_a_block_without_headings_stands_in_no_section():
    (block,) = parse_blocks("One.")
    assert section_of(document_of("One."), block) is None


def test_every_kind_of_section_is_one_of_a_heading():
    assert set(KINDS_OF_SECTIONS[1:]) == set(HEADINGS)
    assert len(set(KINDS_OF_SECTIONS)) == len(KINDS_OF_SECTIONS)


@pytest.mark.parametrize(
    ("number", "fields", "expected"),
    [
        (1, {}, "A case\n\nA case"),
        (1, {"organisation": "Buurtzorg", "title": "Title"}, "Title\nBuurtzorg\nA case"),
        (6, {}, "A case\n\nA case\nResult\nThese say so:"),
    ],
    ids=["opening", "organisation", "item"],
)
def test_before_a_block_stand_title_organisation_headings_and_its_lead(number, fields, expected):
    blocks = parse_blocks(TEXT)
    assert before_block(document_of(TEXT, **fields), blocks, blocks[number]) == expected
