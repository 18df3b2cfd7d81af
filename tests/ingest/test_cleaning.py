"""Clean text keeps what was written, and makes of its lines the blocks that a reader sees."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.cleaning import CleanText, clean, mend_characters
from ingest.extraction import Extracted
from ingest.kinds import Format
from kb.blocks import parse_blocks

LONG = "The council gave the teams room to plan their own days, and asked them to tell each spring what came of it."
NEXT = (
    "Two years later the sick leave had fallen, though nobody could say how much of that the teams had brought about."
)


def extracted(kind: Format, *pages: str) -> Extracted:
    return Extracted(kind, "ok", pages, (), None, None, None, "0" * 64)


def cleaned(text: str) -> str:
    return clean(extracted("text", text)).text


def wrapped(text: str, width: int = 60) -> str:
    return textwrap.fill(text, width)


def blocks(text: str) -> list[tuple[str, str]]:
    """Return kind (with a heading's level) and text of each block of the clean text."""
    done = cleaned(text)
    return [(b.kind[:1] + str(b.level or ""), done[b.start : b.end]) for b in parse_blocks(done)]


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("ﬀ ﬁ ﬂ ﬃ ﬄ ﬅ ﬆ", "ff fi fl ffi ffl st st"),
        ("til\xadlit", "tillit"),
        ("a\xa0b\u2009c\u202fd\u3000e", "a b c d e"),
        ("a\u200bb\u200dc\u2060d\ufeffe", "abcde"),
        ("a\u202eb\u2066c", "abc"),
        ("a\u2028b\u2029c\x0cd\x0be\x85f", "a\nb\nc\nd\ne\nf"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00\x1b\x7f\x9bb\tc", "ab\tc"),
        ("long\u2010term\u2011plan", "long-term-plan"),
        ("\uf0b7 a", "• a"),
        ("a\ud800b", "a\ufffdb"),
        ("A\u030a\u200b", "Å"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_a_character_has_one_form(raw, mended):
    assert mend_characters(raw) == mended


@pytest.mark.parametrize("text", ["12³", "1½", "10⁻²", "m²", "№ 5", "Ⅳ", "CO₂", "“quoted” – and … so", "½–¾"])
def test_figures_and_signs_stay_as_they_are(text):
    assert mend_characters(text) == text


def test_markdown_is_left_as_it_is_but_for_characters():
    raw = "# Til\xadlit\r\n\r\n* one\r\n* two  \r\n\r\n    code\r\n\r\nwrap-\r\nped lines\r\n"
    assert clean(extracted("markdown", raw)) == CleanText(
        "# Tillit\n\n* one\n* two  \n\n    code\n\nwrap-\nped lines\n", ()
    )


def test_nothing_but_space_is_cleaned_to_nothing():
    assert cleaned(" \n\n\xa0\n") == ""


def test_wrapped_lines_become_one_line_and_blank_lines_part_paragraphs():
    assert cleaned("one two  \nthree\tfour\n\n\n\nfive\nsix\n") == "one two three four\n\nfive six\n"


@pytest.mark.parametrize(
    ("raw", "joined"),
    [
        ("the mu-\nnicipalities", "the municipalities"),
        ("the mu\xad\nnicipalities", "the municipalities"),
        ("trust-based, and trust-\nbased", "trust-based, and trust-based"),
        ("trustbased, and trust-\nbased", "trustbased, and trustbased"),
        ("trust-related work based on trust-\nbased talk", "trust-related work based on trust-based talk"),
        ("no pattern known: trust-\nbased", "no pattern known: trust-based"),
        ("the in-house staff of an in-\nstitution", "the in-house staff of an institution"),
        ("kommune-\nstyret", "kommunestyret"),
        ("i Nord-\nNorge", "i Nord-Norge"),
        ("fra 2010-\n2015", "fra 2010-2015"),
        ("COVID-\n19", "COVID-19"),
        ("NPM-\nreformer", "NPM-reformer"),
        ("kort-\nog langsiktig", "kort- og langsiktig"),
        ("day-to-\nday and day-to-day", "day-to-day and day-to-day"),
        ("doubt – or trust –\nthat is it", "doubt – or trust – that is it"),
        ("og/\neller", "og/eller"),
    ],
)
def test_a_word_broken_at_the_end_of_a_line_is_joined_as_the_document_writes_it(raw, joined):
    assert cleaned(raw) == joined + "\n"


def test_where_hardly_a_line_ends_in_a_hyphen_words_are_whole():
    text = "\n".join(["the teams plan their own days"] * 30)
    assert cleaned(f"{text}\nand hold semi-\nstructured talks.").endswith(" hold semi-structured talks.\n")
    assert cleaned("They hold semi-\nstructured talks.") == "They hold semistructured talks.\n"


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("- a\n- b", "- a\n- b\n"),
        ("• a\n• b", "- a\n- b\n"),
        ("\uf0b7\na\n\uf0b7\nb", "- a\n- b\n"),
        ("– a\n– b", "- a\n- b\n"),
        ("* a\n* b\nwith more", "- a\n- b with more\n"),
        ("1. a\n2. b", "1. a\n2. b\n"),
        ("1) a\n2) b", "1. a\n2. b\n"),
        ("(1) a\n(2) b", "1. a\n2. b\n"),
        ("a) a\nb) b", "- a) a\n- b) b\n"),
        ("a. a\nb. b", "- a. a\n- b. b\n"),
        ("- a\n- 2. b\n- c", "- a\n\n2. b\n\n- c\n"),
        ("1.\na\n2.\nb", "1. a\n2. b\n"),
        ("Goals:\n- a\n- b", "Goals:\n\n- a\n- b\n"),
    ],
)
def test_list_items_are_written_as_markdown(raw, written):
    assert cleaned(raw) == written


@pytest.mark.parametrize(
    "text",
    [
        "3. mai 2013 vedtok rådet planen.",
        "1986. That was the year.",
        "a. Trust alone is no list.",
        "f. eks. en færge til øen",
        "# 1 of 98 municipalities",
        "> 50 percent of all",
        "+ 3 percent",
        "```",
        "~~~ so",
        "<div>in brackets</div>",
        "[plan]: http://example.org/plan",
        "|---|---|",
        "_ _ _ a",
        "– Trust takes time, says the head.",
    ],
)
def test_a_paragraph_is_never_read_as_other_structure(text):
    found = blocks(f"{LONG}\n\n{text}\n\n{NEXT}")
    assert [(kind, shown.lstrip("\xa0")) for kind, shown in found] == [("p", LONG), ("p", text), ("p", NEXT)]


@given(st.text(alphabet="ab A-*#>1.)`~<[]:|=_+ \t\n–•?,", max_size=120))
@settings(max_examples=400, deadline=None)
def test_every_line_of_clean_text_is_one_block_with_all_its_letters(text):
    done = cleaned(text)
    found = parse_blocks(done)
    lines = [line for line in done.split("\n") if line]
    assert [done[b.start : b.end].lstrip("\xa0") for b in found] == [_without_mark(line) for line in lines]
    assert [char for char in done if char.isalpha()] == [char for char in text if char.isalpha()]


def _without_mark(line: str) -> str:
    for mark in ("# ", "## ", "- "):
        if line.startswith(mark):
            return line.removeprefix(mark).lstrip("\xa0")
    number, dot, rest = line.partition(". ")
    return rest.lstrip("\xa0") if dot and number.isdigit() else line.lstrip("\xa0")


def test_a_short_line_alone_before_a_paragraph_is_a_heading_and_the_first_is_the_title():
    text = f"Room to plan\n\n{LONG}\n\nWhat came of it\n\n{NEXT}\n\nHow was it done?\n\n{LONG}"
    assert blocks(text) == [
        ("h1", "Room to plan"),
        ("p", LONG),
        ("h2", "What came of it"),
        ("p", NEXT),
        ("h2", "How was it done?"),
        ("p", LONG),
    ]


def test_a_heading_over_two_lines_right_above_its_paragraph_is_one_heading():
    text = f"{wrapped(LONG)}\nRoom to plan for the many\nand for the few\n{wrapped(NEXT)}"
    assert blocks(text) == [("p", LONG), ("h2", "Room to plan for the many and for the few"), ("p", NEXT)]


@pytest.mark.parametrize(
    "line",
    [
        "Aims:",
        "It was so.",
        "Plan,",
        "then came the rest",
        "Oslo, 12.03.2019",
        "post@example.org",
        "Aims . . . . . 12",
        "2 Aims 12",
        "Oslo 12 14 16",
    ],
)
def test_a_short_line_that_is_no_heading_stays_a_paragraph(line):
    assert blocks(f"{LONG}\n\n{line}\n\n{NEXT}") == [("p", LONG), ("p", line), ("p", NEXT)]


def test_a_number_that_stands_alone_is_no_item():
    assert blocks(f"{LONG}\n\n12.\n\n{NEXT}") == [("p", LONG), ("p", "\xa012."), ("p", NEXT)]


def test_headings_of_a_chapter_and_its_sections_follow_each_other():
    assert blocks(f"{LONG}\n\n2 Means\n\n2.1 Time\n\n{NEXT}") == [
        ("p", LONG),
        ("h2", "2 Means"),
        ("h2", "2.1 Time"),
        ("p", NEXT),
    ]


def test_the_title_may_have_date_and_author_below_it():
    text = f"Room to plan\n\n12.03.2019 | 4 p.\n\n{LONG}"
    assert blocks(text) == [("h1", "Room to plan"), ("p", "12.03.2019 | 4 p."), ("p", LONG)]


def test_a_heading_has_something_below_it():
    assert blocks(f"{LONG}\n\nThe end") == [("p", LONG), ("p", "The end")]


def test_a_numbered_line_above_a_paragraph_is_a_heading_and_in_a_list_an_item():
    text = f"1. Aims\n\n{LONG}\n\n2. Means\n\nThere are two:\n\n1. Time\n\n2. Trust\n\n{NEXT}"
    assert blocks(text) == [
        ("h1", "1. Aims"),
        ("p", LONG),
        ("h2", "2. Means"),
        ("p", "There are two:"),
        ("i", "Time"),
        ("i", "Trust"),
        ("p", NEXT),
    ]


def test_the_first_of_numbered_lines_below_a_heading_is_an_item_like_the_others():
    first, second = "Those who lead have to look at what is done", "Those who work have to say what they need for it"
    text = f"Two principles for all\n\n1. {first}\n2. {second}\n\n{NEXT}"
    assert blocks(text) == [("h1", "Two principles for all"), ("i", first), ("i", second), ("p", NEXT)]


def test_a_dash_that_happens_to_begin_a_line_begins_no_item():
    text = f"{wrapped(LONG[:-1], 53)}\n– a thing that nobody had asked for before – and so\n{wrapped(NEXT.lower())}"
    assert blocks(text) == [("p", f"{LONG[:-1]} – a thing that nobody had asked for before – and so {NEXT.lower()}")]


def test_a_dash_alone_in_its_paragraph_is_a_quote_and_several_are_a_list():
    assert blocks("– We plan.\n\nShe nods.") == [("p", "– We plan."), ("p", "She nods.")]
    assert blocks("– we plan\n– we tell") == [("i", "we plan"), ("i", "we tell")]


def test_a_short_line_that_ends_a_sentence_ends_its_paragraph():
    wide = ["The teams plan their own days and weeks and they", "tell the council what came of it. They do that"]
    text = "\n".join([*wide, "each spring.", *wide, "each autumn."])
    assert blocks(text) == [("p", " ".join([*wide, "each spring."])), ("p", " ".join([*wide, "each autumn."]))]


def test_tabs_in_a_text_are_space():
    assert cleaned("one\ttwo\nthree\tfour") == "one two three four\n"


def test_a_line_of_signs_is_a_blank_line():
    assert cleaned("one\n=====\ntwo\n* * *\nthree") == "one\n\ntwo\n\nthree\n"
