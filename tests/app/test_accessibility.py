"""No page has a serious or critical fault that axe-core finds, in light and in dark, wide and on a phone.

`UPSTREAM` lists what Streamlit itself does and we cannot mend, each with its issue.
"""

from __future__ import annotations

import pytest

from app import state
from tests.app.browsing import IN_A_BROWSER, ask, open_source
from tests.app.serving import serving

pytestmark = IN_A_BROWSER

UPSTREAM: dict[str, str] = {}
"""Rules of axe-core that are passed over, with the selector's beginning and the issue at streamlit/streamlit."""
PAGES = ["", *(name for name in state.PAGES if name not in ("ask", "documents"))]


@pytest.fixture(scope="module")
def address(shipped_data, tmp_path_factory):
    with serving(shipped_data, tmp_path_factory.mktemp("axe") / "log") as url:
        yield url


def faults(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
        if each["id"] not in UPSTREAM
    ]


@pytest.fixture(params=[("light", 1440), ("dark", 1440), ("light", 390)], ids=["light", "dark", "phone"])
def page(browser, request):
    scheme, width = request.param
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES, ids=[name or "ask" for name in PAGES])
def test_a_page_has_no_serious_fault(page, address, name):
    page.goto(f"{address}/{name}")
    page.locator("h1").wait_for(timeout=60_000)
    page.wait_for_timeout(1500)
    assert faults(page) == []


def test_an_answer_and_its_source_have_no_serious_fault(page, address):
    page.goto(address)
    page.locator("h1").wait_for(timeout=60_000)
    ask(page, "What is the difference between Bornholm and Tomelilla?")
    assert faults(page) == []
    open_source(page)
    assert faults(page) == []
