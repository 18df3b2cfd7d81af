"""What the assistant says of itself, and the page that shows it."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import pytest
from streamlit.testing.v1 import AppTest

from app import about, state
from app.labels import Labels
from kb.settings import load_settings
from tests.app.measured import shown
from tests.conftest import ROOT

PAGE = "about"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
SAY = Labels("about", "en")


def test_the_figures_are_those_of_the_measurement(opened):
    page = opened()
    assert page.title[0].value == "About"
    assert "Of 100 facts that an answer must carry, 6 are missing." in shown(page)
    assert "for 75 of 100 such questions" in shown(page)
    assert "Of 100 questions that the documents do not answer, 25 get quotes all the same" in shown(page)


def test_documents_are_counted_by_kind_and_language(opened):
    page = opened()
    assert "<td>6 (report: 1, agreement: 1, principle: 1, case: 3)</td>" in shown(page)
    assert "<td>English: 6, Danish: 6, Norwegian: 6, Swedish: 6</td>" in shown(page)
    assert "No documents have been added here." in shown(page)


def test_documents_of_ones_own_are_told(small_kb):
    from dataclasses import replace

    status = replace(small_kb.status(), own_documents=2, texts={"en": 6, "fi": 2})
    html = about.documents(status, small_kb.entries(), SAY)
    assert "Added here: 2." in html
    assert "English: 6, fi: 2" in html


def test_versions_and_fingerprints_are_those_of_what_runs(opened, small_kb):
    page, status = opened(), small_kb.status()
    for told in (version("tillit"), platform.python_version(), version("streamlit"), "hash/64", status.updated[:10]):
        assert f"<td>{told}</td>" in shown(page)
    for print_ in (status.corpus, status.index, status.answer):
        assert f"<td>{print_[:12]}</td>" in shown(page)


@pytest.mark.parametrize(
    ("activity", "told", "set_by"),
    [
        ("feedback", "which documents were quoted are kept for 30 days, without", "`TILLIT_ACTIVITY=none`"),
        ("refused", "Questions that get no answer are kept for 30 days without", "`TILLIT_ACTIVITY=none`"),
        ("none", "Nothing that you ask or do is stored.", "is `none`"),
    ],
)
def test_privacy_is_as_the_settings_say(opened, activity, told, set_by):
    page = opened(activity=activity, activity_days=30)
    assert told in shown(page)
    assert set_by in page.caption[2].value


@pytest.mark.parametrize(("activity", "all_is_gone"), [("none", True), ("feedback", False), ("refused", False)])
def test_that_all_is_gone_with_the_visit_is_said_only_where_it_is(activity, all_is_gone):
    told = about.privacy(load_settings(activity=activity), SAY)
    assert ("is gone when you close the page. No question" in told) == all_is_gone
    assert ("is gone when you close the page, unless you send a thumb" in told) != all_is_gone


def test_the_licences_are_shown_whole(opened):
    page = opened()
    assert [expander.label for expander in page.expander] == ["LICENSE", "NOTICE"]
    assert "THE SOFTWARE IS PROVIDED" in shown(page)
    assert "all-MiniLM-L6-v2 itself is not contained" in shown(page)


def test_licences_come_from_the_installed_program_else_from_its_folder(monkeypatch):
    class Installed:
        def read_text(self, name):
            return {"licenses/LICENSE": "installed"}.get(name)

    monkeypatch.setattr(about, "distribution", lambda name: Installed())
    assert about.licences() == {"LICENSE": "installed", "NOTICE": (ROOT / "NOTICE").read_text(encoding="utf-8")}

    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(about, "distribution", missing)
    monkeypatch.setattr(about, "LICENCES", ("LICENSE", "no such file"))
    assert about.licences() == {"LICENSE": (ROOT / "LICENSE").read_text(encoding="utf-8")}


def test_a_licence_is_escaped():
    assert (
        about.licence("a <b>\n\nc")
        == '<div class="tillit" lang="en"><div class="print"><p>a &lt;b&gt;</p><p>c</p></div></div>'
    )


def test_the_page_is_in_the_visitors_language(opened):
    page = opened("sv")
    assert page.title[0].value == "Om"
    assert "Av 100 uppgifter som ett svar måste innehålla saknas 6." in shown(page)


def test_without_an_index_the_page_says_how_to_build_one(monkeypatch, tmp_path, embedder):
    from kb.knowledge_base import KnowledgeBase

    monkeypatch.setattr(state, "get_kb", lambda: KnowledgeBase(load_settings(data=tmp_path / "none"), embedder))
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "about.py"), default_timeout=30).run()
    assert not page.exception
    assert "Build it with" in page.error[0].value
