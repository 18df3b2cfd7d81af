"""Pictures of every page, wide and on a phone, light and dark, in two languages: `make screenshots`, then look at them.

With `--readme` the pictures of the README are taken anew as well. Not a test: nothing is compared.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

from app.labels import Labels
from ingest.service import Workshop, build
from kb.models.static import StaticModel
from tests.app.browsing import CHROMIUM, ask, open_source
from tests.app.documents import pdf_of_a_plan
from tests.app.serving import serving
from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOCALES = {"en": "en-GB", "da": "da-DK"}
WIDTHS, SCHEMES = (1440, 390), ("light", "dark")
HEIGHT, TALLEST, TALL_DRAWER = 900, 2400, 1100
"""Pixels: the window, a whole page at most, the window of a drawer, which scrolls by itself."""
LARGEST, COLOURS = 200_000, (256, 128, 64, 32)
"""Bytes of a file, and how many colours it has, fewer where it would be larger."""
BORNHOLM = "dk-bornholm-mowing-by-result"
ANSWERED = {
    "en": "How did the gardeners on Bornholm get more freedom?",
    "da": "Hvordan fik gartnerne på Bornholm mere frihed?",
}
REFUSED = {"en": "What salary does a municipal director earn?", "da": "Hvilken løn får en kommunaldirektør?"}
HOME_CARE = {"en": "home care", "da": "hjemmepleje"}
RUNS_NOT = "[data-testid=stApp][data-test-script-state=notRunning]"
UNFINISHED = ("[data-testid=stSkeleton]", "[data-testid=stSpinner]", "[data-stale=true]")

Scene = Callable[["Page", str], None]
"""Brings a page, on which nothing was done, to what is to be seen, in a language."""


def settled(page: Page) -> None:
    """Wait until the page stands still."""
    page.locator("h1").first.wait_for(timeout=60_000)
    page.wait_for_timeout(300)
    page.locator(RUNS_NOT).wait_for(state="attached", timeout=60_000)
    for sign in UNFINISHED:
        page.locator(sign).first.wait_for(state="detached", timeout=60_000)
    page.wait_for_timeout(500)


def _go(path: str) -> Scene:
    return lambda page, language: page.goto(path.format(other="da" if language == "en" else "en"))


def _answer(page: Page, language: str) -> None:
    page.goto("/")
    ask(page, ANSWERED[language])


def _source(page: Page, language: str) -> None:
    _answer(page, language)
    open_source(page)


def _save(page: Page, language: str) -> None:
    _answer(page, language)
    page.get_by_role("button", name=Labels("ask", language)("save")).click()
    page.get_by_text(Labels("ask", language)("answer-word"), exact=True).wait_for()


def _refusal(page: Page, language: str) -> None:
    page.goto("/")
    ask(page, REFUSED[language])


def _menu(page: Page, language: str) -> None:
    page.goto("/cases")
    settled(page)
    opens = page.get_by_test_id("stExpandSidebarButton")
    if opens.is_visible():
        opens.click()


def _found(page: Page, language: str) -> None:
    page.goto("/cases")
    settled(page)
    page.locator(".st-key-cases-text input").fill(HOME_CARE[language])
    page.keyboard.press("Enter")
    page.locator(".case mark").first.wait_for()
    settled(page)


def _compared(page: Page, language: str) -> None:
    _found(page, language)
    say = Labels("cases", language)
    for place in range(3):
        page.get_by_role("button", name=say("add")).first.click()
        page.get_by_role("button", name=say("remove")).nth(place).wait_for()
    page.get_by_text(say("shortlist"), exact=True).click()
    page.get_by_role("region", name=say("compared")).wait_for()


def _charts(page: Page, language: str) -> None:
    page.goto("/cases")
    settled(page)
    page.get_by_text(Labels("cases", language)("charts"), exact=True).click()
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for()


def _read(page: Page, language: str) -> None:
    page.goto("/documents")
    settled(page)
    page.locator("input[type=file]").set_input_files({"name": "plan.pdf", "mimeType": "", "buffer": pdf_of_a_plan()})
    page.locator(".st-key-read button").click()
    page.locator("[class*=st-key-chunks-] summary").click(timeout=60_000)


SCENES: Mapping[str, Scene] = {
    "ask": _go("/"),
    "ask-answer": _answer,
    "ask-source": _source,
    "ask-save": _save,
    "ask-refusal": _refusal,
    "cases": _go("/cases"),
    "cases-menu": _menu,
    "cases-found": _found,
    "cases-compared": _compared,
    "cases-charts": _charts,
    "library": _go("/library"),
    "library-document": _go(f"/library?document={BORNHOLM}"),
    "library-beside": _go(f"/library?document={BORNHOLM}&beside={{other}}"),
    "glossary": _go("/glossary"),
    "documents": _go("/documents"),
    "documents-read": _read,
    "quality": _go("/quality"),
    "about": _go("/about"),
}
README: Mapping[str, tuple[Scene, bool]] = {"ask": (_answer, True), "cases": (_found, False)}
"""The pictures of the README, and whether they show the whole page."""


def save(png: bytes, file: Path) -> None:
    """Write a picture with as many colours as the largest size allows."""
    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in COLOURS:
        written = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
        if written.tell() <= LARGEST:
            break
    file.write_bytes(written.getvalue())


@contextmanager
def opened(browser: Browser, address: str, language: str, scheme: str, width: int, height: int) -> Iterator[Page]:
    """Open the app as somebody new with such a screen."""
    with browser.new_context(
        base_url=address,
        locale=LOCALES[language],
        color_scheme=scheme,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    ) as context:
        yield context.new_page()


def take(page: Page, scene: Scene, language: str, file: Path, whole: bool) -> None:
    """Take a picture, with `whole` of all that the page has, up to a limit."""
    scene(page, language)
    settled(page)
    width = page.viewport_size["width"]
    if page.get_by_role("dialog").count():
        page.set_viewport_size({"width": width, "height": TALL_DRAWER})
    elif whole:
        needed = page.locator(".stMain").evaluate("element => element.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(HEIGHT, min(needed, TALLEST))})
    settled(page)
    save(page.screenshot(), file)


def take_all(browser: Browser, address: str, folder: Path, only: str) -> None:
    """Take the pictures whose names contain `only`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, language, scheme, width in product(SCENES, LOCALES, SCHEMES, WIDTHS):
        file = folder / f"{name}.{language}.{scheme}.{width}.png"
        if only in file.name:
            with opened(browser, address, language, scheme, width, HEIGHT) as page:
                take(page, SCENES[name], language, file, whole=True)
            print(file)


def take_readme(browser: Browser, address: str) -> None:
    """Take the pictures of the README."""
    for name, (scene, whole) in README.items():
        file = ROOT / "docs" / f"{name}.png"
        with opened(browser, address, "en", "light", 1200, HEIGHT) as page:
            take(page, scene, "en", file, whole)
        print(file)


def main() -> None:
    """Take the pictures that the command line asks for."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="python -m tests.app.screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--data", type=Path, help="a data folder that is built already (default: the tests' own)")
    parser.add_argument("--only", default="", help="take those whose file names contain this")
    parser.add_argument("--readme", action="store_true", help="take the pictures of the README, and no others")
    told = parser.parse_args()
    data = told.data or ROOT / "build" / "test-data"
    build(Workshop(data, StaticModel())) if told.data is None else None
    with (
        TemporaryDirectory() as logs,
        patch.dict("os.environ", {"TILLIT_UPLOADS": str(not told.readme)}),
        serving(data, Path(logs) / "log") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        take_readme(browser, address) if told.readme else take_all(browser, address, told.folder, told.only)
        browser.close()


if __name__ == "__main__":
    main()
