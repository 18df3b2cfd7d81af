"""What tests in a real browser share: which one is used, and the marks of such tests."""

from __future__ import annotations

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NAME = "tillit.example"
"""A name under which the browser finds this machine."""
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)"),
]


def ask(page, question):
    """Ask on the page and wait until the answer stands there whole."""
    before = page.locator(".print.fingerprint").count()
    page.get_by_test_id("stChatInputTextArea").fill(question)
    page.keyboard.press("Enter")
    page.locator(".print.fingerprint").nth(before).wait_for(timeout=30_000)


def answer(page):
    """The last answer of the conversation."""
    return page.get_by_test_id("stChatMessage").last


def open_source(page):
    """Press the first citation of the last answer; return the drawer with its source."""
    answer(page).locator("button.cite").first.click()
    drawer = page.get_by_role("dialog")
    drawer.locator("#passage").wait_for(timeout=30_000)
    return drawer
