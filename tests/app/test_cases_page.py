"""The page of cases under Streamlit's AppTest, over the small knowledge base."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app import state
from tests.app.casebook import BORNHOLM, BUURTZORG, DESERVED, TIMBRO, TOMELILLA
from tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def page(small_kb, monkeypatch):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    return AppTest.from_file(str(ROOT / "app" / "pages" / "cases.py"), default_timeout=30).run()


def shown(page):
    return "\n".join(element.proto.body for element in page.get("html"))


def cards(page):
    return shown(page).count('<div class="tillit case" lang="en"><h3 lang')


def labels(page):
    return [box.label for box in page.checkbox]


def linked(small_kb, monkeypatch, **parts):
    """The page as a link opens it."""
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "cases.py"), default_timeout=30)
    for name, values in parts.items():
        page.query_params[name] = values
    page.run()
    assert not page.exception
    return page


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception


def list_all(page):
    for name in (BORNHOLM, TOMELILLA, BUURTZORG):
        press(page, f"star-{name}")
    page.session_state["cases-view"] = "shortlist"
    page.run()
    assert not page.exception


def test_the_page_begins_with_the_cases_newest_first_and_counts_beside_the_facets(page):
    assert not page.exception
    assert page.title[0].value == "Cases"
    assert "<h2>3 of 3 cases</h2>" in shown(page)
    assert cards(page) == 3
    assert labels(page)[:4] == ["report (1)", "agreement (1)", "principle (1)", "case (3)"]
    assert {"Denmark (1)", "Sweden (1)", "Netherlands (1)"} <= set(labels(page))
    assert "Norway (0)" in labels(page)
    assert shown(page).index("Tomelilla") < shown(page).index("Mowing by result")


def test_a_facet_narrows_the_others_and_not_itself(page):
    page.checkbox(key="cases-country-DK").check().run()
    assert not page.exception
    assert cards(page) == 1
    assert {"case (1)", "agreement (1)", "Denmark (1)", "Sweden (1)"} <= set(labels(page))
    assert "home care (0)" in labels(page)
    nowhere = [box.label for box in page.checkbox if box.disabled]
    assert "home care (0)" in nowhere
    assert not any(label.endswith("(0)") for label in labels(page) if label not in nowhere)


def test_the_boxes_of_a_facet_stay_in_their_places(page):
    before = [box.key for box in page.checkbox]
    page.checkbox(key="cases-country-DK").check().run()
    assert [box.key for box in page.checkbox] == before


def test_what_is_chosen_of_a_facet_can_be_left_out(page):
    page.checkbox(key="cases-country-DK").check().run()
    page.toggle(key="cases-but-country").set_value(True).run()
    assert not page.exception
    assert "<h2>2 of 3 cases</h2>" in shown(page)
    assert page.button(key="drop-country-DK").label == "not Denmark"
    press(page, "drop-country-DK")
    assert "<h2>3 of 3 cases</h2>" in shown(page)


def test_a_facet_is_open_where_something_of_it_is_chosen(small_kb, monkeypatch):
    page = linked(small_kb, monkeypatch, evidence=["research"])
    opened = {fold.label: fold.proto.expanded for fold in page.expander}
    assert opened == {"Kind": True, "Country": True, "Sector": True, "Theme": False, "Evidence": True, "Stance": False}
    page.checkbox(key="cases-evidence-research").uncheck().run()
    assert next(fold for fold in page.expander if fold.label == "Evidence").proto.expanded


def test_evidence_and_stance_are_explained(page):
    told = {caption.value: caption.proto.help for caption in page.caption if caption.proto.help}
    assert list(told) == ["What it rests on", "What it says of trust-based governance"]
    assert "- **experience**: Those who took part tell of it\\." in told["What it rests on"]


def test_filters_are_taken_away_one_by_one_and_all_at_once(page):
    page.checkbox(key="cases-country-DK").check().run()
    press(page, "drop-kind-case")
    assert "<h2>2 of 6 documents</h2>" in shown(page)
    page.checkbox(key="cases-kind-agreement").check().run()
    press(page, "cases-clear")
    assert "<h2>6 of 6 documents</h2>" in shown(page)
    assert not any(box.value for box in page.checkbox)


def test_a_range_of_years_leaves_out_what_has_none(page):
    press(page, "drop-kind-case")
    first, last = page.slider[0].value
    page.slider[0].set_value((first, last - 1)).run()
    assert not page.exception
    assert "<h2>4 of 6 documents</h2>" in shown(page)
    assert "1 without a year are left out." in [caption.value.replace("\\", "") for caption in page.caption]


def test_a_search_finds_and_marks_and_can_be_ordered(page):
    page.text_input[0].set_value('"7 CM high"').run()
    assert not page.exception
    assert "<h2>1 of 3 cases</h2>" in shown(page)
    assert "<mark>7 cm high</mark>" in shown(page)
    assert page.selectbox(key="cases-order-en-4").value == "relevance"
    page.text_input[0].set_value("").run()
    page.selectbox(key="cases-order-en-3").set_value("title").run()
    assert shown(page).index("Mowing by result") < shown(page).index("Tomelilla")


def test_what_is_not_there_is_said(page):
    page.text_input[0].set_value('"no such words"').run()
    assert page.info[0].value.startswith("No document fits. An exact phrase")
    page.text_input[0].set_value("x" * 3000).run()
    assert not page.exception
    assert "3,000 characters" in page.error[0].value.replace("\\", "")


def test_a_case_opens_in_the_drawer_at_its_beginning(page):
    press(page, f"open-{BORNHOLM}")
    article = next(e.proto.body for e in page.get("html") if "<article" in e.proto.body)
    assert "In the Danish island municipality of Bornholm" in article
    assert "<mark>" not in article


def test_a_shortlist_is_compared_and_a_cell_opens_its_passage(page):
    list_all(page)
    assert "<h2>3 on the shortlist</h2>" in shown(page)
    assert shown(page).count('<th scope="col"') == 3
    press(page, "compared-change-0")
    article = next(e.proto.body for e in page.get("html") if "<article" in e.proto.body)
    assert '<mark class="pressed">The fixed rhythm of mowing was dropped.' in article


def test_it_is_told_why_a_fifth_cannot_be_ticked(small_kb, monkeypatch):
    five = [BORNHOLM, TOMELILLA, BUURTZORG, DESERVED, TIMBRO]
    page = linked(small_kb, monkeypatch, view="shortlist", list=five)
    assert [box.disabled for box in page.checkbox] == [False] * 4 + [True]
    assert "Four are ticked. Untick one to tick another." in [caption.value for caption in page.caption]
    page.checkbox(key=f"compare-{BORNHOLM}").uncheck().run()
    assert not any(box.disabled for box in page.checkbox)


def test_files_are_named_by_what_they_hold(page):
    list_all(page)
    names = [button.proto.label for button in page.get("download_button")]
    whole = [f"The whole shortlist as {form}" for form in ("Word", "Excel", "CSV")]
    assert names == ["This comparison as Word", *whole]
    for name in (BORNHOLM, TOMELILLA):
        page.checkbox(key=f"compare-{name}").uncheck().run()
    assert [button.proto.label for button in page.get("download_button")] == whole


def test_a_link_opens_the_same_again(small_kb, monkeypatch):
    first = linked(small_kb, monkeypatch)
    first.checkbox(key="cases-country-DK").check().run()
    first.toggle(key="cases-but-country").set_value(True).run()
    press(first, f"star-{BUURTZORG}")
    first.text_input[0].set_value("mowing").run()
    again = linked(small_kb, monkeypatch, **first.query_params)
    assert again.query_params == first.query_params
    assert [box.value for box in again.checkbox] == [box.value for box in first.checkbox]
    assert again.text_input[0].value == "mowing"
    assert again.session_state.shortlist == [BUURTZORG]
    assert again.button(key="drop-country-DK").label == "not Denmark"


def test_an_address_holds_nothing_that_is_not_of_this_page(small_kb, monkeypatch):
    page = linked(small_kb, monkeypatch, document="x", at="1-2", country=["SE", "XX"], view="nowhere", lang="en")
    assert page.query_params == {"country": "SE", "lang": "en"}
    assert "<h2>1 of 3 cases</h2>" in shown(page)


def test_going_back_to_an_address_shows_what_it_showed(page):
    page.checkbox(key="cases-country-DK").check().run()
    page.checkbox(key="cases-country-SE").check().run()
    page.query_params["country"] = "DK"
    page.run()
    assert "<h2>1 of 3 cases</h2>" in shown(page)
    assert not page.checkbox(key="cases-country-SE").value


def test_what_is_not_ticked_is_not_compared_and_what_is_removed_is_gone(page):
    list_all(page)
    page.checkbox(key=f"compare-{TOMELILLA}").uncheck().run()
    assert shown(page).count('<th scope="col"') == 2
    press(page, f"star-{BORNHOLM}")
    assert shown(page).count('<th scope="col"') == 0
    assert page.session_state.shortlist == [TOMELILLA, BUURTZORG]


def test_an_empty_shortlist_says_how_to_fill_it(page):
    page.session_state["cases-view"] = "shortlist"
    page.run()
    assert page.info[0].value.startswith("Nothing is on the shortlist yet.")


def test_charts_are_of_what_was_found(page):
    page.checkbox(key="cases-country-DK").check().run()
    page.session_state["cases-view"] = "charts"
    page.run()
    assert not page.exception
    assert len(page.get("vega_lite_chart")) == 3
    assert '<th scope="row">Denmark</th><td>1</td>' in shown(page)
    assert '<th scope="row">Sweden</th>' not in shown(page)


def test_filters_search_and_shortlist_are_kept_while_another_page_is_read(small_kb, monkeypatch):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=30).run()
    app.switch_page("app/pages/cases.py").run()
    app.checkbox(key="cases-kind-case").uncheck().run()
    app.checkbox(key="cases-country-NL").check().run()
    app.text_input(key="cases-text").set_value("Buurtzorg").run()
    app.button(key=f"star-{BUURTZORG}").click().run()
    app.switch_page("app/pages/glossary.py").run()
    app.switch_page("app/pages/cases.py").run()
    assert not app.exception
    assert (app.checkbox(key="cases-kind-case").value, app.checkbox(key="cases-country-NL").value) == (False, True)
    assert app.text_input(key="cases-text").value == "Buurtzorg"
    assert app.session_state.shortlist == [BUURTZORG]


def test_the_page_is_in_the_visitors_language(small_kb, monkeypatch):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "cases.py"), default_timeout=30)
    page.session_state["language"] = "da"
    page.run()
    assert not page.exception
    assert "<h4>Hvad der blev ændret</h4>" in shown(page)
    assert "Danmark (1)" in labels(page)


def test_without_an_index_the_page_says_how_to_build_one(monkeypatch, tmp_path, embedder):
    from kb.knowledge_base import KnowledgeBase
    from kb.settings import load_settings

    empty = KnowledgeBase(load_settings(data=tmp_path / "none"), embedder)
    monkeypatch.setattr(state, "get_kb", lambda: empty)
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "cases.py"), default_timeout=30).run()
    assert not page.exception
    assert "Build it with" in page.error[0].value
