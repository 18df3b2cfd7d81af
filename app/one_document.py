"""A conversation that keeps to one document: begun beside the document, told on the page Ask, widened there again."""

from __future__ import annotations

import streamlit as st

from app import state, view
from app.labels import Labels
from kb.errors import KBError
from kb.retrieval.snapshot import in_language

KEY = "only-document"


def ask(document_id: str, question: str) -> None:
    """Begin a new conversation that keeps to a document, with its first question."""
    st.session_state.turns = []
    st.session_state[KEY] = document_id
    st.session_state.asked = question
    st.switch_page(state.page("ask"))


def widen() -> None:
    """Let the conversation go on over all documents."""
    st.session_state.pop(KEY, None)


def narrowed(filters: dict[str, object]) -> dict[str, object]:
    """Return the filters of the conversation: where it keeps to a document, that document alone."""
    chosen = st.session_state.get(KEY)
    return {"document": chosen} if chosen else filters


def told(language: str) -> None:
    """Draw to which document the conversation keeps, if it does, and the way to all documents."""
    if KEY not in st.session_state:
        return
    say, chosen = Labels("documents", language), st.session_state[KEY]
    try:
        texts = {each.language: each for each in state.get_kb().entries() if each.id == chosen}
    except KBError:  # the answer tells of it
        return
    if not texts:  # removed meanwhile
        widen()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(view.plain(say("only-in", title=in_language(texts, language).title)), width="content")
        st.button(say("everywhere"), key="everywhere", icon=":material/close:", type="tertiary", on_click=widen)
