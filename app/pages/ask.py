"""The chat: ask, read the answer with its citations, check each source."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import frame, state, view
from app.labels import Labels, value
from app.turn import LINKED, show_turn
from kb.activity import keeping
from kb.errors import KBError
from kb.records import Answer
from kb.vocabulary import COUNTRIES, EVIDENCES, KINDS, LANGUAGES, SECTORS, STANCES, THEMES

SUGGESTIONS = 4
CHOICES = {
    "kind": KINDS,
    "country": COUNTRIES,
    "sector": SECTORS,
    "theme": THEMES,
    "evidence": EVIDENCES,
    "stance": STANCES,
}


def sidebar(say: Labels) -> tuple[dict[str, object], str | None]:
    """Draw the filters and how answers are shown; return them and the language to answer in (None: the question's)."""
    named = Labels("app", say.language)
    with st.sidebar:
        language = st.selectbox(
            say("answer-in"),
            [None, *LANGUAGES],
            format_func=lambda code: value(code, say.language) if code else say("as-asked"),
            key="answer-language",
            persist_state="session",
        )
        st.toggle(say("original"), key="answer-original", persist_state="session")
        with st.expander(say("narrow"), icon=":material/filter_alt:"):
            filters: dict[str, object] = {
                name: st.multiselect(
                    named(name),
                    values,
                    format_func=lambda each: value(each, say.language),
                    key=f"filter-{name}",
                    placeholder=say("any"),
                    persist_state="session",
                )
                for name, values in CHOICES.items()
            }
            years = state.years()
            key = "filter-year-{}-{}".format(*years)
            first, last = st.slider(named("years"), *years, years, key=key, persist_state="session")
        if (first, last) != years:
            filters["year"] = {"from": first, "to": last}
    return {name: chosen for name, chosen in filters.items() if chosen}, language


def suggest(say: Labels) -> None:
    """Draw questions to begin with, which the knowledge base answers."""
    try:
        offered = state.suggestions(say.language, SUGGESTIONS)
    except KBError as error:
        st.error(view.plain(str(error)))
        return
    st.caption(say("instance"))
    offer(offered, "suggestion")


def offer(questions: Sequence[str], key: str) -> None:
    """Draw questions as buttons that ask them."""
    for place, question in enumerate(questions):
        if st.button(view.plain(question), key=f"{key}-{place}"):
            st.session_state.asked = question
            st.rerun()


def ask(question: str, filters: dict[str, object], language: str | None) -> Answer | str:
    """Return the answer to a question after the turns before it, or an error's sentence."""
    turns = [asked for asked, result in st.session_state.turns if isinstance(result, Answer)]
    keeping.purge_daily(state.settings())
    try:
        answer = state.get_kb().ask(*turns, question, answer_language=language, filters=filters)
    except KBError as error:
        return str(error)
    keeping.note_refusal(state.settings(), answer)
    return answer


def next_questions(say: Labels) -> list[str]:
    """Return what is to be asked now: what was typed or pressed, or, on a new visit, what the link asks."""
    typed = st.chat_input(say("ask"), key="question") or st.session_state.pop("asked", None)
    linked = [] if "linked" in st.session_state else st.query_params.get_all("q")
    st.session_state.linked = True
    return [typed] if typed else linked[:LINKED]


def main() -> None:
    """Draw the page."""
    say = frame.begin("ask")
    st.title("Tillit")
    st.caption(say("about"))
    st.session_state.setdefault("turns", [])
    filters, language = sidebar(say)
    asked = next_questions(say)
    if not st.session_state.turns and not asked:
        suggest(say)
    conversation = st.container()  # what is asked now is added to it, without drawing what stands there again
    for place in range(len(st.session_state.turns)):
        with conversation:
            show_turn(place, st.session_state.turns, say, offer)
    for question in asked:
        with st.spinner(say("searching")):
            st.session_state.turns.append((question, ask(question, filters, language)))
        with conversation:
            show_turn(len(st.session_state.turns) - 1, st.session_state.turns, say, offer)
    if st.session_state.turns and st.sidebar.button(say("new"), icon=":material/add_comment:"):
        st.session_state.turns = []
        st.query_params.pop("q", None)
        st.rerun()


main()
