"""Adding documents in headless Chromium: upload a PDF, publish it, ask about it, see the passage, remove it."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from ingest.service import Workshop, build
from kb.models.static import StaticModel
from tests.app.browsing import IN_A_BROWSER, NAME
from tests.app.documents import FERRY, pdf_of_a_plan
from tests.app.serving import serving

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def data(small_documents: Path, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("uploads") / "data"
    build(Workshop(folder, StaticModel()), small_documents)
    return folder


@pytest.fixture(scope="module")
def address(data: Path, tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TILLIT_UPLOADS", "true")
        patch.setenv("TILLIT_FILE_MB", "1")
        with serving(data, tmp_path_factory.mktemp("log") / "log") as url:
            yield url


@pytest.fixture(params=[1280])
def page(browser, address, request):
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    page.goto(f"{address}/documents")
    page.get_by_role("heading", name="Add documents").wait_for(timeout=60_000)
    yield page
    page.close()


def send(page, name, content):
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": content})


def test_a_pdf_is_uploaded_published_asked_about_and_removed(page, data):
    send(page, "plan.pdf", pdf_of_a_plan())
    page.get_by_role("button", name="Read the files").click()
    page.get_by_text("plan.pdf: Can be added").wait_for(timeout=30_000)
    page.locator("input[aria-label='Title (guessed)'][value='Trust plan for Vandby']").wait_for()
    page.get_by_text("What would be cited").click()
    page.get_by_text("stopped filling in the weekly lamp report").wait_for()
    page.get_by_role("button", name="Publish (1)").click()
    page.get_by_text("“Trust plan for Vandby” has been added.").wait_for(timeout=60_000)
    page.get_by_role("button", name="Change", exact=True).click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("textbox", name="Year").fill("soon")
    drawer.get_by_role("button", name="Save").click()
    drawer.get_by_text("Write one year with four digits").wait_for(timeout=30_000)
    drawer.get_by_role("textbox", name="Year").fill("spring 2020")
    drawer.get_by_role("button", name="Save").click()
    page.get_by_text("What is said of “Trust plan for Vandby” has been changed.").wait_for(timeout=60_000)
    page.get_by_text("2020 · English").wait_for()
    page.get_by_label("Ask about “Trust plan for Vandby”").fill("What did the lighthouse keepers of Vandby stop doing?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_text("Only in: Trust plan for Vandby").wait_for(timeout=60_000)
    page.locator("button.cite").first.click(timeout=60_000)
    drawer.get_by_role("img", name="with the cited passage marked").wait_for(timeout=30_000)
    drawer.locator("mark", has_text="weekly lamp report").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Add documents").click()
    page.get_by_role("button", name="Remove").click()
    drawer.get_by_text("Remove “Trust plan for Vandby” and erase all that is stored of it?").wait_for()
    drawer.get_by_role("button", name="Remove").click()
    page.get_by_text("“Trust plan for Vandby” has been removed.").wait_for(timeout=60_000)
    assert not [file for file in data.rglob("*") if file.is_file() and b"lighthouse" in file.read_bytes()]


def test_a_file_above_the_limit_is_not_sent(page, data):
    send(page, "long.txt", f"{FERRY} ".encode() * 30_000)
    page.get_by_text("File must be 1.0MB or smaller").wait_for()
    assert "Files with an exclamation mark were not sent." in page.locator(".stFileUploader").aria_snapshot()
    assert page.get_by_role("button", name="Read the files").count() == 0


@pytest.mark.parametrize(("language", "name"), [("en", "Choose files"), ("da", "Vælg filer"), ("sv", "Välj filer")])
def test_the_button_that_chooses_files_speaks_the_visitors_language(page, address, language, name):
    page.goto(f"{address}/documents?lang={language}")
    page.get_by_role("button", name=name).wait_for(timeout=30_000)


def test_an_upload_without_the_token_is_refused(address):
    request = urllib.request.Request(f"{address}/_stcore/upload_file/a/b", data=b"x", method="PUT")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 403
    refused.value.close()


@pytest.mark.parametrize("page", [390], indirect=True)
def test_it_fits_on_a_phone(page):
    send(page, "plan.pdf", pdf_of_a_plan())
    page.get_by_role("button", name="Read the files").click()
    page.get_by_role("button", name="Publish (1)").wait_for(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_who_comes_by_another_name_than_the_machines_own_may_not_add(browser, address):
    page = browser.new_page()
    page.goto(f"{address.replace('127.0.0.1', NAME)}/documents")
    page.get_by_text("Only people who are signed in").wait_for(timeout=30_000)
    assert page.locator("input[type=file]").count() == 0
    assert page.get_by_role("link", name="Add documents").count() == 0
    page.close()
