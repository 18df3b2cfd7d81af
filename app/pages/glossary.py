"""The glossary: search a word of the field, read what it means and what it is in the other languages."""

from __future__ import annotations

import streamlit as st

from app import concepts, frame, view
from kb.errors import KBError
from kb.words import glossary
from kb.words.wording import label

SHOWN = 30  # concepts that are drawn at first; a string here would be drawn too


def main() -> None:
    """Draw the page."""
    language = frame.begin("app").language
    st.title(label("title", language))
    st.caption(label("about", language))
    text = st.text_input(label("search", language), key="glossary-text").strip()
    try:
        every = glossary.load_glossary()
    except KBError as error:
        st.error(view.plain(str(error)))
        return
    show(every.search(text, language), len(every.concepts), text, language)


def show(found: tuple[glossary.Concept, ...], count: int, text: str, language: str) -> None:
    """Draw what was found, the first of it where it is much."""
    if not found:
        st.write(view.plain(label("none", language).format(text)))
        return
    st.caption(label("count", language).format(len(found), count))
    whole = len(found) <= SHOWN or st.session_state.get("glossary-all") == text
    st.html("".join(concepts.concept_html(concept, language) for concept in (found if whole else found[:SHOWN])))
    if not whole and st.button(label("all", language)):
        st.session_state["glossary-all"] = text
        st.rerun()


main()
