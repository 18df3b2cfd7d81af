"""The library's page under Streamlit's AppTest, over the small knowledge base."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app import library, state
from kb.errors import CatalogueError
from tests.conftest import ROOT
from tests.ingest.desk import knowledge_base, take_in
from tests.ingest.pdfs import pdf

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

BORNHOLM, BUURTZORG = "dk-bornholm-mowing-by-result", "int-nl-buurtzorg"


@pytest.fixture
def open_page(small_kb, monkeypatch):
    """Open the page at a link."""
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    monkeypatch.setattr("kb.retrieval.related.LEAST", -1.0)

    def open_at(**place):
        page = AppTest.from_file(str(ROOT / "app" / "pages" / "library.py"), default_timeout=30)
        for part, value in place.items():
            page.query_params[part] = value
        return page.run()

    return open_at


def shown(page):
    assert not page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def link(page):
    return {part: page.query_params[part] for part in page.query_params}


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception


def test_the_page_begins_with_all_documents_by_kind(open_page):
    page = open_page()
    html = shown(page)
    assert page.title[0].value == "Library"
    assert "Documents: 6" in [each.value for each in page.caption]
    headings = ["Cases (3)", "Reports (1)", "Agreements (1)", "Principles (1)"]
    assert re.findall("<h2>(.*?)</h2>", html) == headings
    assert html.count("data-press=") == len([each for each in page.button if each.key.startswith("read-")]) == 6


def test_words_narrow_the_shelves_down(open_page):
    page = open_page()
    page.text_input[0].set_value("BORN mowing").run()
    assert f'data-press="read-{BORNHOLM}"' in shown(page)
    assert "Documents: 1" in [each.value for each in page.caption]
    page.text_input[0].set_value("*nowhere* <b>").run()
    assert not page.exception
    assert page.info[0].value.startswith("No title, organisation or place has all of these words.")


def test_a_long_shelf_is_shown_in_parts(open_page, small_kb, monkeypatch):
    books = library.shelves(small_kb, "", "en")["case"][:1]
    found = [library.Book(replace(books[0].document, id=f"d{n}"), "case", "") for n in range(40)]
    monkeypatch.setattr(library, "shelves", lambda *given: {"case": found})
    page = open_page()
    assert shown(page).count("<li>") == 8
    press(page, "library-more-case")
    assert shown(page).count("<li>") == 32
    press(page, "library-more-case")
    assert shown(page).count("<li>") == 40
    assert "library-more-case" not in [each.key for each in page.button]


def test_a_document_is_opened_from_its_shelf_and_the_link_names_it(open_page):
    page = open_page()
    press(page, f"read-{BORNHOLM}")
    assert link(page) == {"document": BORNHOLM}
    assert page.title[0].value.startswith("Mowing by result")
    html = shown(page)
    for part in ("<article", "About the source", "Questions that it answers", "Related documents", "Original ↗"):
        assert part in html
    assert "<mark>" not in html
    press(page, page.button[0].key)
    assert link(page) == {}
    assert page.title[0].value == "Library"


def test_a_link_opens_a_passage_marked(open_page, small_kb):
    text = small_kb.document(BORNHOLM, "da")[0].text
    start = text.index("7 cm")
    page = open_page(document=BORNHOLM, language="da", at=f"{start}-{start + 4}")
    assert "<mark>7 cm</mark>" in shown(page)
    assert shown(page).count('id="passage"') == 1
    assert not page.warning


def test_the_language_is_chosen_and_the_place_and_the_link_go_along(open_page, small_kb):
    text = small_kb.document(BORNHOLM, "da")[0].text
    start = text.index("7 cm")
    page = open_page(document=BORNHOLM, language="da", at=f"{start}-{start + 4}")
    page.button_group(key=f"library-language-{BORNHOLM}").set_value("sv").run()
    assert link(page)["language"] == "sv"
    assert link(page)["at"] != f"{start}-{start + 4}"
    html = shown(page)
    assert '<article class="tillit reading" lang="sv">' in html
    assert "7 cm" in html[html.index("<mark>") : html.index("</mark>")]


def test_a_translation_is_read_beside_the_text(open_page):
    page = open_page(document=BORNHOLM, language="da")
    page.selectbox(key=f"library-beside-{BORNHOLM}-en").set_value("en").run()
    assert link(page) == {"document": BORNHOLM, "language": "da", "beside": "en"}
    assert '<div lang="da"><h3>Resultat</h3></div><div lang="en"><h3>Result</h3></div>' in shown(page)
    page.selectbox(key=f"library-beside-{BORNHOLM}-en").set_value("").run()
    assert link(page) == {"document": BORNHOLM, "language": "da"}
    assert "<article" in shown(page)


def test_a_related_document_is_opened(open_page):
    page = open_page(document=BORNHOLM, language="da", beside="en")
    press(page, f"read-{BUURTZORG}")
    assert link(page) == {"document": BUURTZORG}
    assert page.title[0].value.startswith("Buurtzorg")


@pytest.mark.parametrize(
    ("place", "told", "title"),
    [
        ({"document": "gone"}, "The link names a document that is not here.", "Library"),
        ({"document": "x" * 9000}, "The link names a document that is not here.", "Library"),
        ({"at": "1-2"}, "The link names a document that is not here.", "Library"),
        ({"document": BORNHOLM, "language": "<b>"}, "The link names a language", "Mowing by result"),
        ({"document": BORNHOLM, "language": "en", "at": "x"}, "The link names a place", "Mowing by result"),
    ],
    ids=["unknown", "huge", "none", "language", "place"],
)
def test_a_bad_link_is_told_in_one_sentence(open_page, place, told, title):
    page = open_page(**place)
    assert not page.exception
    assert len(page.warning) == 1
    assert page.warning[0].value.startswith(told)
    assert page.title[0].value.startswith(title)


def test_a_question_is_asked_on_the_page_for_it(small_kb, monkeypatch):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=30).run()
    app.switch_page("app/pages/library.py").run()
    app.button(key=f"read-{BORNHOLM}").click().run()
    question = small_kb.document(BORNHOLM, "en")[0].questions[0]
    app.button(key="library-ask-0").click().run()
    assert not app.exception
    assert app.title[0].value == "Tillit"
    assert app.session_state.turns[0][0] == question


def test_a_document_is_told_in_the_visitors_language(small_kb, monkeypatch):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "library.py"), default_timeout=30)
    page.session_state["language"] = "nb"
    page.query_params["document"] = BORNHOLM
    page.run()
    assert "Om kilden" in shown(page)
    assert '<article class="tillit reading" lang="nb">' in shown(page)


@pytest.mark.usefixtures("quick_publish")
def test_an_own_document_offers_its_file_and_tells_how_it_was_read(open_page, tmp_path, monkeypatch):
    notes = tmp_path / "notes"
    notes.mkdir()
    pages = ["The ferry to the island sails every day."], ["It waits for nobody."]
    (notes / "ferry.pdf").write_bytes(pdf(*pages, title="The ferry"))
    hidden = '<p>The quay is new.</p><p style="display: none">Nobody sees this line.</p>'
    (notes / "quay.html").write_text(f"<html><body>{hidden}</body></html>", encoding="utf-8")
    take_in(tmp_path / "kept", notes)
    kb = knowledge_base(tmp_path / "kept")
    monkeypatch.setattr(state, "get_kb", lambda: kb)
    page = open_page(document="ferry")
    assert '<p class="print">p. 1</p>' in shown(page)
    assert "guessed from the file" in shown(page)
    assert [each.label for each in page.get("download_button")] == ["Download the original file"]
    assert not page.warning
    assert not page.selectbox
    page = open_page(document="quay")
    assert page.warning[0].value.startswith("The file holds text that nobody can see in it.")


def test_an_error_is_told(open_page, monkeypatch):
    def broken(*given):
        raise CatalogueError("The catalogue is damaged.")

    monkeypatch.setattr(library, "shelves", broken)
    page = open_page()
    assert not page.exception
    assert page.error[0].value == "The catalogue is damaged\\."
