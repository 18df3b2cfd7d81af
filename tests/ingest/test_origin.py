"""The pages of a user's own file as they were, and where a passage of the clean text stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.characters import mend_characters, visible
from kb.store.catalogue import reading
from kb.store.sources import SourceSpan, source_page, source_pages, source_spans
from tests.ingest.desk import take_in
from tests.ingest.pdfs import pdf
from tests.stored import live, write

pytestmark = pytest.mark.usefixtures("quick_publish")

HEADER = "Ferry company, annual report"
PAGES = (
    (HEADER, "", "The ferry to the island sails at dawn. It car-", "ries the mail and the milk to the", "school.", "1"),
    (HEADER, "", "- the captain plans the day", "- the crew keeps to it", "2"),
    (HEADER, "", "In spring the company asked the passengers", "what they thought of it.", "3"),
)


@pytest.fixture
def ferry(data, notes) -> Path:
    notes.mkdir()
    (notes / "ferry.pdf").write_bytes(pdf(*PAGES))
    take_in(data, notes)
    return data


def spans_of(data: Path, quote: str) -> list[SourceSpan]:
    stored = live(data)["ferry", "en"]
    start = stored.document.text.index(quote)
    with reading(data) as connection:
        return source_spans(connection, stored.key, start, start + len(quote))


@pytest.mark.parametrize(
    ("quote", "places"),
    [
        ("It carries the mail", [(1, "It car-\nries the mail")]),
        ("milk to the school.", [(1, "milk to the\nschool.")]),
        ("the captain plans", [(2, "the captain plans")]),
        ("plans the day\n- the crew", [(2, "plans the day\n- the crew")]),
        ("asked the passengers what", [(3, "asked the passengers\nwhat")]),
    ],
)
def test_a_passage_is_found_on_its_page_as_the_file_has_it(ferry, quote, places):
    assert [(span.page, span.text.replace("\n\n", "\n")) for span in spans_of(ferry, quote)] == places


def test_offsets_are_those_of_the_page_that_is_kept(ferry):
    (span,) = spans_of(ferry, "asked the passengers")
    with reading(ferry) as connection:
        page = source_page(connection, live(ferry)["ferry", "en"].key, 3)
    assert page is not None
    assert page.text[span.start : span.end] == span.text == "asked the passengers"
    assert HEADER in page.text


def test_a_passage_over_a_page_break_has_a_span_on_each_page(data, notes):
    notes.mkdir()
    (notes / "ferry.pdf").write_bytes(pdf(("The ferry to the island sails every day at",), ("dawn with the mail.",)))
    take_in(data, notes)
    found = spans_of(data, "every day at dawn with")
    assert [(span.page, span.text) for span in found] == [(1, "every day at"), (2, "dawn with")]


def test_clean_and_raw_text_differ_by_what_is_mended_joined_and_left_out_alone(ferry):
    stored = live(ferry)["ferry", "en"]
    with reading(ferry) as connection:
        pages = source_pages(connection, stored.key)
    left_out = []
    for page in pages:
        at = 0
        for line in page.lines:
            raw, clean = page.text[line.raw_start : line.raw_end], stored.document.text[line.start : line.end]
            kept = visible(mend_characters(raw))
            assert visible(clean.removeprefix("- ")) in (kept, kept.removesuffix("-"))
            left_out += page.text[at : line.raw_start].split("\n")
            at = line.raw_end
        left_out += page.text[at:].split("\n")
    assert {line.strip() for line in left_out} == {"", "-", HEADER, "1", "2", "3"}


def test_a_text_file_is_one_page_and_markdown_none(data, notes):
    write(notes, "ferry.txt", text="The \ufb01rst ferry sails at dawn.")
    write(notes, "note.md")
    take_in(data, notes)
    assert spans_of(data, "first ferry") == [SourceSpan(1, 4, 14, "\ufb01rst ferry")]
    with reading(data) as connection:
        assert source_pages(connection, live(data)["note", "en"].key) == ()
        assert source_page(connection, live(data)["note", "en"].key, 1) is None
