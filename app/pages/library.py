"""The library: find a document, read it in its languages, see what its source is and what is related to it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import frame, library, library_view, state, view
from app.labels import Labels
from app.library import Opened
from kb.errors import KBError

PARTS = ("document", "language", "at", "beside")  # of a link; a string here would be drawn too
ALONE = ""  # what stands beside a text that is read alone
SHOWN, MORE = 8, 24  # documents of a shelf at first, and more on each request


def goto(**place: str | None) -> None:
    """Set the link in the address bar, by which the page is drawn."""
    for part in PARTS:
        st.query_params.pop(part, None)
    st.query_params.update({part: name for part, name in place.items() if name is not None})


def draw_shelves(say: Labels) -> None:
    """Draw the search and the documents that it finds, shelf by shelf."""
    text = st.text_input(
        say("search"), placeholder=say("hint"), key="library-text", icon=":material/search:", persist_state="session"
    )
    found = library.shelves(state.get_kb(), text, say.language)
    if not found:
        st.info(say("none"))
        return
    st.caption(say("count", n=sum(map(len, found.values()))))
    kept, more = st.session_state.get("library-more", (None, {}))
    more = more if kept == text else {}
    for name, books in found.items():
        st.html(f'<div class="tillit"><h2>{say(name, n=len(books))}</h2></div>')
        count = more.get(name, SHOWN)
        st.html(library_view.shelf_html(books[:count], say))
        buttons([book.document.id for book in books[:count]], f"hidden-shelf-{name}")
        rest = min(len(books) - count, MORE)
        if rest > 0 and st.button(say("more", n=rest), key=f"library-more-{name}", icon=":material/expand_more:"):
            st.session_state["library-more"] = (text, {**more, name: count + MORE})
            st.rerun()


def buttons(names: Sequence[str], key: str) -> None:
    """Draw the hidden buttons that open documents, pressed by the titles in a list."""
    with st.container(key=key):
        for name in names:
            st.button(name, key=library_view.key_of(name), on_click=goto, kwargs={"document": name})


def draw_document(opened: Opened, say: Labels) -> None:
    """Draw a document: what it is, its text, what is known of its source, what is related."""
    document = opened.text.document
    st.html(library_view.head_html(opened, say))
    for name, pages in opened.remarks:
        told = say(name)
        st.warning(say("on-pages", remark=told, pages=pages) if pages else told, icon=":material/info:")
    choices(opened, say)
    if opened.beside:
        st.html(library_view.text_html(opened, say))
        left, right = st.columns(2, gap="large")
    else:
        left, right = st.columns([5, 3], gap="large")
        with left:
            st.html(library_view.text_html(opened, say))
    with right:
        st.html(library_view.facts_html(opened, say))
        if opened.file:
            st.download_button(
                say("download"),
                opened.file.read,
                opened.file.name,
                "application/octet-stream",
                icon=":material/download:",
                on_click="ignore",
            )
    with left if opened.beside else right:
        questions(document.questions, say)
        draw_related(opened, say)


def choices(opened: Opened, say: Labels) -> None:
    """Draw the choice of languages, where there is one."""
    if len(opened.languages) < 2:
        return
    shown = opened.text.document.language
    key = f"library-language-{opened.text.document.id}"
    beside = f"library-beside-{opened.text.document.id}-{say.language}"
    st.session_state[key] = shown
    st.session_state[beside] = opened.beside.document.language if opened.beside else ALONE

    def changed() -> None:
        goto(**library.link(state.get_kb().data, opened, st.session_state[key], st.session_state[beside]))

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            say("read-in"),
            opened.languages,
            required=True,
            format_func=library_view.language_name,
            key=key,
            on_change=changed,
        )
        st.selectbox(
            say("beside"),
            [ALONE, *(code for code in opened.languages if code != shown)],
            format_func=lambda code: library_view.language_name(code) if code != ALONE else say("nothing"),
            key=beside,
            on_change=changed,
            width=220,
        )


def questions(asked: Sequence[str], say: Labels) -> None:
    """Draw the questions that a document answers best, as buttons that ask them."""
    if not asked:
        return
    st.html(f'<div class="tillit"><h2>{say("questions")}</h2></div>')
    for place, question in enumerate(asked):
        if st.button(view.plain(question), key=f"library-ask-{place}", wrap=True):
            st.session_state.asked = question
            st.switch_page(state.page("ask"))


def draw_related(opened: Opened, say: Labels) -> None:
    """Draw the documents that are nearest to one."""
    document = opened.text.document
    entries = state.get_kb().related(document.id, say.language)
    if entries:
        st.html(library_view.related_html(document, entries, say))
        buttons([entry.id for entry in entries], "hidden-related")


def main() -> None:
    """Draw the page."""
    say = frame.begin("library")
    place = {part: st.query_params[part] for part in PARTS if part in st.query_params}
    try:
        opened, wrong = library.open_place(state.get_kb().data, place, say.language) if place else (None, None)
        if opened is None:
            st.html(library_view.top_html("list"))
            st.title(Labels("app", say.language)("library"))
            st.caption(say("about"))
        else:
            st.html("<span data-wide></span>")
            st.button(say("all"), icon=":material/arrow_back:", type="tertiary", on_click=goto)
            if opened.at is None:
                st.html(library_view.top_html(opened.text.document.id))
            st.title(view.plain(opened.text.document.title))
        if wrong:
            st.warning(say(wrong))
        if opened:
            draw_document(opened, say)
        else:
            draw_shelves(say)
    except KBError as error:
        st.error(view.plain(str(error)))


main()
