"""The real app in headless Chromium: ask, check a citation, follow up, be refused, fetch nothing from elsewhere."""

from __future__ import annotations

import shutil
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.app.serving import serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)"),
]


class Sink(BaseHTTPRequestHandler):
    """Counts every request that reaches it."""

    hits: list[str] = []  # noqa: RUF012 - shared on purpose

    def do_GET(self):
        self.hits.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def sink():
    server = HTTPServer(("127.0.0.1", 0), Sink)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def address(shipped_data: Path, sink: str, tmp_path_factory: pytest.TempPathFactory):
    """The app over a copy of the shipped knowledge base with one hostile document of a user's own."""
    from ingest.intake import ingest
    from ingest.service import Workshop
    from kb.models.static import StaticModel

    folder = tmp_path_factory.mktemp("browser")
    data = folder / "data"
    shutil.copytree(shipped_data, data)
    hostile = folder / "hostile.md"
    hostile.write_text(
        f"# Zeppelin ![t]({sink}/title.png) report\n\n"
        f"The zeppelin crew of the town hall ![i]({sink}/image.png) keeps two airships in a hangar.\n\n"
        f'It paints <img src="{sink}/tag.png"> them <script>fetch("{sink}/script")</script> in spring.\n'
    )
    ingest(Workshop(data, StaticModel()), [hostile])
    with serving(data, folder / "log") as url:
        yield url


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, address):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.faults, page.requested = [], []
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: page.requested.append(request.url))
    page.goto(address)
    page.get_by_placeholder("Ask a question").wait_for(timeout=60_000)
    yield page
    page.close()


def ask(page, question):
    answers = page.get_by_text("Fingerprint").count() + page.get_by_text("Fingeraftryk").count()
    page.get_by_placeholder("Ask a question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "n => (document.body.innerText.match(/Fingerprint|Fingeraftryk|Fingeravtr/g) || []).length > n",
        arg=answers,
        timeout=30_000,
    )


def answer(page):
    """The last answer of the conversation."""
    return page.get_by_test_id("stChatMessage").last


def test_a_question_is_answered_and_its_quote_marked_in_its_surroundings(page):
    ask(page, "How did the gardeners on Bornholm get more freedom?")
    assert page.get_by_text("once the grass is 7 cm high").first.is_visible()
    page.locator("summary").first.click()
    marked = page.locator("mark", has_text="7 cm high").first
    marked.wait_for()
    assert marked.is_visible()
    assert page.locator("a", has_text="Original").first.get_attribute("href").startswith("https://")


def test_a_follow_up_stays_with_the_matter(page):
    ask(page, "How did the gardeners on Bornholm get more freedom?")
    ask(page, "And what are the caveats?")
    assert answer(page).get_by_text("OAO gives no figures for the time saved or the cost").first.is_visible()


def test_a_danish_question_gets_danish_quotes(page):
    ask(page, "Hvordan fik gartnerne på Bornholm mere frihed?")
    assert page.get_by_text("når det er 7 cm højt").first.is_visible()


def test_the_original_is_shown_on_request_and_stays_after_a_look_into_the_glossary(page):
    ask(page, "Hvordan fik gartnerne på Bornhlom mere frihed?")
    assert page.get_by_text("Søgte efter Bornholm i stedet for Bornhlom.").is_visible()
    page.get_by_text("Show the original beside the translation").click()
    original = page.get_by_text("The only requirement that remains is to mow once the grass is 7 cm high.").first
    original.wait_for()
    page.get_by_role("link", name="Glossary").click()
    page.get_by_text("What the words of the field mean").wait_for()
    page.get_by_role("link", name="Ask").click()
    original.wait_for()


def test_what_is_not_known_is_refused_with_offers(page):
    ask(page, "What salary does a municipal director earn?")
    assert page.get_by_text("The knowledge base does not answer this.").first.is_visible()
    assert page.get_by_role("button").filter(has_text="?").count() >= 3


def test_a_hostile_document_fetches_nothing(page, address, sink):
    ask(page, "How many airships does the zeppelin crew keep in a hangar?")
    assert answer(page).get_by_text("two airships").first.is_visible()
    page.locator("summary").first.click()
    assert page.get_by_text(f'It paints <img src="{sink}/tag.png"> them').first.is_visible()
    page.wait_for_timeout(1000)
    assert Sink.hits == []
    assert [url for url in page.requested if not url.startswith((address, "data:", "blob:"))] == []
    assert page.faults == []


def test_the_page_fits_a_phone(browser, address):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(address)
    page.get_by_placeholder("Ask a question").wait_for(timeout=60_000)
    ask(page, "How did the gardeners on Bornholm get more freedom?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
