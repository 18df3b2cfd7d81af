"""The page on which documents are added under Streamlit's AppTest, over the small knowledge base."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app import state, uploads
from kb.settings import load_settings
from kb.store.lock import writer_lock
from tests.app.documents import FERRY, pdf_of_a_plan
from tests.conftest import ROOT
from tests.stored import live

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.usefixtures("quick_publish"),
]
PDF = ("plan.pdf", pdf_of_a_plan(), "application/pdf")


@pytest.fixture
def settings(small_kb, monkeypatch):
    given = {"data": small_kb.data, "uploads": True, "lock_seconds": 0}

    def change(**changed):
        given.update(changed)
        monkeypatch.setattr(state, "settings", lambda: load_settings(**given))

    change()
    return change


@pytest.fixture
def page(small_kb, monkeypatch, settings):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    return AppTest.from_file(str(ROOT / "app" / "pages" / "documents.py"), default_timeout=60)


def shown(page):
    return "\n".join(element.proto.body for element in page.get("html"))


def told(page):
    return [each.value.replace("\\", "") for each in (*page.success, *page.warning, *page.error, *page.info)]


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception


def send(page, *files):
    page.run()
    page.file_uploader[0].set_value(list(files)).run()
    press(page, "read")


def staged(page):
    return [path for path in (state.settings().data / uploads.FOLDER).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"uploads": False}, "Adding documents in the app is switched off here."),
        (
            {"address": "0.0.0.0"},
            "Only people who are signed in, or who sit at the machine that the app runs on, can add documents.",
        ),
    ],
)
def test_without_the_right_to_be_here_there_is_one_sentence_and_nothing_else(page, settings, changed, sentence):
    settings(**changed)
    page.run()
    assert not page.exception
    assert told(page) == [sentence]
    drawn = [each.type for each in page.main.children.values() if each.type not in ("html", "info")]
    assert (drawn, len(page.button), len(page.file_uploader)) == ([], 0, 0)


def test_where_signing_in_is_set_up_it_is_offered(page, monkeypatch):
    import streamlit as st
    from streamlit.errors import StreamlitAuthError

    def fails():
        raise StreamlitAuthError("no client_id")

    monkeypatch.setattr(state, "signs_in", lambda: True)
    monkeypatch.setattr(state, "may_maintain", lambda: False)
    monkeypatch.setattr(st, "login", fails)
    page.run()
    assert [button.label for button in page.button] == ["Sign in"]
    page.button[0].click().run()
    assert not page.exception
    assert told(page)[0] == "Signing in is not set up completely. The log of the app says what is missing."


def test_a_file_is_read_shown_and_published_and_a_question_comes_before_its_removal(page):
    send(page, PDF)
    assert told(page) == ["plan.pdf: Can be added"]
    assert (page.text_input[0].label, page.text_input[0].value) == ("Title (guessed)", "Trust plan for Vandby")
    assert "stopped filling in the weekly lamp report in 2021." in shown(page)
    assert len(live(state.settings().data)) == 24
    page.text_input[0].set_value("The plan")
    page.text_input[1].set_value("2021")
    press(page, "publish")
    document = live(state.settings().data)["plan", "en"].document
    assert (document.title, document.year, document.guessed) == ("The plan", 2021, ("language",))
    assert (told(page), staged(page)) == (["“The plan” has been added."], [])
    press(page, "remove-plan")
    assert any(each.value == "Remove “The plan” and erase all that is stored of it?" for each in page.markdown)


def test_each_file_has_its_own_verdict(page):
    send(page, ("empty.pdf", b"", "application/pdf"), ("x.pdf", b"%PDF-1.4 x", "application/pdf"), PDF, PDF)
    assert sorted(told(page)) == [
        "empty.pdf: The file is empty. Save it anew and choose the new file.",
        "plan.pdf: Can be added",
        "plan.pdf: This very file has been added already, as “Trust plan for Vandby”.",
        "x.pdf: The file is damaged",
    ]
    assert 'lang="en">x.pdf cannot be added: the file is damaged' in shown(page)
    assert len(staged(page)) == 1
    press(page, "leave-2")
    assert (staged(page), [button.key for button in page.button if button.key == "publish"]) == ([], [])


def test_the_verdicts_are_in_the_visitors_language(page):
    page.session_state["language"] = "da"
    send(page, PDF)
    assert told(page) == ["plan.pdf: Kan tilføjes"]
    assert page.text_input[0].label == "Titel (gættet)"


def test_what_was_said_stays_when_the_language_changes(page):
    send(page, PDF)
    kind = next(each for each in page.selectbox if each.label == "Kind")
    kind.select("report").run()
    page.session_state["language"] = "sv"
    page.run()
    assert next(each for each in page.selectbox if each.label == "Typ").value == "report"


def test_a_year_that_is_none_is_told_in_one_sentence(page):
    send(page, PDF)
    page.text_input[1].set_value("soon")
    press(page, "publish")
    assert any(line.startswith("The metadata of plan.pdf cannot be used: 'year'") for line in told(page))
    assert len(staged(page)) == 1


def test_another_writer_is_told_of_and_the_file_can_be_published_afterwards(page):
    send(page, PDF)
    with writer_lock(state.settings().data, 0):
        press(page, "publish")
    assert any("is writing to" in line for line in told(page))
    press(page, "publish")
    assert told(page) == ["“Trust plan for Vandby” has been added."]


def test_more_files_than_are_read_at_once_are_refused(page):
    page.run()
    files = [(f"{number}.txt", f"{FERRY} {number}".encode(), "text/plain") for number in range(21)]
    page.file_uploader[0].set_value(files).run()
    assert told(page) == ["At most 20 files can be read at once. Choose fewer, and the others afterwards."]
    assert not [button for button in page.button if button.key == "read"]


def test_of_many_passages_the_first_are_shown_at_first(page):
    text = "\n\n".join(f"## Part {number}\n\n{FERRY} {number}" for number in range(30))
    send(page, ("long.md", text.encode(), "text/markdown"))
    assert shown(page).count('class="card passage"') == 20
    next(button for button in page.button if button.label == "Show all 30").click().run()
    assert shown(page).count('class="card passage"') == 30


def test_quarantine_is_listed_and_tried_again(page, tmp_path, small_kb, embedder):
    from ingest.intake import ingest
    from ingest.service import Workshop

    file = tmp_path / "note.txt"
    file.write_bytes(b"\0\0\0")
    ingest(Workshop(small_kb.data, embedder), [file])
    page.run()
    assert any("note.txt" in each.value.replace("\\", "") and "cannot be read" in each.value for each in page.markdown)
    file.write_text(FERRY)
    press(page, "retry")
    assert told(page) == ["1 of 1 files have been taken in now."]
    assert ("note", "en") in live(small_kb.data)


def test_two_visitors_do_not_see_each_others_files(page, small_kb):
    other = AppTest.from_file(str(ROOT / "app" / "pages" / "documents.py"), default_timeout=60)
    send(page, PDF)
    other.run()
    assert told(other) == []
    send(other, PDF)
    press(page, "publish")
    press(other, "publish")
    assert told(other) == [
        "“Trust plan for Vandby” was not added. This very file has been added already, as “Trust plan for Vandby”."
    ]
