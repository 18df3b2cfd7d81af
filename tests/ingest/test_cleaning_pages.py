"""Pages: paragraphs over page breaks, running lines, the page table."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.cleaning import CleanText, clean
from ingest.extraction import extract
from kb.blocks import parse_blocks
from kb.records import Page
from tests.ingest import pdfs
from tests.ingest.test_cleaning import LONG, NEXT, cleaned, extracted


def paged(*pages: str) -> CleanText:
    return clean(extracted("pdf", *pages))


def test_a_paragraph_over_a_page_break_is_one_and_the_page_begins_inside_it():
    first, second, third, fourth = textwrap.wrap(f"{LONG} {NEXT}", 60)
    whole, turn = f"{LONG} {NEXT}", len(f"{first} {second} ")
    done = paged(f"{first}\n{second}\n", f"\n{third}\n{fourth}")
    assert (done.text, done.pages) == (f"{whole}\n", (Page(1, 0, turn - 1), Page(2, turn, len(whole))))


def test_a_word_broken_over_a_page_break_is_joined():
    done = paged("They met in all mu-", "nicipalities of the land.")
    assert done.text == "They met in all municipalities of the land.\n"
    assert done.pages == (Page(1, 0, 18), Page(2, 18, 43))


def test_a_page_without_text_has_an_empty_span():
    assert paged("", f"{LONG}", "", "").pages == (
        Page(1, 0, 0),
        Page(2, 0, len(LONG)),
        Page(3, len(LONG), len(LONG)),
        Page(4, len(LONG), len(LONG)),
    )


def test_a_page_begins_with_the_mark_of_its_first_block():
    done = paged(LONG, f"- {NEXT}")
    assert done.text == f"{LONG}\n\n- {NEXT}\n"
    assert done.pages[1] == Page(2, len(LONG) + 2, len(LONG) + 4 + len(NEXT))


BODIES = [
    "The teams plan their own days.",
    "In spring they tell what came of it.",
    "The council listens to them.",
    "Then it gives them the money.",
]


@pytest.mark.parametrize(
    "pages",
    [
        [f"Annual report 2019\n{body}" for body in BODIES],
        [f"{body}\nAnnual report, page {number}" for number, body in enumerate(BODIES, 7)],
        [f"{body}\n\n{number}" for number, body in enumerate(BODIES, 7)],
        [f"{body}\nSide {number} av 9" for number, body in enumerate(BODIES, 7)],
        [f"- {number} -\n{body}" for number, body in enumerate(BODIES)],
        [f"{body}\n{number}" for number, body in zip(("i", "ii", "iii", "iv"), BODIES, strict=True)],
        [f"{('Report', 'Aims')[number % 2]} {number}\n{body}" for number, body in enumerate(BODIES, 7)],
        [BODIES[0], *(f"Annual report\n{body}" for body in BODIES[1:])],
    ],
    ids=["header", "numbered footer", "number", "page of pages", "dashes", "roman", "two headers", "not on the first"],
)
def test_running_lines_and_page_numbers_are_left_out(pages):
    assert paged(*pages).text.split() == " ".join(BODIES).split()


def test_a_line_on_half_of_the_pages_or_on_two_is_kept():
    assert paged(f"Aims\n\n{LONG}", f"Aims\n\n{NEXT}").text.count("Aims") == 2
    assert paged(*[f"Aims\n\n{body}" for body in BODIES[:2]], *BODIES[2:]).text.count("Aims") == 2


def test_a_number_at_the_foot_that_does_not_count_pages_is_kept():
    done = paged(f"{LONG}\nSum\n140", f"{NEXT}\nSum\n95", f"{LONG}\n\n3")
    assert [done.text.count(number) for number in ("140", "95", "\n3")] == [1, 1, 0]


@given(st.lists(st.text(alphabet="abA -.\n1", max_size=60), max_size=6))
@settings(max_examples=200, deadline=None)
def test_pages_come_in_order_and_hold_all_the_text(pages):
    done = paged(*pages)
    assert [page.number for page in done.pages] == list(range(1, len(pages) + 1))
    edges = [edge for page in done.pages for edge in (page.start, page.end)]
    assert edges == sorted(edges)
    outside = list(done.text)
    for page in done.pages:
        outside[page.start : page.end] = " " * (page.end - page.start)
    assert "".join(outside).strip() == ""


@given(st.text(alphabet="abA|-.1•\t\n", max_size=100))
@settings(max_examples=200, deadline=None)
def test_every_line_of_a_page_is_one_block_but_for_those_that_make_a_table(page):
    done = paged(page)
    lines = [line for line in done.text.split("\n") if line and not re.fullmatch(r"\|( --- \|)+", line)]
    assert len(parse_blocks(done.text)) == len(lines)
    assert [char for char in done.text if char.isalpha()] == [char for char in page if char.isalpha()]


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_clean_text_is_composed_and_has_no_control_characters(text):
    done = cleaned(text)
    assert done == unicodedata.normalize("NFC", done)
    assert not [char for char in done if unicodedata.category(char) == "Cc" and char not in "\n\t"]


def test_a_pdf_comes_out_as_headings_paragraphs_and_items(tmp_path):
    path = tmp_path / "a.pdf"
    header, broken = "Årsmelding 2019", ["The teams of the land have met in all of the mu-", "nicipalities."]
    path.write_bytes(
        pdfs.pdf(
            [header, "Rom for å planlegge", "", *textwrap.wrap(LONG, 60), "", "Måla var:", "• tid", "• tillit"],
            [header, *textwrap.wrap(NEXT, 60), "", "2"],
            [header, "Slutt på skjema", "", *broken, "", "3"],
        )
    )
    done = clean(extract(path))
    assert done.text == (
        f"# Rom for å planlegge\n\n{LONG}\n\nMåla var:\n\n- tid\n- tillit\n\n{NEXT}\n\n"
        "## Slutt på skjema\n\nThe teams of the land have met in all of the municipalities.\n"
    )
    assert [done.text[page.start : page.end][:12] for page in done.pages] == ["# Rom for å ", NEXT[:12], "## Slutt på "]


def test_lines_of_larger_letters_are_headings():
    lines = (
        "Why the ferry sails",
        "every day",
        "The ferry to the island sails at dawn.",
        "About the crew",
        "It is small.",
    )
    found = replace(extracted("pdf", "\n".join(lines)), sizes=((16.0, 16.0, 11.0, 13.0, 11.0),))
    blocks = ("# Why the ferry sails every day", lines[2], "## About the crew", "It is small.\n")
    assert clean(found).text == "\n\n".join(blocks)


def test_headings_in_larger_letters_stand_above_those_in_smaller_ones():
    sized = [("Report 3 of 2019", 11), ("Why the ferry sails", 24), ("In short", 16), ("It sails.", 11)]
    sized += [("The crew", 18), ("At sea", 14), ("It is small.", 11), ("Ashore", 14), ("It sleeps.", 11)]
    found = replace(extracted("pdf", "\n".join(line for line, _ in sized)), sizes=(tuple(size for _, size in sized),))
    headings = [block for block in clean(found).text.split("\n\n") if block.startswith("#")]
    assert headings == ["# Why the ferry sails", "### In short", "## The crew", "### At sea", "### Ashore"]


def test_two_blank_lines_at_the_foot_of_a_page_end_a_paragraph():
    assert paged(f"{LONG}\n", f"{NEXT}").text == f"{LONG} {NEXT}\n"
    assert paged(f"{LONG}\n\n", f"{NEXT}").text == f"{LONG}\n\n{NEXT}\n"


def test_what_is_long_or_has_no_letters_is_no_heading_though_it_is_large():
    lines = ("2024", "The ferry to the island sails at dawn.", f"{LONG} " * 3, "It is small.")
    found = replace(extracted("pdf", "\n".join(lines)), sizes=((30.0, 11.0, 14.0, 11.0),))
    assert "#" not in clean(found).text


def test_where_sizes_are_not_known_lines_are_judged_by_their_words():
    found = extracted("pdf", "Ferry\n\nThe ferry to the island sails at dawn.")
    assert clean(replace(found, sizes=((0.0, 0.0, 0.0),))) == clean(found)
