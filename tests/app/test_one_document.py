"""A conversation that keeps to one document, on the page Ask under Streamlit's AppTest."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app import one_document, state
from tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
TOMELILLA, BORNHOLM = "se-tomelilla-trust-based-governance", "dk-bornholm-mowing-by-result"


@pytest.fixture
def page(small_kb, monkeypatch):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "ask.py"), default_timeout=30)
    page.session_state[one_document.KEY] = TOMELILLA
    page.session_state["asked"] = "How tall must the grass be on Bornholm?"
    return page.run()


def answers(page):
    return [answer for _, answer in page.session_state["turns"]]


def told(page):
    return [each.value.replace("\\", "") for each in page.caption if each.value.startswith("Only in")]


def test_only_the_document_is_searched_and_that_is_told(page):
    assert not page.exception
    assert told(page) == ["Only in: Switching tracks in Tomelilla: decisions closer to operations"]
    assert {passage.chunk.document_id for passage in answers(page)[0].passages} == {TOMELILLA}


def test_the_conversation_can_be_widened_to_all_documents(page):
    page.button(key="everywhere").click().run()
    assert told(page) == []
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    assert answers(page)[1].sources[0].id == BORNHOLM


def test_a_new_conversation_keeps_to_nothing(page):
    page.button(key="new").click().run()
    assert (page.session_state["turns"], told(page)) == ([], [])


def test_a_document_that_was_removed_meanwhile_narrows_nothing(page):
    page.session_state[one_document.KEY] = "gone"
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    assert (told(page), answers(page)[1].sources[0].id) == ([], BORNHOLM)


def test_a_document_takes_the_place_of_other_filters(page, monkeypatch):
    monkeypatch.setattr(one_document.st, "session_state", {one_document.KEY: TOMELILLA})
    assert one_document.narrowed({"country": ["DK"]}) == {"document": TOMELILLA}
    monkeypatch.setattr(one_document.st, "session_state", {})
    assert one_document.narrowed({"country": ["DK"]}) == {"country": ["DK"]}
