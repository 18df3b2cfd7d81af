"""The cases for consultants: search, narrow down by facets with counts, look closer, put on a shortlist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from app import case_view, charts, facets, frame, shortlist, state, view
from app.case_search import Search, current_search
from app.cases import ORDERS, Case, citation_at, current_cases, narrowed, ordered
from app.labels import Labels
from app.source import open_source
from kb.answering.wording import searched
from kb.errors import KBError

SHOWN = 12  # cards that are drawn at first, and more on each request; a string here would be drawn too
VIEWS = ("results", "charts", "shortlist")


def results(found: Sequence[Case], asked: object, search: Search, say: Labels) -> None:
    """Draw cards, the first of them where there are many; `asked` is what they were found by."""
    kept, count = st.session_state.get("cases-shown", (None, SHOWN))
    count = count if kept == asked else SHOWN
    for case in found[:count]:
        with st.container(border=True):
            st.html(case_view.card_html(case, search, say))
            with st.container(horizontal=True):
                if st.button(say("open"), key=f"open-{case.id}", icon=":material/menu_book:"):
                    open_source(citation_at(case))
                shortlist.star(case, say)
    rest = min(len(found) - count, SHOWN)
    if rest > 0 and st.button(say("more", n=rest), key="cases-more", icon=":material/expand_more:"):
        st.session_state["cases-shown"] = (asked, count + SHOWN)
        st.rerun()


def overview(found: Sequence[Case], say: Labels) -> None:
    """Draw when and where what was found comes from, as charts and as tables."""
    heading(say("timeline"))
    names = Labels("app", say.language)
    facet = st.segmented_control(
        say("stacked"), charts.STACKED, default="country", required=True, format_func=names, key="cases-stacked"
    )
    counts = charts.by_year(found, facet)
    st.vega_lite_chart(charts.timeline(counts, facet, say))
    st.html(charts.timeline_table(counts, say))
    for column, name in zip(st.columns(2), ("country", "sector"), strict=True):
        with column:
            heading(say(f"{name}-bars"))
            if name == "sector":
                st.caption(say("several"))
            amounts = Counter(of for case in found for of in case.entry.values(name))
            st.vega_lite_chart(charts.bars(amounts, name, say))
            st.html(charts.bars_table(amounts, name, say))


def heading(text: str) -> None:
    """Draw the heading of a part of the overview."""
    st.html(f'<div class="tillit case"><h3>{text}</h3></div>')


def main() -> None:
    """Draw the page."""
    say = frame.begin("cases")
    st.html("<span data-wide></span>")
    st.title(Labels("app", say.language)("cases"))
    st.caption(say("about"))
    shown = st.segmented_control(
        say("view"),
        VIEWS,
        default="results",
        required=True,
        format_func=say,
        key="cases-view",
        label_visibility="collapsed",
        persist_state="session",
    )
    try:
        every = current_cases(state.get_kb(), say.language)
        if shown == "shortlist":
            shortlist.draw(every, say)
            return
        text = st.text_input(
            say("search"), placeholder=say("hint"), key="cases-text", icon=":material/search:", persist_state="session"
        )
        search = current_search(state.get_kb(), text, say.language)
    except KBError as error:
        st.error(view.plain(str(error)))
        return
    matching = search.found(every.values())
    filters = facets.sidebar(list(every.values()), matching, say)
    found = narrowed(matching, filters)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        header(len(found), len(every), search, say)
    facets.active(filters, say)
    if not found:
        st.info(say("none-exact" if search.phrases else "none"))
    elif shown == "charts":
        overview(found, say)
    else:
        with right:
            by = chosen_order(search, say)
        asked = (text, by, filters.year_from, filters.year_to, tuple(filters.values.items()))
        results(ordered(found, by, say.language, search.scores), asked, search, say)


def header(count: int, total: int, search: Search, say: Labels) -> None:
    """Draw how much was found and what else was searched for."""
    listed = len(shortlist.listed())
    st.html(f'<div class="tillit"><h2>{say("count", n=count, total=total)}</h2></div>')
    told = [say("listed", n=listed)] if listed else []
    if search.understanding:
        told += searched(search.understanding.mended, (), say.language)
    for line in told:
        st.caption(view.plain(line))


def chosen_order(search: Search, say: Labels) -> str:
    """Draw the choice of an order, by relevance only after a search; return it."""
    offered = ORDERS if search.understanding else ORDERS[1:]
    kept = f"cases-by-{len(offered)}"
    order = st.selectbox(
        say("order"),
        offered,
        offered.index(st.session_state.get(kept, offered[0])),
        format_func=lambda by: say(f"by-{by}"),
        key=f"cases-order-{say.language}-{len(offered)}",  # a choice is known by its words, which differ by language
    )
    st.session_state[kept] = order
    return order


main()
