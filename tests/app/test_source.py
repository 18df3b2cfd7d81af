"""The drawer in which a source is read, under Streamlit's AppTest: a PDF with its page, without it, and other texts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app import pdf_page, source, state
from app.pdf_page import cited_pages
from kb.answering.citing import cite
from kb.errors import CatalogueError
from tests.app.typewritten import Words, typewritten
from tests.ingest.desk import knowledge_base, take_in
from tests.ingest.pdfs import pdf

pytestmark = [
    pytest.mark.usefixtures("quick_publish"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
PAGES = (
    [],
    ["The ferry to the island sails every day at dawn. It carries the", "mail. It waits for"],
    ["nobody at all. In spring the company asked the passengers."],
    [],
    ["Most of them were glad.", "", "On Sundays it stays in the harbour."],
)


@pytest.fixture
def data(tmp_path):
    """A data folder with a PDF of five pages, two of them empty, and a note."""
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "ferry.pdf").write_bytes(pdf(*PAGES))
    (notes / "note.md").write_text("# Note\n\nThe ferry is a boat.\n", encoding="utf-8")
    take_in(tmp_path / "kept", notes)
    return tmp_path / "kept"


def citation(data, quote, document="ferry"):
    found, blocks = knowledge_base(data).document(document)
    start = found.text.index(quote)
    return cite(found, blocks, start, start + len(quote))


def original(data):
    (file,) = (data / "originals").glob("*.pdf")
    return file


def marked(data, quote, *beside):
    """What is to be marked: of each page its number and its passages."""
    pages = cited_pages(data, citation(data, quote), [citation(data, each) for each in beside])
    return [(page.number, *(page.text[a:b] for passage in page.passages for a, b in passage)) for page in pages]


# Which pages -----------------------------------------------------------------------------------


def test_a_citation_is_marked_on_its_page_line_by_line(data):
    assert marked(data, "It carries the mail.") == [(2, "It carries the", "mail.")]
    assert marked(data, "In spring the company") == [(3, "In spring the company")]


def test_a_citation_over_a_page_break_has_two_pages(data):
    assert marked(data, "It waits for nobody") == [(2, "It waits for"), (3, "nobody")]


def test_what_else_is_quoted_of_a_page_is_marked_too(data):
    own, other = "sails every day", "It waits for nobody"
    assert marked(data, own, own, other, "In spring") == [(2, own, "It waits for")]


def test_a_text_that_is_no_pdf_has_no_pages(data):
    assert cited_pages(data, citation(data, "The ferry is a boat.", "note")) == []


@pytest.mark.parametrize("change", ["gone", "changed", "no pdf"])
def test_without_the_original_as_it_was_there_are_no_pages(data, change):
    asked = citation(data, "sails every day")
    file = original(data)
    if change == "changed":
        file.write_bytes(pdf(["Another report of the ferry company altogether."]))
    elif change == "no pdf":
        file.write_bytes(b"PK\x03\x04")
    else:
        file.unlink()
    assert cited_pages(data, asked) == []


def test_an_original_that_is_changed_after_it_was_shown_is_shown_no_more(data):
    asked = citation(data, "sails every day")
    assert len(cited_pages(data, asked)) == 1
    original(data).write_bytes(original(data).read_bytes() + b"\n")
    assert cited_pages(data, asked) == []


def test_a_citation_of_another_text_has_no_pages(data):
    assert cited_pages(data, replace(citation(data, "sails every day"), sha256="0" * 64)) == []
    assert cited_pages(data, replace(citation(data, "sails every day"), document_id="gone")) == []


# The drawer ------------------------------------------------------------------------------------


@pytest.fixture
def opened(data, monkeypatch):
    """Open the drawer at a quote and return the page."""
    kb = knowledge_base(data)
    monkeypatch.setattr(state, "get_kb", lambda: kb)

    def script(asked, beside):
        from app.source import open_source

        open_source(asked, beside)

    def drawer(asked, *beside):
        return AppTest.from_function(script, default_timeout=30, kwargs={"asked": asked, "beside": beside}).run()

    return drawer


def shown(page):
    assert not page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def test_a_pdf_is_shown_by_its_page_and_its_text_below(opened, data):
    html = shown(opened(citation(data, "It carries the mail.")))
    assert html.index('id="pdf-page-2"') < html.index("The text as it was read") < html.index("<mark")
    assert 'alt="Page 2 of “' in html
    assert html.count('id="passage"') == 1
    assert '<mark class="pressed">It carries the mail.</mark>' in html
    assert "On Sundays" not in html


def test_a_passage_on_two_pages_has_two_pictures_and_all_of_its_text(opened, data):
    html = shown(opened(citation(data, "It waits for nobody")))
    assert html.index('id="pdf-page-2"') < html.index('id="pdf-page-3"') < html.index("In spring")
    assert html.count('id="passage"') == 1


def test_without_its_original_a_pdf_is_shown_by_its_whole_text(opened, data):
    asked = citation(data, "It carries the mail.")
    original(data).unlink()
    html = shown(opened(asked))
    assert "pdf-page" not in html
    assert "On Sundays" in html
    assert html.count('id="passage"') == 1


def test_a_page_that_cannot_be_drawn_is_told_and_its_text_shown(opened, data, monkeypatch):
    monkeypatch.setattr(source, "page_image", lambda page: None)
    page = opened(citation(data, "It carries the mail."))
    assert page.caption[0].value == "Page 2 cannot be shown as a picture. Its text stands below."
    assert "pdf-page" not in shown(page)
    assert '<mark class="pressed">It carries the mail.</mark>' in shown(page)


def test_a_passage_that_is_not_found_on_the_page_is_told_and_stands_in_the_text(opened, data, monkeypatch):
    monkeypatch.setattr(source, "page_image", lambda page: pdf_page.PageImage(page.number, b"", 10, 20, ((),)))
    page = opened(citation(data, "It carries the mail."))
    assert page.caption[0].value.startswith("The passage could not be marked on page 2.")
    assert 'tabindex="-1"></span>' not in shown(page)
    assert '<p class="pressed" id="passage"' in shown(page)


def test_a_text_without_pages_is_read_as_it_is(opened, data):
    html = shown(opened(citation(data, "The ferry is a boat.", "note")))
    assert '<mark class="pressed">The ferry is a boat.</mark>' in html
    assert "as it was read" not in html


def test_a_text_that_was_changed_is_not_shown(opened, data):
    page = opened(replace(citation(data, "It carries the mail."), sha256="0" * 64))
    assert page.warning[0].value.startswith("This document has been changed")
    assert "mail" not in shown(page)


def test_an_error_is_told_in_the_drawer(opened, data, monkeypatch):
    def broken(*given):
        raise CatalogueError("The catalogue is damaged.")

    asked = citation(data, "It carries the mail.")
    monkeypatch.setattr(source, "cited_pages", broken)
    assert opened(asked).error[0].value == "The catalogue is damaged\\."


def test_two_columns_are_marked_where_the_sentence_runs_on(tmp_path):
    left = [Words(f"The ferry waits for number {number} of them", 60, 700 - 14 * number) for number in range(1, 13)]
    right = [Words(f"and the quay is open on day {number} of May", 320, 700 - 14 * number) for number in range(1, 13)]
    (tmp_path / "columns.pdf").write_bytes(typewritten([*left, *right]))
    take_in(tmp_path / "kept", tmp_path / "columns.pdf")
    (page,) = cited_pages(tmp_path / "kept", citation(tmp_path / "kept", "12 of them and the quay", "columns"))
    ((foot, top),) = pdf_page.page_image(page).boxes
    scale = 595 / pdf_page.WIDTH
    assert [round(scale * side) for side in foot[:3:2]] == pytest.approx([60 + 6 * 27, 60 + 6 * 37], abs=2)
    assert [round(scale * side) for side in top[:3:2]] == pytest.approx([320, 320 + 6 * 12], abs=2)
