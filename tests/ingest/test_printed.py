"""A report that a browser prints as a PDF is read as it was written: whatever its margins, in one column or two."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pypandoc
import pytest

from ingest.cleaning import clean
from ingest.extraction import extract

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)"),
]
PAPER = "@page { size: A4; margin: 20mm } "
STYLES = {
    "plain": "",
    "justified": PAPER + "body { font: 11pt/1.4 serif; text-align: justify } td, th { padding: 2pt 8pt }",
    "indented": PAPER + "body { font: 11pt/1.3 serif } p { margin: 0; text-indent: 1em } h2+p, h3+p { text-indent: 0 }",
    "two-columns": PAPER + "body { font: 10pt/1.3 serif; column-count: 2 } h1 { column-span: all }",
    "with-header": PAPER.replace(
        "}", "; @top-left { content: 'The ferries' } @bottom-center { content: counter(page) } }"
    )
    + "body { font: 14pt/1.5 sans-serif } h1 { font-size: 24pt }",
}


@pytest.fixture(scope="module")
def printed() -> Iterator[Callable[[str], bytes]]:
    """Return what prints a page of the web as a PDF."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def write(page: str) -> bytes:
            tab = browser.new_page()
            tab.set_content(page)
            return tab.pdf(prefer_css_page_size=True)

        yield write
        browser.close()


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_printed_report_is_read_as_it_was_written(tmp_path, printed, language, style):
    written = (Path(__file__).parent / "reports" / f"ferries.{language}.md").read_text(encoding="utf-8")
    body = pypandoc.convert_text(written, "html", format="markdown")
    (tmp_path / "a.pdf").write_bytes(printed(f"<!doctype html><style>{style}</style>{body}"))
    assert clean(extract(tmp_path / "a.pdf")).text == written
