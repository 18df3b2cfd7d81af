"""One turn of the conversation as the page draws it: the question, its answer, and what can be done with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from app import frame, state, view
from app.labels import Labels
from app.source import open_nearest, open_source
from kb.activity import keeping
from kb.activity.records import LONGEST_WORD, Thumb
from kb.answering.wording import label
from kb.errors import KBError
from kb.records import Answer

log = logging.getLogger(__name__)
Turn = tuple[str, Answer | str]
"""A question and its answer, or the sentence of an error."""
LINKED = 5
"""Turns of a conversation that a link asks again at most."""
THUMBS: tuple[Thumb, Thumb] = ("down", "up")
"""As `st.feedback` numbers them."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show_question(question: str, new: bool) -> None:
    """Draw a question; the page goes to one that is `new`."""
    with st.chat_message("user", avatar=":material/person:"):
        st.html(view.question_html(question, new))


def show_answer(place: int, turns: Sequence[Turn], say: Labels, offer: Callable[[Sequence[str], str], None]) -> None:
    """Draw the answer at `place` of a conversation; `offer` draws questions that can be asked instead."""
    result = turns[place][1]
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        if isinstance(result, str):
            st.error(view.plain(result))
            return
        _answer(place, result, say)
        if result.refusal and result.refusal.questions:
            st.caption(label("offers", result.language))
            offer(result.refusal.questions, f"turn-{place}")
        _actions(place, turns, result, say)


@st.fragment
def _answer(place: int, answer: Answer, say: Labels) -> None:
    """Draw an answer with its sources; a number that is pressed opens its source without drawing the rest again."""
    turn = str(place)
    original = state.get_kb().original if st.session_state.get("answer-original") else None
    try:
        body = view.answer_html(answer, turn, original)
    except KBError as error:
        st.error(view.plain(str(error)))
        return
    st.html(f'<div id="answer-{turn}">{body}</div>')
    if answer.sources:
        st.html(view.sources_html(answer, turn))
    citations = view.shown_citations(answer)
    with st.container(key=f"hidden-{turn}"):  # pressed by the numbers in the text
        for number, citation in enumerate(citations):
            if st.button(say("open"), key=view.key_of(turn, number)):
                open_source(citation, [c for s in (*answer.statements, *answer.other_side) for c in s.citations])
        for number, near in enumerate(answer.refusal.nearest if answer.refusal else ()):
            if st.button(say("open"), key=view.near_key(turn, number)):
                open_nearest(near, answer)
    st.html(view.trace_html(answer))
    st.html(view.fingerprint_html(answer, say("fingerprint")))


def _actions(place: int, turns: Sequence[Turn], answer: Answer, say: Labels) -> None:
    """Draw what can be done with an answer: copy it, take it along as a file, link to it, say what it was worth."""
    asked = [(question, result) for question, result in turns[: place + 1] if isinstance(result, Answer)]
    with st.container(horizontal=True, vertical_alignment="center", key=f"actions-{place}"):
        st.html(view.copy_html(f"answer-{place}", say("copy"), say("copied")), width="content")
        with st.popover(say("save"), icon=":material/download:", type="tertiary"):
            _files([(answer.question, answer)], "answer", place, say)
            if len(asked) > 1:
                _files(asked, "conversation", place, say)
        with st.popover(say("link"), icon=":material/link:", type="tertiary"):
            st.caption(say("link-told"))
            questions = [("q", question) for question, _ in asked]
            address = (st.context.url or "").partition("?")[0]
            st.code(f"{address}?{urlencode(questions[-LINKED:])}", language=None, wrap_lines=True)
    if keeping.takes_feedback(state.settings()):
        _feedback(place, [question for question, _ in asked], answer, say)


@st.fragment
def _feedback(place: int, questions: Sequence[str], answer: Answer, say: Labels) -> None:
    """Draw thumbs, beside which stands what is kept; nothing is kept before it is sent."""
    sent = f"feedback-sent-{place}-{answer.fingerprint}-{answer.question}"
    if st.session_state.get(sent):
        st.caption(say("thanks"))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(say("thumbs"), width="content")
        thumb = st.feedback("thumbs", key=f"thumbs-{place}")
    if thumb is None:
        return
    with st.form(f"feedback-{place}", border=False):
        word = st.text_input(say("why"), max_chars=LONGEST_WORD, key=f"why-{place}")
        st.caption(say("kept", days=state.settings().activity_days))
        if not st.form_submit_button(say("send"), key=f"send-{place}"):
            return
    try:
        keeping.send_feedback(state.settings(), answer, questions, THUMBS[thumb], word)
    except KBError as error:  # what is to be done about it is not the visitor's to do
        log.warning("Feedback was not kept: %s", error)
        st.error(say("not-kept"))
        return
    st.session_state[sent] = True
    st.rerun()


def _files(turns: Sequence[tuple[str, Answer]], held: str, place: int, say: Labels) -> None:
    """Draw the buttons that make files of some turns, named by what is `held`; a file is made when one is pressed."""
    language, today = frame.language(), date.today().isoformat()

    def word() -> bytes:
        from app.export import conversation

        return conversation.word(turns, language, today)

    def markdown() -> str:
        from app.export import conversation

        return conversation.markdown(turns, language, today)

    name, key = f"tillit-{today}", f"{held}-{place}"
    st.download_button(say(f"{held}-word"), word, f"{name}.docx", WORD, key=f"word-{key}", on_click="ignore")
    st.download_button(
        say(f"{held}-markdown"), markdown, f"{name}.md", "text/markdown", key=f"md-{key}", on_click="ignore"
    )
