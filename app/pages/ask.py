"""The chat: ask, read the answer with its citations, check each source."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import state, view
from kb.answering.wording import label
from kb.errors import KBError
from kb.records import Answer
from kb.vocabulary import COUNTRIES, EVIDENCES, KINDS, LANGUAGE_NAMES, LANGUAGES, SECTORS, STANCES, THEMES

SUGGESTIONS = 1
CHOICES = {
    "kind": ("Kind", KINDS),
    "country": ("Country", COUNTRIES),
    "sector": ("Sector", SECTORS),
    "theme": ("Theme", THEMES),
    "evidence": ("Evidence", EVIDENCES),
    "stance": ("Stance", STANCES),
}


def sidebar() -> tuple[dict[str, object], str | None]:
    """Draw the filters and how answers are shown; return them and the language to answer in (None: the question's)."""
    with st.sidebar:
        st.subheader("Filters")
        filters: dict[str, object] = {
            name: st.multiselect(label, values, key=f"filter-{name}", persist_state="session")
            for name, (label, values) in CHOICES.items()
        }
        years = state.years()
        first, last = st.slider("Years", *years, years, key="filter-year-{}-{}".format(*years), persist_state="session")
        if (first, last) != years:
            filters["year"] = {"from": first, "to": last}
        st.subheader("Answer in")
        language = st.selectbox(
            "Language of the answer",
            [None, *LANGUAGES],
            format_func=lambda code: LANGUAGE_NAMES[code] if code else "the question's language",
            label_visibility="collapsed",
            key="answer-language",
            persist_state="session",
        )
        st.toggle("Show the original beside the translation", key="answer-original", persist_state="session")
    return {name: value for name, value in filters.items() if value}, language


def show_answer(answer: Answer, key: str) -> None:
    """Draw an answer with its sources, or a refusal with questions that can be answered."""
    original = state.get_kb().original if st.session_state["answer-original"] else None
    st.html(view.answer_html(answer, original))
    cited = [citation for s in (*answer.statements, *answer.other_side) for citation in s.citations]
    for (document_id, language), number in view.source_numbers(answer).items():
        found = state.get_kb().document(document_id, language)
        quotes = [c for c in cited if (c.document_id, c.language) == (document_id, language)]
        source = next(s for s in answer.sources if (s.id, s.language) == (document_id, language))
        if found and found[0].sha256 == source.sha256:
            st.html(view.card_html(number, source, found[1], quotes, answer.language))
    if answer.refusal and answer.refusal.questions:
        st.caption(label("offers", answer.language))
        offer(answer.refusal.questions, key)
    st.html(view.trace_html(answer))
    st.html(view.fingerprint_html(answer))


def suggest() -> None:
    """Draw questions to begin with, one in each language."""
    try:
        offered = [question for code in LANGUAGES for question in state.suggestions(code, SUGGESTIONS)]
    except KBError as error:
        st.error(view.plain(str(error)))
        return
    st.caption("For instance:")
    offer(offered, "suggestion")


def offer(questions: Sequence[str], key: str) -> None:
    """Draw questions as buttons that ask them."""
    for place, question in enumerate(questions):
        if st.button(view.plain(question), key=f"{key}-{place}"):
            st.session_state.asked = question
            st.rerun()


def show_turn(place: int, question: str, result: Answer | str) -> None:
    """Draw turn `place` of the conversation; a string is an error's sentence."""
    with st.chat_message("user", avatar=":material/person:"):
        st.html(view.question_html(question))
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        if isinstance(result, str):
            st.error(view.plain(result))
        else:
            show_answer(result, key=f"turn-{place}")


def ask(question: str, filters: dict[str, object], language: str | None) -> Answer | str:
    """Return the answer to a question after the turns before it, or an error's sentence."""
    turns = [asked for asked, result in st.session_state.turns if isinstance(result, Answer)]
    try:
        return state.get_kb().ask(*turns, question, answer_language=language, filters=filters)
    except KBError as error:
        return str(error)


def main() -> None:
    """Draw the page."""
    st.html(view.STYLE)
    st.title("Tillit")
    st.caption("Cited answers on trust reform in the public sector. Ask in Danish, Norwegian, Swedish or English.")
    st.session_state.setdefault("turns", [])
    filters, language = sidebar()
    question = st.chat_input("Ask a question") or st.session_state.pop("asked", None)
    if not st.session_state.turns and not question:
        suggest()
    for place, (asked, result) in enumerate(st.session_state.turns):
        show_turn(place, asked, result)
    if question:
        with st.spinner("Searching …"):
            result = ask(question, filters, language)
        st.session_state.turns.append((question, result))
        st.rerun()
    if st.session_state.turns and st.sidebar.button("New conversation"):
        st.session_state.turns = []
        st.rerun()


main()
