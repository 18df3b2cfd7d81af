"""What several tests of the app need: a browser, pages over a measurement made by hand, the cases."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app import quality, state
from app.cases import current_cases
from kb.settings import load_settings
from tests.app.browsing import CHROMIUM, NAME
from tests.app.measured import ship
from tests.conftest import ROOT


@pytest.fixture(scope="module")  # while it is open nothing else in this thread may run an event loop
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def opened(request, small_kb, small_data, tmp_path, monkeypatch):
    """Open the page that the module names `PAGE`, with settings of one's own."""
    monkeypatch.setattr(quality, "SHIPPED", ship(tmp_path / "shipped.jsonl"))
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)

    def open_page(language="en", maintains=True, **given):
        settings = load_settings(data=small_data, **given)
        monkeypatch.setattr(state, "settings", lambda: settings)
        monkeypatch.setattr(state, "may_maintain", lambda: maintains)
        page = AppTest.from_file(str(ROOT / "app" / "pages" / f"{request.module.PAGE}.py"), default_timeout=30)
        page.session_state["language"] = language
        page.run()
        assert not page.exception
        return page

    return open_page


@pytest.fixture
def cases(small_kb):
    return current_cases(small_kb, "en")
