"""The chat page under Streamlit's AppTest, over the small knowledge base."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app import state
from kb.activity import store
from kb.settings import load_settings
from tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def page(small_kb, monkeypatch):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    return AppTest.from_file(str(ROOT / "app" / "pages" / "ask.py"), default_timeout=30)


def shown(page):
    return "\n".join(element.proto.body for element in page.get("html"))


def test_the_page_offers_questions_to_begin_with(page):
    page.run()
    assert not page.exception
    assert len([button for button in page.button if button.key.startswith("suggestion-")]) == 4


def test_what_is_offered_are_general_questions_each_of_another_document(small_kb, monkeypatch):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    first = {small_kb.document(each.id, "da")[0].questions[0] for each in small_kb.entries()}
    offered = state.suggestions("da", 4)
    assert len(set(offered)) == 4
    assert set(offered) <= first
    monkeypatch.setattr(state, "LONGEST_SUGGESTION", 0)  # where none is short, long ones do
    assert len(set(state.suggestions("da", 4))) == 4


def test_a_question_is_answered_with_cited_sources(page):
    page.run()
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    assert not page.exception
    assert "once the grass is 7 cm high" in shown(page)
    assert 'value="1"><button class="title" data-press="open-0-0">Mowing by result' in shown(page)


def test_what_stands_around_an_answer_is_shown(page):
    page.run()
    page.chat_input[0].set_value("How tall must the grass be on Bornholm? And what does a zebra eat?").run()
    html = shown(page)
    assert '<span class="print">experience 2016</span>' in html
    assert "This part of the question is not answered here: And what does a zebra eat?" in html
    assert "This rests on experience alone: no research or evaluation is quoted." in html
    assert "<summary>How this answer came about</summary>" in html
    assert "<tr><th>Kind of question</th><td>a fact</td></tr>" in html


def test_what_is_compared_stands_under_its_title(page):
    page.run()
    page.chat_input[0].set_value("What is the difference between Bornholm and Tomelilla?").run()
    html = shown(page)
    assert "<h3>Mowing by result instead of by calendar in Bornholm</h3>" in html
    assert "<h3>Switching tracks in Tomelilla: decisions closer to operations</h3>" in html


def test_a_follow_up_is_shown_as_it_was_understood(page):
    page.run()
    page.chat_input[0].set_value("What did Bornholm do with the lawns?").run()
    assert "Understood as:" not in shown(page)
    page.chat_input[0].set_value("And other tasks?").run()
    assert '<div class="print">Understood as: What did Bornholm do with the lawns? And other tasks?</div>' in shown(
        page
    )


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
    page.selectbox(key="answer-language").set_value("sv").run()
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    assert {citation.language for s in page.session_state.turns[0][1].statements for citation in s.citations} == {"sv"}


def test_the_original_is_shown_beside_the_translation_on_request(page):
    page.run()
    page.chat_input[0].set_value("Hvor højt skal græsset være på Bornholm?").run()
    assert "Engelsk original" not in shown(page)
    page.toggle(key="answer-original").set_value(True).run()
    assert not page.exception
    assert "Engelsk original:</span> The fixed rhythm of mowing was dropped." in shown(page)


def test_a_typing_error_is_told_below_the_answer(page):
    page.run()
    page.chat_input[0].set_value("How tall must the grass be on Bornhlom?").run()
    assert "Searched for Bornholm instead of Bornhlom." in shown(page)


def test_a_new_conversation_begins_empty(page):
    page.run()
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    page.button(key="new").click().run()
    assert page.session_state.turns == []


def test_without_an_index_the_page_says_how_to_build_one(monkeypatch, tmp_path, embedder):
    from kb.knowledge_base import KnowledgeBase
    from kb.settings import load_settings

    empty = KnowledgeBase(load_settings(data=tmp_path / "none"), embedder)
    monkeypatch.setattr(state, "get_kb", lambda: empty)
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "ask.py"), default_timeout=30).run()
    assert not page.exception
    assert "Build it with" in page.error[0].value


def test_what_was_chosen_is_kept_while_the_glossary_is_read(small_kb, monkeypatch):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=30).run()
    app.multiselect(key="filter-country").set_value(["SE"])
    app.slider[0].set_value((2016, 2020))
    app.selectbox(key="answer-language").set_value("nb")
    app.toggle(key="answer-original").set_value(True).run()
    app.switch_page("app/pages/glossary.py").run()
    app.selectbox(key="language").set_value("da").run()
    assert app.title[0].value == "Ordliste"
    app.switch_page("app/pages/ask.py").run()
    assert not app.exception
    assert app.multiselect(key="filter-country").value == ["SE"]
    assert app.slider[0].value == (2016, 2020)
    assert (app.selectbox(key="answer-language").value, app.toggle(key="answer-original").value) == ("nb", True)
    app.switch_page("app/pages/glossary.py").run()
    assert app.title[0].value == "Ordliste"


def test_a_link_asks_its_questions_once(page):
    page.query_params["q"] = ["What did Bornholm do with the lawns?", "And other tasks?"]
    page.run()
    assert not page.exception
    assert [question for question, _ in page.session_state.turns] == [
        "What did Bornholm do with the lawns?",
        "And other tasks?",
    ]
    assert "q" not in page.query_params
    assert "data-new>" not in shown(page)
    page.run()
    assert len(page.session_state.turns) == 2


def test_the_page_goes_to_the_question_that_was_just_asked_and_stays_where_it_is_after_that(page):
    page.run()
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    page.chat_input[0].set_value("And other tasks?").run()
    assert shown(page).count('<h2 class="asked" data-new>') == 1
    assert '<h2 class="asked" data-new>And other tasks?</h2>' in shown(page)
    page.toggle(key="answer-original").set_value(True).run()
    assert 'asked" data-new' not in shown(page)


def test_a_document_that_comes_near_a_refused_question_opens_at_its_nearest_passage(page):
    page.run()
    page.chat_input[0].set_value("Which municipality in Australia keeps zebras?").run()
    (near, *_) = page.session_state.turns[0][1].refusal.nearest
    page.button(key="near-0-0").click().run()
    assert not page.exception
    assert f'<button class="title" data-press="near-0-0">{near.title}</button>' in shown(page)
    assert '<mark class="pressed">' in shown(page)


def test_questions_of_a_visit_before_are_offered_until_a_conversation_is_begun_anew(page):
    page.run()
    assert '<p class="tillit" id="again" hidden>' in shown(page)
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    page.button(key="new").click().run()
    assert 'id="again"' not in shown(page)
    assert '<p class="tillit" id="forget" hidden>' in shown(page)


def test_a_number_opens_its_source_at_the_passage(page):
    page.run()
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    page.button(key="open-0-0").click().run()
    assert not page.exception
    assert '<mark class="pressed">' in shown(page)
    assert 'id="passage"' in shown(page)


def test_feedback_is_kept_when_it_is_sent_and_not_before(page, small_kb, monkeypatch):
    settings = load_settings(data=small_kb.data)
    monkeypatch.setattr(state, "settings", lambda: settings)
    page.run()
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    page.feedback(key="thumbs-0").set_value(1).run()
    assert store.entries(settings.data, settings.activity_days) == []
    page.text_input(key="why-0").set_value("To the point")
    page.button(key="send-0").click().run()
    assert not page.exception
    (kept,) = store.entries(settings.data, settings.activity_days)
    assert (kept.what.thumb, kept.what.word) == ("up", "To the point")
    assert kept.what.documents == ("dk-bornholm-mowing-by-result",)


def test_feedback_that_cannot_be_kept_is_told_of_in_the_visitors_language(page, small_kb, monkeypatch):
    monkeypatch.setattr(state, "settings", lambda: load_settings(data=small_kb.data))
    monkeypatch.setattr(store, "MOST_ENTRIES", 0)
    page.session_state["language"] = "da"
    page.run()
    page.chat_input[0].set_value("Hvor højt skal græsset være på Bornholm?").run()
    page.feedback(key="thumbs-0").set_value(0).run()
    page.button(key="send-0").click().run()
    assert not page.exception
    assert [each.value.partition(",")[0] for each in page.error] == ["Der kan ikke tages imod tilbagemeldinger lige nu"]


def test_where_nothing_is_to_be_kept_no_thumbs_are_offered(page, small_kb, monkeypatch):
    settings = load_settings(data=small_kb.data, activity="none")
    monkeypatch.setattr(state, "settings", lambda: settings)
    page.run()
    page.chat_input[0].set_value("How tall must the grass be on Bornholm?").run()
    assert not page.feedback


def test_a_refused_question_is_kept_where_the_setting_says_so(page, small_kb, monkeypatch):
    settings = load_settings(data=small_kb.data, activity="refused")
    monkeypatch.setattr(state, "settings", lambda: settings)
    page.run()
    page.chat_input[0].set_value("Which municipality in Australia keeps zebras?").run()
    (kept,) = store.entries(settings.data, settings.activity_days)
    assert kept.what.question == "Which municipality in Australia keeps zebras?"
