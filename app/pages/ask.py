"""The chat: ask, read the answer with its citations, check each source."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from app import frame, one_document, state, view
from app.labels import Labels, value
from app.turn import LINKED, show_answer, show_question
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
            ["", *LANGUAGES],
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
    return {name: chosen for name, chosen in filters.items() if chosen}, language or None


def suggest(say: Labels) -> None:
    """Draw questions to begin with, which the knowledge base answers."""
    try:
        offered = state.suggestions(say.language, SUGGESTIONS)
    except KBError as error:
        st.error(view.plain(str(error)))
        return
    kept = "forget" if st.session_state.get("begun-anew") else "again"  # what the browser's tab has of a visit before
    st.html(f'<p class="tillit" id="{kept}" hidden><a href="?">{escape(say("again"))}</a></p>')
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
        answer = state.get_kb().ask(
            *turns, question, spoken=frame.language(), answer_language=language, filters=filters
        )
    except KBError as error:
        return str(error)
    keeping.note_refusal(state.settings(), answer)
    return answer


def next_questions(say: Labels) -> tuple[list[str], bool]:
    """Return what is to be asked now and whether it was typed or pressed; on a new visit it is what the link asks.

    A link's questions leave the address once they are asked, where whoever looks at the screen could read them.
    """
    with st.container(key="asking"):
        one_document.told(say.language)
        typed = st.chat_input(say("ask"), key="question") or st.session_state.pop("asked", None)
        if state.settings().activity == "refused":
            st.caption(say("questions-kept", days=state.settings().activity_days))
    linked = [] if "linked" in st.session_state else st.query_params.get_all("q")
    st.session_state.linked = True
    if linked:
        st.query_params.pop("q")
    return ([typed], True) if typed else (linked[:LINKED], False)


def draw_turns(asked: Sequence[str], new: bool, chosen: tuple[dict[str, object], str | None], say: Labels) -> None:
    """Draw the conversation, then ask what is to be asked; the page goes to a question that is `new`."""
    turns = st.session_state.turns
    told = [question for question, _ in turns]
    for place, question in enumerate([*told, *asked]):
        with st.container(key=f"turn-{place}"):
            show_question(question, new=new and place >= len(told))
            if place >= len(told):
                with st.spinner(say("searching")):
                    turns.append((question, ask(question, *chosen)))
            show_answer(place, turns, say, offer)


def main() -> None:
    """Draw the page."""
    say = frame.begin("ask")
    st.title("Tillit")
    st.caption(say("about"))
    st.session_state.setdefault("turns", [])
    filters, language = sidebar(say)
    conversation, below = st.container(key="conversation"), st.container()
    asked, new = next_questions(say)
    with conversation:
        if st.session_state.turns or asked:
            draw_turns(asked, new, (one_document.narrowed(filters), language), say)
        else:
            suggest(say)
    if st.session_state.turns and below.button(say("new"), icon=":material/add_comment:", type="tertiary", key="new"):
        st.session_state.turns = []
        one_document.widen()
        st.session_state["begun-anew"] = True
        st.rerun()


main()
