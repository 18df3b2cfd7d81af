"""A quote in another language of its document: the same blocks, and of a part the same sentences."""

from __future__ import annotations

import pytest

from kb.answering.quoting import Quote, aligned, in_text, quote_of
from kb.blocks import parse_blocks
from tests.kb.answering.texts import document_of, read_of, says, sentence, texts

LONG_LIST = "We promise:\n\n" + "\n".join(f"- {sentence(35, str(number))}" for number in range(5))


@pytest.mark.parametrize(
    ("english", "danish", "expected"),
    [
        ("# A\n\nOne.\n\n- two", "# Å\n\nEn.\n\n- to", True),
        ("One. Two.", "En og to.", True),
        ("# A\n\nOne.", "## Å\n\nEn.", False),
        ("One.\n\n- two", "En.\n\nTo.", False),
        ("One.\n\nTwo.", "En.", False),
        ("", "", True),
    ],
    ids=["alike", "other-sentences", "other-level", "other-kind", "fewer", "empty"],
)
def test_texts_align_that_have_the_same_kinds_of_blocks(english, danish, expected):
    assert aligned(parse_blocks(english), parse_blocks(danish)) is expected


def in_danish(english: str, danish: str, part: str) -> str:
    """Return what a quote of an English text is in the Danish one."""
    source, target = read_of(document_of(english)), read_of(document_of(danish, language="da"))
    start = english.index(part)
    covered = [b.number for b in source.blocks if b.start < start + len(part) and start < b.end]
    quote = Quote(source.document, source.blocks, covered[0], covered[-1], start, start + len(part))
    return texts([in_text(quote, target.document, target.blocks)])[0]


@pytest.mark.parametrize(
    ("english", "danish", "part", "expected"),
    [
        ("One.\n\nTwo.", "En.\n\nTo.", "Two.", "To."),
        ("Of:\n\n- one\n- two", "Af:\n\n- en\n- to", "Of:\n\n- one\n- two", "Af:\n\n- en\n- to"),
        ("One. Two. Three.", "En. To. Tre.", "Two.", "To."),
        ("One. Two. Three.", "En. To. Tre.", "Two. Three.", "To. Tre."),
        ("One. Two. Three.", "En. To. Tre.", "Two. Thr", "To. Tre."),
        ("One. Two. Three.", "En og to. Tre.", "Two.", "En og to. Tre."),
        ("One.\n\nTwo.", "En.\n\nTo.", "One.\n\nTwo.", "En.\n\nTo."),
    ],
    ids=["block", "list", "sentence", "sentences", "broken-off", "other-number-of-sentences", "joined"],
)
def test_a_quote_in_another_language_is_the_same_blocks_and_sentences(english, danish, part, expected):
    assert in_danish(english, danish, part) == expected


def test_an_item_in_another_language_keeps_its_lead():
    english, danish = read_of(document_of(LONG_LIST)), read_of(document_of("Af:\n\n- a\n- b\n- c\n- d\n- e"))
    quote = quote_of(english, english.blocks[3], says(), 130)
    assert texts([in_text(quote, danish.document, danish.blocks)]) == ["Af:\n- c"]
