"""The real app in headless Chromium: ask, check a citation, follow up, be refused, fetch nothing from elsewhere."""

from __future__ import annotations

import shutil
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.app.browsing import IN_A_BROWSER, answer, ask, open_source
from tests.app.serving import serving

pytestmark = IN_A_BROWSER


IN_VIEW = """number => {
  const question = document.querySelectorAll("h2.asked")[number].getBoundingClientRect();
  return question.top >= 60 && question.bottom < 220;
}"""
"""Tells whether a question stands at the top of the view."""


def centre(box):
    """The middle of a box."""
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


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


def test_a_citation_opens_its_source_at_the_quote(page):
    ask(page, "How did the gardeners on Bornholm get more freedom?")
    assert page.get_by_text("once the grass is 7 cm high").first.is_visible()
    drawer = open_source(page)
    assert drawer.locator("mark", has_text="7 cm high").is_visible()
    assert drawer.locator("a", has_text="Original").get_attribute("href").startswith("https://")
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")


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


def test_what_is_not_known_is_refused_with_offers_and_what_comes_near_can_be_opened(page):
    ask(page, "What salary does a municipal director earn?")
    assert page.get_by_text("The knowledge base does not answer this.").first.is_visible()
    assert page.get_by_role("button").filter(has_text="?").count() >= 3
    answer(page).locator("button.title").first.click()
    drawer = page.get_by_role("dialog")
    drawer.locator("mark.pressed").first.wait_for(timeout=30_000)
    assert drawer.get_by_text("the wording is not the source's").is_visible()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["laptop", "phone"])
def test_the_view_goes_to_what_was_just_asked_and_stays_where_one_reads(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    for number, question in enumerate(("Which experiences are there with self-managing teams?", "And in Norway?")):
        ask(page, question)
        page.wait_for_function(IN_VIEW, arg=number)
    page.locator(".stMain").evaluate("main => main.scrollTo(0, 0)")
    answer(page).locator("summary").evaluate("fold => fold.click()")
    page.wait_for_timeout(500)
    assert page.locator(".stMain").evaluate("main => main.scrollTop") == 0


def test_whose_words_are_read_stays_in_view_where_a_long_source_is_read(page):
    page.set_viewport_size({"width": 390, "height": 500})
    ask(page, "How did the gardeners on Bornholm get more freedom?")
    drawer = open_source(page)
    whose = drawer.locator(".whose")
    drawer.locator("article").evaluate("text => text.lastElementChild.scrollIntoView()")
    box = whose.bounding_box()
    assert whose.evaluate("(told, at) => told.contains(document.elementFromPoint(at.x, at.y))", centre(box))


def test_after_a_reload_the_questions_can_be_asked_again_until_a_conversation_is_begun_anew(page):
    asked = ["What did Bornholm do with the lawns?", "And what are the caveats?"]
    for question in asked:
        ask(page, question)
    page.reload()
    page.locator("#again a").click()
    page.locator(".print.fingerprint").nth(1).wait_for(timeout=60_000)
    assert page.locator("h2.asked").all_inner_texts() == asked
    assert "q=" not in page.url
    page.get_by_role("button", name="New conversation").click()
    page.locator("#forget").wait_for(state="attached")
    page.reload()
    page.locator("#again").wait_for(state="attached", timeout=60_000)
    page.wait_for_timeout(500)
    assert not page.locator("#again").is_visible()


def test_a_hostile_document_fetches_nothing(page, address, sink):
    ask(page, "How many airships does the zeppelin crew keep in a hangar?")
    assert answer(page).get_by_text("two airships").first.is_visible()
    drawer = open_source(page)
    assert drawer.get_by_text(f'It paints <img src="{sink}/tag.png"> them').is_visible()
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
    assert open_source(page).bounding_box()["width"] <= 390
    page.close()


def test_the_language_of_the_browser_is_spoken_and_can_be_switched(browser, address):
    page = browser.new_context(locale="da-DK").new_page()
    page.goto(address)
    page.get_by_placeholder("Stil et spørgsmål").wait_for(timeout=60_000)
    page.wait_for_function("document.documentElement.lang === 'da'")
    page.get_by_role("combobox", name="Sprog", exact=True).click()
    page.get_by_role("option", name="Svenska").click()
    page.get_by_placeholder("Ställ en fråga").wait_for()
    page.wait_for_function("document.documentElement.lang === 'sv'")
    page.get_by_role("link", name="Ordlista").click()
    page.get_by_text("Vad områdets ord betyder").wait_for()
    page.context.close()


def test_everything_about_an_answer_is_reached_by_keyboard(page):
    ask(page, "How did the gardeners on Bornholm get more freedom?")
    answer(page).locator("button.cite").first.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    drawer.locator("mark", has_text="weekly rhythm").wait_for()
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    answer(page).locator("button.title").focus()
    page.keyboard.press("Enter")
    drawer.locator("#passage").wait_for()


def test_an_answer_is_copied_and_taken_along_as_word_and_markdown(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "How did the gardeners on Bornholm get more freedom?")
    answer(page).get_by_role("button", name="Copy").click()
    answer(page).get_by_role("button", name="Copied").wait_for()
    assert "once the grass is 7 cm high" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Save").click()
    with page.expect_download() as word:
        page.get_by_role("button", name="This answer as Word").click()
    with zipfile.ZipFile(word.value.path()) as document:
        assert "once the grass is 7 cm high" in document.read("word/document.xml").decode()
        assert "Mowing by result" in document.read("word/footnotes.xml").decode()
    with page.expect_download() as markdown:
        page.get_by_role("button", name="This answer as Markdown").click()
    assert "once the grass is 7 cm high" in Path(markdown.value.path()).read_text()


def test_a_link_opens_the_same_conversation(page, browser):
    ask(page, "What did Bornholm do with the lawns?")
    ask(page, "And what are the caveats?")
    answer(page).get_by_role("button", name="Link").click()
    link = page.locator("code", has_text="?q=").inner_text()
    again = browser.new_page()
    again.goto(link)
    again.locator(".print.fingerprint").nth(1).wait_for(timeout=60_000)
    assert again.locator("h2.asked").all_inner_texts() == [
        "What did Bornholm do with the lawns?",
        "And what are the caveats?",
    ]
    again.close()


def test_nobody_sees_what_another_visitor_asks(page, browser, address):
    ask(page, "What did Bornholm do with the lawns?")
    other = browser.new_page()
    other.goto(address)
    other.locator(".st-key-suggestion-0").wait_for(timeout=60_000)
    assert other.locator("h2.asked").count() == 0
    ask(other, "What is Buurtzorg?")
    assert page.locator("h2.asked").all_inner_texts() == ["What did Bornholm do with the lawns?"]
    other.close()


def test_what_a_visitor_says_of_an_answer_is_kept_once_it_is_sent(page):
    ask(page, "How did the gardeners on Bornholm get more freedom?")
    page.get_by_role("radio", name="Thumbs up").click()
    page.get_by_label("A word why").fill("To the point")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Thank you. It was kept.").wait_for()
