"""The glossary's page under Streamlit's AppTest, and its cards."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.concepts import concept_html
from kb.errors import KBError
from kb.words import glossary
from kb.words.glossary import Concept, load_glossary
from tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def page():
    return AppTest.from_file(str(ROOT / "app" / "pages" / "glossary.py"), default_timeout=30).run()


def shown(page):
    return "\n".join(element.proto.body for element in page.get("html"))


def cards(page):
    return shown(page).count('<div class="card">')


def test_the_page_begins_in_english_with_the_first_concepts(page):
    assert not page.exception
    assert page.title[0].value == "Glossary"
    assert cards(page) == 30
    assert not page.markdown
    assert page.caption[1].value == f"{len(load_glossary().concepts)} of {len(load_glossary().concepts)} concepts"


def test_all_concepts_are_shown_on_request(page):
    page.button[0].click().run()
    assert cards(page) == len(load_glossary().concepts)
    assert not page.button


def test_a_word_of_any_language_is_found(page):
    page.text_input[0].set_value("tillidsreform").run()
    assert not page.exception
    assert "<strong>trust reform</strong>" in shown(page)
    assert "Dansk: tillidsreform, tillidsdagsorden" in shown(page)


def test_the_language_can_be_chosen_and_the_search_stays(page):
    page.text_input[0].set_value("tillidsreform").run()
    page.session_state["language"] = "sv"
    page.run()
    assert not page.exception
    assert page.title[0].value == "Ordlista"
    assert page.text_input[0].value == "tillidsreform"
    assert "<strong>tillitsreform</strong>" in shown(page)
    assert "English: trust reform" in shown(page)


def test_a_word_that_is_not_there_is_told_as_it_was_written(page):
    page.text_input[0].set_value("*zebra* <b>").run()
    assert not page.exception
    assert page.markdown[0].value == r"No term in the glossary has '\*zebra\* \<b\>' in it\."


def test_a_glossary_that_cannot_be_read_is_told(monkeypatch):
    def broken():
        raise KBError("It is broken.")

    monkeypatch.setattr(glossary, "load_glossary", broken)
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "glossary.py"), default_timeout=30).run()
    assert not page.exception
    assert page.error[0].value == r"It is broken\."


def test_a_card_escapes_every_text():
    hostile = "<script>alert(1)</script>"
    wordings = dict.fromkeys(("en", "da", "nb", "sv"), (hostile, f"{hostile}2"))
    html = concept_html(Concept("x", wordings, {"en": hostile}), "en")
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 9
