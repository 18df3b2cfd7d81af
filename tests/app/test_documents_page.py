"""The page on which documents are added under Streamlit's AppTest, over the small knowledge base."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import state, uploads
from kb.settings import load_settings
from kb.store.lock import writer_lock
from tests.app.documents import FERRY, pdf_of_a_plan
from tests.conftest import ROOT
from tests.ingest.pdfs import words
from tests.ingest.scans import SCANNED, Stand, grey_page, scan, sure
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
def links(monkeypatch):
    """Links to other pages, which a page that is run alone does not know: where they lead, by what they say."""
    found = {}
    monkeypatch.setattr(st, "page_link", lambda page, label, **more: found.update({label: (page.stem, more)}))
    return found


@pytest.fixture
def page(small_kb, monkeypatch, settings, links):
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    return AppTest.from_file(str(ROOT / "app" / "pages" / "documents.py"), default_timeout=60)


def shown(page):
    return "\n".join(element.proto.body for element in page.get("html"))


def told(page):
    return [each.value.replace("\\", "") for each in (*page.success, *page.warning, *page.error, *page.info)]


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception


def field(page, label):
    return next(each for each in (*page.text_input, *page.selectbox) if each.label == label)


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


@pytest.mark.parametrize("uploading", [True, False])
def test_where_signing_in_is_set_up_it_is_offered(page, settings, monkeypatch, uploading):
    import streamlit as st
    from streamlit.errors import StreamlitAuthError

    def fails():
        raise StreamlitAuthError("no client_id")

    monkeypatch.setattr(state, "signs_in", lambda: True)
    monkeypatch.setattr(state, "may_maintain", lambda: False)
    monkeypatch.setattr(st, "login", fails)
    settings(uploads=uploading)
    page.run()
    assert [button.label for button in page.button] == ["Sign in"]
    page.button[0].click().run()
    assert not page.exception
    assert told(page)[0] == "Signing in did not work. Try again, or ask those who run the app; its log says why."


def test_a_file_is_read_shown_and_published_and_a_question_comes_before_its_removal(page):
    send(page, PDF)
    assert told(page) == ["plan.pdf: Can be added"]
    assert (page.text_input[0].label, page.text_input[0].value) == ("Title (guessed)", "Trust plan for Vandby")
    assert "stopped filling in the weekly lamp report in 2021." in shown(page)
    assert len(live(state.settings().data)) == 24
    page.text_input[0].set_value("The plan")
    page.text_input[1].set_value("2020")
    press(page, "publish")
    document = live(state.settings().data)["plan", "en"].document
    assert (document.title, document.year, document.guessed) == ("The plan", 2020, ())
    assert (told(page), staged(page)) == (["“The plan” has been added."], [])
    press(page, "remove-plan")
    assert any(each.value == "Remove “The plan” and erase all that is stored of it?" for each in page.markdown)


def test_several_files_are_published_at_once_and_each_is_told_of(page):
    send(page, PDF, ("b.md", f"# Ferries\n\n{FERRY}".encode(), "text/markdown"), ("empty.txt", b"", "text/plain"))
    assert page.button(key="publish").label == "Publish (2)"
    press(page, "publish")
    added = ["“Trust plan for Vandby” has been added.", "“Ferries” has been added."]
    refused = "empty.txt: The file is empty. Save it anew and choose the new file."
    assert (told(page), staged(page)) == ([*added, refused], [])
    press(page, "leave-0")
    assert told(page) == added


def test_each_file_has_its_own_verdict(page):
    send(page, ("empty.pdf", b"", "application/pdf"), ("x.pdf", b"%PDF-1.4 x", "application/pdf"), PDF, PDF)
    assert sorted(told(page)) == [
        "empty.pdf: The file is empty. Save it anew and choose the new file.",
        "plan.pdf: Can be added",
        "plan.pdf: This very file has been added already, as “Trust plan for Vandby”.",
        "x.pdf: The file is damaged, or is not what its name says. Open it, save it anew and add the new file.",
    ]
    assert "cannot be added" not in shown(page)
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


def test_what_cannot_be_used_is_told_beside_its_field_in_the_visitors_language_before_it_is_published(page):
    page.session_state["language"] = "nb"
    send(page, PDF)
    field(page, "År (gjettet)").set_value("snart").run()
    assert "<b>År:</b> Skriv ett årstall med fire sifre" in shown(page)
    press(page, "publish")
    assert told(page)[-1] == "plan.pdf: Feltet «År» kan ikke brukes slik. Rett det først."
    assert len(staged(page)) == 1
    field(page, "År (gjettet)").set_value("mars 2020").run()
    field(page, "Adressen til originalen på nettet").set_value("www.example.org").run()
    assert (field(page, "År (gjettet)").value, "<b>År:</b>" in shown(page)) == ("2020", False)
    press(page, "publish")
    document = live(state.settings().data)["plan", "en"].document
    assert (document.year, document.source_url) == (2020, "https://www.example.org")


def test_what_is_wrong_with_front_matter_stands_behind_a_fold(page):
    send(page, ("bad.md", b"---\ncolour: red\n---\n# A title\n\nText.\n", "text/markdown"))
    assert told(page) == ["bad.md: The file cannot be used as it is. What is wrong with it stands below."]
    assert "<summary>What the program says (in English)</summary>" in shown(page)
    assert "&#x27;colour&#x27; is not a key that is known here" in shown(page)


def test_what_grades_mean_stands_beside_them(page):
    send(page, PDF)
    assert field(page, "Evidence").help.startswith("**research:** A study by researchers")
    assert "**critical:** It doubts" in field(page, "Stance").help


def test_a_scan_is_read_again_by_text_recognition(page, monkeypatch, tmp_path):
    Stand(monkeypatch, tmp_path).answer(sure(f"{FERRY} {FERRY}"))
    uploads.recognition.cache_clear()
    send(page, ("scan.pdf", scan(grey_page()), "application/pdf"))
    assert told(page) == ["scan.pdf: Its pages are pictures without text, as scanned pages are."]
    assert len(staged(page)) == 1
    press(page, "recognise-0")
    assert told(page) == ["scan.pdf: Can be added", "Read by text recognition, which may misread figures: 1."]
    press(page, "publish")
    assert FERRY in live(state.settings().data)["scan", "en"].document.text
    assert staged(page) == []
    uploads.recognition.cache_clear()


def test_pages_without_text_beside_others_are_offered_to_be_read(page, monkeypatch):
    monkeypatch.setattr(uploads, "recognition", lambda: ("eng", ""))
    send(page, ("half.pdf", scan(grey_page(), words(FERRY), SCANNED), "application/pdf"))
    assert told(page) == ["half.pdf: Can be added"]
    captions = [each.value.replace("\\", "") for each in page.caption]
    assert [line for line in captions if line.startswith("There is no text on these pages: 2.")]
    assert page.button(key="recognise-0").label == "Read it by text recognition"


def test_without_text_recognition_it_is_told_what_is_missing(page, monkeypatch):
    monkeypatch.setattr(uploads, "recognition", lambda: ("", "Text recognition (OCR) needs the program Tesseract."))
    send(page, ("scan.pdf", scan(grey_page()), "application/pdf"))
    assert any("is not installed here" in each.value for each in page.markdown)
    assert "needs the program Tesseract." in shown(page)
    assert not [button for button in page.button if (button.key or "").startswith("recognise")]
    press(page, "leave-0")
    assert staged(page) == []


def test_a_document_opens_in_the_library_and_what_is_said_of_it_can_be_changed(page, links):
    send(page, PDF)
    press(page, "publish")
    where, more = links["Trust plan for Vandby"]
    assert (where, more["query_params"]) == ("library", {"document": "plan"})
    press(page, "change-plan")
    assert (field(page, "Title").value, field(page, "Year").value) == ("Trust plan for Vandby", "2021")
    assert [button.label for button in page.button][-2:] == ["Save", "Leave it as it was"]


def test_nothing_is_said_of_nothing_beside_what_was_just_removed(page):
    page.session_state["own-told"] = ["“Plan” has been removed."]
    page.run()
    assert told(page) == ["“Plan” has been removed."]
    assert not any(each.value == "Nothing has been added yet." for each in page.caption)
    page.run()
    assert any(each.value == "Nothing has been added yet." for each in page.caption)


def test_a_question_about_a_document_begins_a_conversation_that_keeps_to_it(page, monkeypatch):
    monkeypatch.setattr(st, "switch_page", lambda page: st.write(f"to {page.stem}"))
    send(page, PDF)
    press(page, "publish")
    page.session_state["turns"] = ["an older turn"]
    page.text_input(key="question-0").set_value("What do keepers do?")
    press(page, "asks-0")
    kept = [page.session_state[name] for name in ("turns", "only-document", "asked")]
    assert kept == [[], "plan", "What do keepers do?"]
    assert any(each.value == "to ask" for each in page.markdown)


def test_the_page_points_to_what_visitors_asked_in_vain(page, links):
    page.run()
    assert links["What visitors asked in vain (page Quality)"][0] == "quality"


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
    assert "retry-ocr" not in {button.key for button in page.button}
    assert any("note.txt" in each.value.replace("\\", "") and "cannot be read" in each.value for each in page.markdown)
    assert 'lang="en">note.txt cannot be added' in shown(page)
    file.write_text(FERRY)
    press(page, "retry")
    assert told(page) == ["1 of 1 files have been taken in now."]
    assert ("note", "en") in live(small_kb.data)


def test_scans_in_quarantine_are_tried_again_with_text_recognition(page, monkeypatch, tmp_path, small_kb, embedder):
    from ingest.intake import ingest
    from ingest.service import Workshop

    Stand(monkeypatch, tmp_path).answer(sure(f"{FERRY} {FERRY}"))
    uploads.recognition.cache_clear()
    (tmp_path / "scan.pdf").write_bytes(scan(grey_page()))
    ingest(Workshop(small_kb.data, embedder), [tmp_path / "scan.pdf"])
    page.run()
    press(page, "retry-ocr")
    uploads.recognition.cache_clear()
    assert FERRY in live(small_kb.data)["scan", "en"].document.text


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
