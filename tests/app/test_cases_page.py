"""The page of cases under Streamlit's AppTest, over the small knowledge base."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app import state
from tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

BORNHOLM, TOMELILLA, BUURTZORG = (
    "dk-bornholm-mowing-by-result",
    "se-tomelilla-trust-based-governance",
    "int-nl-buurtzorg",
)


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
    assert "<h2>3 of 6 documents</h2>" in shown(page)
    assert cards(page) == 3
    assert labels(page)[:4] == ["report (1)", "agreement (1)", "principle (1)", "case (3)"]
    assert {"Denmark (1)", "Sweden (1)", "Netherlands (1)"} <= set(labels(page))
    assert "Norway (0)" not in labels(page)
    assert shown(page).index("Tomelilla") < shown(page).index("Mowing by result")


def test_a_facet_narrows_the_others_and_not_itself(page):
    page.checkbox(key="cases-country-DK").check().run()
    assert not page.exception
    assert cards(page) == 1
    assert {"case (1)", "agreement (1)", "Denmark (1)", "Sweden (1)"} <= set(labels(page))
    assert "home care (1)" not in labels(page)


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
    assert "<h2>1 of 6 documents</h2>" in shown(page)
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
    assert "<mark>The fixed rhythm of mowing was dropped." in article


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
