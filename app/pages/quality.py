"""How good the answers are, what visitors thought of them, and what the documents lack."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from app import frame, quality, quality_view, state, view
from app.labels import Labels
from kb.activity import store
from kb.activity.gaps import clusters, unanswered
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


def measurement(say: Labels) -> None:
    """Draw the figures of the latest measurement, what changed, what failed, and the trend."""
    runs, status = quality.runs(state.settings().data), state.get_kb().status()
    run = runs.latest
    st.html(quality_view.measured(run, status, len(run.baseline.right), say))
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


def feedback(kept: list[Entry], say: Labels) -> None:
    """Draw what visitors sent by thumbs."""
    days = state.settings().activity_days
    sent = [entry for entry in kept if isinstance(entry.what, Feedback)]
    if not takes_feedback(state.settings()):
        st.write(f"{say('feedback-off')} {quality_view.left_over(sent, days, say)}")
        return
    thumbs = Counter(entry.what.thumb for entry in sent if isinstance(entry.what, Feedback))
    st.write(say("thumbs", **{"up": 0, "down": 0, **thumbs}, days=days) if sent else say("no-feedback", days=days))
    st.html(quality_view.thumbs(sent, SHOWN, say))


def gaps(kept: list[Entry], say: Labels) -> None:
    """Draw what refused questions ask for, as far as the setting keeps them."""
    days, keeps = state.settings().activity_days, state.settings().activity
    if keeps != "refused":
        refused = [entry for entry in kept if isinstance(entry.what, Refused)]
        st.write(f"{say('refused-off')} {quality_view.left_over(refused, days, say)}")
        kept = [entry for entry in kept if entry not in refused] if keeps == "feedback" else []
    asked = unanswered(kept)
    found = clusters(asked, state.get_kb().embedder)
    if found:
        told = "gaps-about" if keeps == "refused" else "from-thumbs"
        st.write(say(told, n=len(asked), matters=len(found), days=days))
        st.html(quality_view.gaps(found, SHOWN, say))
    elif keeps == "refused":
        st.write(say("no-refused", days=days))


def visitors(kept: list[Entry], say: Labels) -> None:
    """Draw what visitors left behind."""
    for name, draw in (("gaps", gaps), ("feedback", feedback)):
        st.html(quality_view.heading(say(name), say))
        draw(kept, say)
    if kept:
        st.caption(say("taken-along"))


def closed(say: Labels) -> None:
    """Draw that others may see what visitors left behind, and the way to sign in."""
    st.html(quality_view.heading(say("visitors"), say))
    st.write(say("not-you" if takes_feedback(state.settings()) else "feedback-off"))
    if state.signs_in():
        label = Labels("documents", say.language)("sign-in")
        st.page_link(state.page("documents"), label=label, icon=":material/login:")


def kept_entries() -> list[Entry]:
    """Return what visitors left behind; draw why that cannot be read."""
    settings = state.settings()
    try:
        return store.entries(settings.data, settings.activity_days)
    except KBError as error:
        st.error(view.plain(str(error)))
        return []


def main() -> None:
    """Draw the page."""
    say = frame.begin("quality")
    st.title(Labels("app", say.language)("quality"))
    st.caption(say("intro"))
    try:
        if not state.may_maintain():
            measurement(say)
            closed(say)
            return
        kept = kept_entries()
        shown = say("visitors" if kept else "figures")
        left, measured = st.tabs([say("visitors"), say("figures")], default=shown, key="quality-parts")
        with left:
            visitors(kept, say)
        with measured:
            measurement(say)
    except KBError as error:
        st.error(view.plain(str(error)))


main()
