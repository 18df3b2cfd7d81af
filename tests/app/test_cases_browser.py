"""Cases in headless Chromium: narrow down, compare three, take the shortlist along, look at the charts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.app.browsing import IN_A_BROWSER
from tests.app.exported import body
from tests.app.serving import serving

pytestmark = IN_A_BROWSER
COUNT = re.compile(r"^\d+ of \d+ (cases|documents)$")


@pytest.fixture(scope="module")
def address(shipped_data: Path, tmp_path_factory: pytest.TempPathFactory):
    with serving(shipped_data, tmp_path_factory.mktemp("cases") / "log") as url:
        yield url


@pytest.fixture(params=[1280])
def page(browser, address, request):
    page = browser.new_page(viewport={"width": request.param, "height": 900}, accept_downloads=True)
    page.faults = []
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.get_by_placeholder("Ask a question").wait_for(timeout=60_000)
    if request.param < 800:
        page.goto(f"{address}/cases")
    else:
        page.get_by_role("link", name="Cases").click()
    page.get_by_role("heading", name=COUNT).wait_for(timeout=30_000)
    yield page
    page.close()


def count(page) -> int:
    return int(page.get_by_role("heading", name=COUNT).inner_text().split()[0])


def box(page, label):
    return page.locator("label").filter(has_text=re.compile(f"^{re.escape(label)} "))


def awaits(page, number):
    page.get_by_role("heading", name=re.compile(f"^{number} of ")).wait_for(timeout=10_000)


def narrow(page, label):
    """Tick a facet's value and wait until as many are shown as its count says."""
    number = re.search(r"\((\d+)\)", box(page, label).inner_text())[1]
    box(page, label).click()
    awaits(page, number)
    return int(number)


def search(page, text):
    page.get_by_label("Search", exact=True).fill(text)
    page.keyboard.press("Enter")


def list_first(page, number):
    for place in range(number):
        page.get_by_role("button", name="Add to the shortlist").first.click()
        page.get_by_role("button", name="Remove from the shortlist").nth(place).wait_for()
        page.get_by_role("radio", name=f"Shortlist ({place + 1})").wait_for()


def test_facets_narrow_down_as_their_counts_say(page):
    everything = count(page)
    homes = narrow(page, "home care")
    danes = narrow(page, "Denmark")
    assert everything > homes > danes > 2
    assert page.locator(".tillit.case h3").count() == min(danes, 12)
    page.get_by_role("button", name="Clear all filters").click()
    page.get_by_role("heading", name=re.compile(r"^(\d+) of \1 documents$")).wait_for()


def test_an_exact_phrase_is_found_and_marked(page):
    search(page, '"7 cm high"')
    awaits(page, 1)
    assert page.locator(".case mark", has_text="7 cm high").first.is_visible()
    page.get_by_role("button", name="Open", exact=False).filter(has_text="Open").first.click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_text("Bornholm's gardeners used to follow").wait_for()
    assert drawer.locator("mark").count() == 0


def test_three_are_compared_and_a_cell_opens_at_its_passage(page):
    narrow(page, "home care")
    list_first(page, 3)
    page.get_by_text("Shortlist", exact=True).click()
    table = page.get_by_role("region", name="Side by side")
    table.wait_for()
    assert table.get_by_role("columnheader").count() == 3
    assert table.get_by_role("rowheader", name="What changed").is_visible()
    told = table.get_by_role("row").filter(has_text="What changed").locator("td p").first.inner_text()
    table.get_by_role("button", name=re.compile("^Show in text: What changed")).first.click()
    marked = page.get_by_role("dialog").locator("mark").first
    marked.wait_for()
    assert marked.inner_text()[:40] in told


@pytest.mark.parametrize("page", [390], indirect=True)
def test_the_table_scrolls_by_itself_on_a_phone(page):
    list_first(page, 3)
    page.get_by_text("Shortlist", exact=True).click()
    page.get_by_role("region", name="Side by side").wait_for()
    sizes = page.evaluate(
        "(() => { const t = document.querySelector('.compared'); return [document.documentElement.scrollWidth,"
        " t.scrollWidth > t.clientWidth]; })()"
    )
    assert sizes == [390, True]


def test_the_shortlist_survives_another_page_and_is_taken_along(page, tmp_path):
    narrow(page, "home care")
    titles = page.locator(".tillit.case h3").all_inner_texts()[:2]
    list_first(page, 2)
    page.get_by_role("link", name="Glossary").click()
    page.get_by_text("What the words of the field mean").wait_for()
    page.get_by_role("link", name="Cases").click()
    page.get_by_role("radio", name="Shortlist (2)").wait_for()
    page.get_by_text("Shortlist", exact=True).click()
    files = {"The whole shortlist as Excel": "x.xlsx", "The whole shortlist as CSV": "x.csv"}
    for name, file in (files | {"This comparison as Word": "x.docx"}).items():
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        download.value.save_as(tmp_path / file)
    rows = list(load_workbook(tmp_path / "x.xlsx").active.iter_rows(values_only=True))
    header = rows[0]
    assert [row[header.index("Title")] for row in rows[1:]] == titles
    for heading in ("Situation", "What changed", "Result", "Publisher"):
        assert all(row[header.index(heading)] for row in rows[1:])
    assert "Identifier" not in header
    assert all("home care" in row[header.index("Sectors")] for row in rows[1:])
    assert (tmp_path / "x.csv").read_text(encoding="utf-8-sig").count(titles[0]) == 1
    told = body((tmp_path / "x.docx").read_bytes())
    assert told[0] == "Comparison of cases: home care"
    assert told[3:5] == titles


def test_a_reload_keeps_filters_search_and_shortlist_and_going_back_undoes(page):
    number = narrow(page, "Sweden")
    list_first(page, 2)
    page.reload()
    page.get_by_role("radio", name="Shortlist (2)").wait_for(timeout=30_000)
    awaits(page, number)
    page.go_back()
    page.get_by_role("radio", name="Shortlist (1)").wait_for()
    awaits(page, number)


def test_what_is_left_out_is_said(page):
    everything = count(page)
    danes = narrow(page, "Denmark")
    page.locator(".st-key-cases-but-country label").click()
    awaits(page, everything - danes)
    page.get_by_role("button", name="not Denmark").wait_for()


def test_four_stand_side_by_side_on_a_laptop_with_their_titles_in_view(page):
    page.set_viewport_size({"width": 1366, "height": 768})
    list_first(page, 4)
    page.get_by_text("Shortlist", exact=True).click()
    table = page.get_by_role("region", name="Side by side")
    table.wait_for()
    assert table.evaluate("each => each.scrollWidth - each.clientWidth") == 0
    title = table.get_by_role("columnheader").nth(3)
    before = title.bounding_box()["y"] - table.bounding_box()["y"]
    table.evaluate("each => { each.scrollTop = 600; }")
    assert title.bounding_box()["y"] - table.bounding_box()["y"] == pytest.approx(before, abs=2)


def test_charts_are_drawn_under_our_policy_and_their_numbers_stand_in_tables(page):
    number = narrow(page, "Sweden")
    page.get_by_text("Where and when", exact=True).click()
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for()
    page.get_by_text("The numbers as a table").nth(1).click()
    page.get_by_role("row", name=f"Sweden {number}", exact=True).wait_for()
    assert page.faults == []
