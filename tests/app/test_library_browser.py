"""The library in headless Chromium: find a document, read it at a place, beside its translation, and go on from it."""

from __future__ import annotations

import re

import pytest

from tests.app.browsing import IN_A_BROWSER
from tests.app.serving import serving

pytestmark = IN_A_BROWSER
BORNHOLM = "dk-bornholm-mowing-by-result"


@pytest.fixture(scope="module")
def address(shipped_data, tmp_path_factory):
    with serving(shipped_data, tmp_path_factory.mktemp("library") / "log") as url:
        yield url


@pytest.fixture(params=[1280])
def page(browser, request):
    page = browser.new_page(viewport={"width": request.param, "height": 800})
    yield page
    page.close()


@pytest.fixture
def place(shipped_kb):
    """The link to a sentence near the end of a Danish text."""
    _, blocks = shipped_kb.document(BORNHOLM, "da")
    return f"document={BORNHOLM}&language=da&at={blocks[-1].start}-{blocks[-1].end}"


def test_a_document_is_found_read_and_left_again(page, address):
    page.goto(f"{address}/library")
    search = page.get_by_label("Search titles and places")
    search.fill("mowing bornholm")
    search.press("Enter")
    page.get_by_text("Documents: 1", exact=True).wait_for()
    page.get_by_role("button", name="Mowing by result").click()
    page.get_by_role("heading", name="About the source").wait_for()
    page.wait_for_url(f"{address}/library?document={BORNHOLM}")
    related = page.locator("ul.shelf button").first
    title = related.inner_text()
    related.scroll_into_view_if_needed()
    related.click()
    page.get_by_role("heading", level=1, name=title).wait_for()
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop === 0")
    page.get_by_role("button", name="All documents").click()
    page.get_by_text("Documents: 1", exact=True).wait_for()
    page.wait_for_url(f"{address}/library")


@pytest.mark.parametrize("page", [390, 1280], indirect=True)
def test_a_link_opens_at_its_passage_and_keeps_it_in_another_language(page, address, place):
    page.goto(f"{address}/library?{place}")
    mark = page.locator("article[lang=da] mark")
    mark.wait_for()
    page.wait_for_function("document.activeElement.id === 'passage'")
    assert 0 < mark.bounding_box()["y"] < 800
    page.get_by_text("Svenska", exact=True).click()
    page.locator("article[lang=sv] mark").wait_for()
    page.wait_for_url(re.compile(f"document={BORNHOLM}&language=sv&at="))


def test_blocks_stand_beside_their_translations(page, address, place):
    page.goto(f"{address}/library?{place}&beside=en")
    page.locator(".beside mark").nth(1).wait_for()
    rows = page.evaluate(
        "[...document.querySelectorAll('.beside > *')].map(e => Math.round(e.getBoundingClientRect().top))"
    )
    assert rows[::2] == rows[1::2]
    assert len(set(rows)) == len(rows) / 2


@pytest.mark.parametrize("page", [390], indirect=True)
def test_on_a_phone_blocks_stand_above_their_translations(page, address, place):
    page.goto(f"{address}/library?{place}&beside=en")
    page.locator(".beside mark").nth(1).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    mine, theirs = (page.locator(".beside mark").nth(number).bounding_box() for number in (0, 1))
    assert mine["y"] + mine["height"] < theirs["y"]
