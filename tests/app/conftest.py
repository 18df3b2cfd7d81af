"""A browser for the tests of a module that need one."""

from __future__ import annotations

import pytest

from tests.app.browsing import CHROMIUM, NAME


@pytest.fixture(scope="module")  # while it is open nothing else in this thread may run an event loop
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()
