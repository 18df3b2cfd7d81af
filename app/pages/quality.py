"""How good the answers are, what visitors thought of them, and what the documents lack."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import frame, quality, quality_view, state, view
from app.labels import Labels
from kb.activity import store
from kb.activity.gaps import clusters
from kb.activity.keeping import takes_feedback
from kb.activity.records import Entry, Feedback, Refused
from kb.errors import KBError

SHOWN = 20  # entries and matters that are drawn, the newest and the most frequent; a string here would be drawn too


@st.fragment
def parts(run: quality.Run, say: Labels) -> None:
    """Draw one measure by the type and the language of the questions."""
    measure = st.segmented_control(
        say("measure"), tuple(quality.MEASURES), default="facts", required=True, format_func=say, key="quality-measure"
    )
    st.caption(say("measure-about"))
    for by, head in (("type", "kind-of-question"), ("language", "asked-in")):
        found = quality.slices(run, measure, "type" if by == "type" else "language")
        if len(found) > 1:
            st.html(quality_view.bars(found, say(head), say))


def measurement(runs: quality.Runs, index: str, say: Labels) -> None:
    """Draw the figures of the latest measurement, what changed, what failed, and the trend."""
    run = runs.latest
    st.html(quality_view.measured(run, index, len(run.baseline.right), say))
    st.html(quality_view.cards(run, say))
    st.caption(say("range-about"))
    for name in runs.broken:
        st.warning(say("broken", file=view.plain(name)))
    if run.day:
        st.html(quality_view.heading(say("compared"), say))
        st.html(quality_view.compared(runs, say))
    st.html(quality_view.heading(say("parts"), say))
    parts(run, say)
    failed = run.failures()
    st.html(quality_view.heading(say("failed", n=failed.total(), total=len(run.baseline.right)), say))
    st.html(quality_view.failures(failed, say))
    st.html(quality_view.heading(say("trend"), say))
    chosen = runs.trend()
    if len(chosen) > 1:
        st.vega_lite_chart(quality_view.trend(chosen, say))
        st.html(quality_view.trend_table(chosen, say))
    st.caption(say("measure-again"))


def feedback(kept: list[Entry], days: int, say: Labels) -> None:
    """Draw what visitors sent by thumbs."""
    sent = [entry.what.thumb for entry in kept if isinstance(entry.what, Feedback)]
    if not sent:
        st.write(say("no-feedback", days=days))
        return
    st.write(say("thumbs", up=sent.count("up"), down=sent.count("down"), days=days))
    st.html(quality_view.thumbs(kept, SHOWN, say))


def gaps(kept: list[Entry], days: int, say: Labels) -> None:
    """Draw what refused questions ask for."""
    refused = [entry.what for entry in kept if isinstance(entry.what, Refused)]
    if not refused:
        st.write(say("no-refused", days=days))
        return
    found = clusters(refused, state.get_kb().embedder)
    st.write(say("gaps-about", n=len(refused), matters=len(found), days=days))
    st.html(quality_view.gaps(found, SHOWN, say))


def left_behind(say: Labels) -> None:
    """Draw what visitors left behind, as far as the setting keeps it, for those who may see it."""
    settings = state.settings()
    keeps: tuple[tuple[str, bool, str, Callable[[list[Entry], int, Labels], None]], ...] = (
        ("feedback", takes_feedback(settings), "feedback-off", feedback),
        ("gaps", settings.activity == "refused", "refused-off", gaps),
    )
    may = state.may_maintain()
    kept = store.entries(settings.data, settings.activity_days) if may and takes_feedback(settings) else []
    for name, on, off, draw in keeps:
        st.html(quality_view.heading(say(name), say))
        if not on:
            st.write(say(off))
        elif not may:
            st.write(say("not-you"))
        else:
            draw(kept, settings.activity_days, say)
    if kept:
        st.caption(say("taken-along"))


def main() -> None:
    """Draw the page."""
    say = frame.begin("quality")
    st.title(Labels("app", say.language)("quality"))
    st.caption(say("intro"))
    try:
        index = state.get_kb().status().index
        measurement(quality.runs(state.settings().data), index, say)
        left_behind(say)
    except KBError as error:
        st.error(view.plain(str(error)))


main()
