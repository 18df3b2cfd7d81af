"""Everything by keyboard alone, in headless Chromium: no test here touches the mouse."""

from __future__ import annotations

import re

import pytest

from tests.app.browsing import IN_A_BROWSER
from tests.app.screenshots import HEIGHT, SCENES, opened, settled
from tests.app.serving import serving

pytestmark = IN_A_BROWSER
MOST = 90
"""Presses of a key after which what is looked for counts as out of reach."""
QUESTION = "How did the gardeners on Bornholm get more freedom?"
FOCUSED = "all => all.includes(document.activeElement)"
UNSEEN = """() => {
  const at = document.activeElement, shown = at.closest("label") ?? at;
  if (at === document.body) return "";
  const style = getComputedStyle(shown), box = shown.getClientRects()[0];
  const written = shown.matches("input, textarea"); // Streamlit colours the border around these
  const outlined = style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2;
  const middle = (from, to, edge) => (Math.max(from, 0) + Math.min(to, edge)) / 2; // of what the window shows
  const across = middle(box.left, box.right, innerWidth), down = middle(box.top, box.bottom, innerHeight);
  const top = document.elementFromPoint(across, down);
  return (written || outlined) && shown.contains(top) ? "" : shown.outerHTML.slice(0, 200);
}"""
"""Gives what has the focus where that cannot be seen: no sign of it is drawn, or something lies above it."""


@pytest.fixture(scope="module")
def address(shipped_data, tmp_path_factory):
    with serving(shipped_data, tmp_path_factory.mktemp("keyboard") / "log") as url:
        yield url


@pytest.fixture(params=[1280])
def page(browser, address, request):
    with opened(browser, address, "en", "light", request.param, HEIGHT) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto("/")
        settled(page)
        yield page


def focused(page, wanted):
    """Wait until the focus is at what is wanted."""
    wanted.first.wait_for()
    page.wait_for_function(FOCUSED, arg=wanted.element_handles())


def reach(page, wanted, key="Tab"):
    """Go from one stop to the next until the focus is at what is wanted."""
    wanted.first.wait_for()
    for _ in range(MOST):
        page.keyboard.press(key)
        if wanted.evaluate_all(FOCUSED):
            return
    pytest.fail(f"{wanted} is out of reach")


def ask(page):
    reach(page, page.get_by_label("Ask a question"), "Shift+Tab")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".print.fingerprint").wait_for(timeout=30_000)
    settled(page)


def test_a_source_is_opened_at_its_passage_and_closed_again(page):
    ask(page)
    cites = page.locator("button.cite")
    reach(page, cites.nth(1), "Shift+Tab")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    focused(page, drawer.locator("#passage"))
    for _ in range(4):
        page.keyboard.press("Tab")
        assert drawer.evaluate("drawer => drawer.contains(document.activeElement)")
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    focused(page, cites.nth(1))


def test_an_answer_is_copied_saved_linked_to_and_judged(page):
    ask(page)
    reach(page, page.get_by_role("button", name="Copy"), "Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copied").wait_for()
    save = page.get_by_role("button", name="Save")
    reach(page, save)
    page.keyboard.press("Enter")
    focused(page, page.get_by_role("button", name="Word"))
    with page.expect_download():
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    focused(page, save)
    reach(page, page.get_by_role("button", name="Link"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("button", name="Copy to clipboard"))
    page.keyboard.press("Enter")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('?q=How+did'))")
    page.keyboard.press("Escape")
    reach(page, page.get_by_role("radio", name="Thumbs up"))
    page.keyboard.press("Space")
    reach(page, page.get_by_label("A word why"))
    page.keyboard.type("To the point")
    page.keyboard.press("Enter")
    page.get_by_text("Thank you. It was kept.").wait_for()


def test_cases_are_searched_narrowed_down_and_put_on_the_shortlist(page):
    reach(page, page.get_by_role("link", name="Cases"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_label("Search", exact=True))
    page.keyboard.type("home care")
    page.keyboard.press("Enter")
    page.locator(".case mark").first.wait_for()
    box = page.get_by_role("checkbox", name=re.compile("^Denmark "))
    reach(page, box, "Shift+Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Denmark").wait_for()
    focused(page, box)
    reach(page, page.get_by_role("button", name="Add to the shortlist").first)
    page.keyboard.press("Enter")
    focused(page, page.get_by_role("button", name="Remove from the shortlist"))
    page.get_by_role("radio", name="Shortlist (1)").wait_for()
    reach(page, page.get_by_role("radio", name="Results"), "Shift+Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_text("Tick two to four").wait_for()
    focused(page, page.get_by_role("radio", name="Shortlist", checked=True))


def test_the_language_is_switched_and_so_is_what_was_chosen(page):
    reach(page, page.get_by_label("Answer language"))
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    settled(page)
    chosen = page.get_by_label("Answer language").input_value()
    reach(page, page.get_by_label("Language", exact=True), "Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="Dansk").wait_for()
    page.keyboard.type("Dansk")
    page.keyboard.press("Enter")
    focused(page, page.get_by_label("Sprog", exact=True))
    page.wait_for_function("document.documentElement.lang === 'da'")
    shown = page.get_by_label("Svarsprog")
    page.wait_for_function("([box, word]) => box.value !== word", arg=[shown.element_handle(), chosen])
    assert {"English": "engelsk", "Danish": "dansk"}[chosen] == shown.input_value()


@pytest.mark.parametrize("page", [390], indirect=True)
def test_the_menu_of_a_phone_takes_the_focus_and_gives_it_back(page):
    opens = page.get_by_role("button", name="Expand sidebar")
    reach(page, opens)
    page.keyboard.press("Enter")
    closes = page.get_by_role("button", name="Collapse sidebar")
    focused(page, closes)
    page.keyboard.press("Enter")
    focused(page, opens)
    page.keyboard.press("Enter")
    focused(page, closes)
    reach(page, page.locator(".stMain"))
    opens.wait_for()


@pytest.mark.parametrize("page", [390, 1280], indirect=True, ids=["phone", "wide"])
@pytest.mark.parametrize("scene", ["ask-answer", "cases-compared", "library-beside", "quality"])
def test_the_focus_is_seen_wherever_it_goes(page, scene):
    SCENES[scene](page, "en")
    settled(page)
    unseen = set()
    for _ in range(MOST):
        page.keyboard.press("Tab")
        unseen.add(page.evaluate(UNSEEN))
    assert unseen == {""}
