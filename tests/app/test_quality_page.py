"""The page on quality under Streamlit's AppTest: measurements, feedback and refused questions, each as allowed."""

from __future__ import annotations

import pytest

from app import quality
from kb.activity.records import Feedback, Refused
from kb.activity.store import keep
from tests.app.measured import made_here, shown

PAGE = "quality"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def left_behind(small_data):
    keep(
        small_data, Feedback("down", ("What of Bornholm?",), "en", "fact", "answered", ("a",), "f", "1", "Too long"), 90
    )
    keep(small_data, Refused("What is the capital of Peru?", "en", "no-support"), 90)
    keep(small_data, Refused("What is the capital city of Peru?", "en", "no-support"), 90)


def test_the_shipped_measurement_is_told_in_words(opened):
    page = opened()
    assert page.title[0].value == "Quality"
    assert "Of 100 facts that an answer must carry, 94 are in it." in shown(page)
    assert "The measurement that comes with this version, with 22 questions." in shown(page)
    assert "What went wrong: 3 of 22 questions" in shown(page)
    assert "Compared with" not in shown(page)
    assert not page.get("vega_lite_chart")
    assert not page.error


def test_a_measure_is_chosen_and_told_by_kind_and_language(opened):
    page = opened()
    assert "<td>50</td><td>50–50</td><td>2</td>" in shown(page)
    page.segmented_control(key="quality-measure").set_value("refused").run()
    assert not page.exception
    assert "A single fact" not in shown(page)


def test_a_run_made_here_is_compared_and_gives_a_trend(opened, small_data):
    made_here(small_data, "2026-02-01", wrong=5)
    made_here(small_data, "2026-01-01").write_text("{")
    page = opened()
    assert "Measured here on 2026-02-01 with 22 questions." in shown(page)
    assert "55.6 of 100 worse" in shown(page)
    assert len(page.get("vega_lite_chart")) == 1
    assert page.warning[0].value.startswith("The measurement 2026")


def test_by_default_feedback_is_shown_and_refused_questions_are_not_kept(opened, left_behind):
    page = opened()
    assert "Helpful: 0. Not helpful: 1. In the last 90 days" in shown(page)
    assert "Too long" in shown(page)
    assert "`TILLIT_ACTIVITY=refused`" in shown(page)
    assert "Still stored from before: 2. All of it is erased by" in shown(page)
    assert "Peru" not in shown(page)


def test_a_thumb_down_on_a_refusal_is_a_gap_too(opened, left_behind, small_data):
    keep(small_data, Feedback("down", ("How are bins emptied?",), "en", "fact", "refused", (), "f", "1"), 90)
    page = opened()
    assert "Questions without an answer that got a thumb down in the last 90 days: 1, put together" in shown(page)
    assert '<strong lang="en">How are bins emptied?</strong>' in shown(page)
    assert "Peru" not in shown(page)
    assert "Questions refused in the last 90 days: 3" in shown(opened(activity="refused"))


def test_those_who_may_see_what_visitors_left_see_it_first(opened, left_behind):
    assert [tab.label for tab in opened().tabs] == ["From visitors", "How good the answers are"]


def test_a_file_of_visitors_that_cannot_be_read_leaves_the_figures(opened, small_data):
    (small_data / "activity.sqlite3").write_bytes(b"no database" * 1000)
    page = opened()
    assert "is damaged" in page.error[0].value
    assert "Of 100 facts" in shown(page)


def test_refused_questions_are_put_together_where_the_setting_keeps_them(opened, left_behind):
    page = opened(activity="refused")
    assert "Questions refused in the last 90 days: 2, put together by what they ask for: 1." in shown(page)
    assert "asked 2× · English 2" in shown(page)


def test_where_nothing_is_kept_nothing_is_shown_and_the_setting_is_named(opened, left_behind):
    page = opened(activity="none")
    assert "`TILLIT_ACTIVITY=feedback`" in shown(page)
    assert "`TILLIT_ACTIVITY=refused`" in shown(page)
    assert "Still stored from before: 1. All" in shown(page)
    assert "Still stored from before: 2. All" in shown(page)
    assert "Too long" not in shown(page)
    assert "Peru" not in shown(page)


def test_others_than_maintainers_see_the_figures_and_not_what_people_sent(opened, left_behind):
    page = opened(activity="refused", maintains=False)
    assert "Of 100 facts" in shown(page)
    assert shown(page).count("Only those who look after the assistant see what people sent.") == 1
    assert not page.tabs
    assert "Too long" not in shown(page)
    assert "Peru" not in shown(page)


def test_where_nobody_sent_anything_that_is_said(opened):
    page = opened(activity="refused", activity_days=30)
    assert "Nobody has sent any in the last 30 days." in shown(page)
    assert "No question was refused in the last 30 days." in shown(page)


def test_the_page_is_in_the_visitors_language(opened):
    page = opened("da")
    assert page.title[0].value == "Kvalitet"
    assert "Af 100 oplysninger, som et svar skal indeholde, står 94 i det." in shown(page)


def test_a_missing_measurement_is_told(opened, monkeypatch, tmp_path):
    monkeypatch.setattr(quality, "SHIPPED", tmp_path / "none.jsonl")
    page = opened()
    assert "cannot be read" in page.error[0].value
