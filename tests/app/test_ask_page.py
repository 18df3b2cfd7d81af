"""The chat page under Streamlit's AppTest, over the small knowledge base."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app import state
from tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def page(small_kb, monkeypatch):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    return AppTest.from_file(str(ROOT / "app" / "pages" / "ask.py"), default_timeout=30)


def shown(page):
    return "\n".join(element.proto.body for element in page.get("html"))


def test_the_page_offers_a_question_in_each_language(page):
    page.run()
    assert not page.exception
    assert len([button for button in page.button if button.key.startswith("suggestion-")]) == 4


def test_a_question_is_answered_with_cited_sources(page):
    page.run()
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    assert not page.exception
    assert "once the grass is 7 cm high" in shown(page)
    assert "[1] Mowing by result instead of by calendar in Bornholm" in shown(page)
    assert "<mark>" in shown(page)


def test_a_suggestion_asks_itself(page):
    page.run()
    page.button(key="suggestion-0").click().run()
    assert not page.exception
    assert len(page.session_state.turns) == 1


def test_a_refusal_offers_questions_that_can_be_answered(page):
    page.run()
    page.chat_input[0].set_value("Which municipality in Australia keeps zebras?").run()
    assert "does not answer this" in shown(page)
    page.button(key="turn-0-0").click().run()
    assert not page.exception
    assert page.session_state.turns[1][1].status == "answered"


def test_filters_narrow_what_is_searched(page):
    page.run()
    page.multiselect(key="filter-country").set_value(["SE"]).run()
    page.chat_input[0].set_value("What does Timbro say about measuring?").run()
    assert {source.country for source in page.session_state.turns[0][1].sources} == {"SE"}


def test_an_error_is_told_in_the_conversation(page):
    page.run()
    page.chat_input[0].set_value("???").run()
    assert not page.exception
    assert page.error[0].value.startswith("The question is empty\\.")


def test_the_answer_language_can_be_chosen(page):
    page.run()
    page.selectbox[0].set_value("sv").run()
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    assert {citation.language for s in page.session_state.turns[0][1].statements for citation in s.citations} == {"sv"}


def test_a_new_conversation_begins_empty(page):
    page.run()
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    next(button for button in page.button if button.label == "New conversation").click().run()
    assert page.session_state.turns == []


def test_without_an_index_the_page_says_how_to_build_one(monkeypatch, tmp_path, embedder):
    from kb.knowledge_base import KnowledgeBase
    from kb.settings import load_settings

    empty = KnowledgeBase(load_settings(data=tmp_path / "none"), embedder)
    monkeypatch.setattr(state, "get_kb", lambda: empty)
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "ask.py"), default_timeout=30).run()
    assert not page.exception
    assert "Build it with" in page.error[0].value
