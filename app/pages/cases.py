"""The cases for consultants: search, narrow down by facets with counts, look closer, put on a shortlist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from app import case_link, case_view, charts, facets, frame, shortlist, state, view
from app.case_link import Look
from app.case_search import Search, current_search
from app.cases import ORDERS, Case, Narrowing, citation_at, current_cases, facet_values, narrowed, ordered
from app.labels import Labels
from app.source import open_source
from kb.answering.wording import searched
from kb.errors import KBError

SHOWN = 12  # cards that are drawn at first, and more on each request; a string here would be drawn too
LINK = "cases-link"  # where the session keeps the address that was set last


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
    try:
        every = current_cases(state.get_kb(), say.language)
        options = facet_values(every.values())
        look = followed(every, options)
        shown = choose_view(say)
        if shown == "shortlist":
            shortlist.draw(every, look.narrowing, say)
            return
        text = st.text_input(
            say("search"), placeholder=say("hint"), key="cases-text", icon=":material/search:", persist_state="session"
        )
        search = current_search(state.get_kb(), text, say.language)
    except KBError as error:
        st.error(view.plain(str(error)))
        return
    matching = search.found(every.values())
    facets.sidebar(look.narrowing, options, matching, say)
    found = narrowed(matching, look.narrowing)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        header(len(found), every.values(), look.narrowing, search, say)
    facets.active(look.narrowing, say)
    if not found:
        st.info(say("none-exact" if search.phrases else "none"))
    elif shown == "charts":
        overview(found, say)
    else:
        with right:
            by = chosen_order(search, say)
        results(ordered(found, by, say.language, search.scores), (by, case_link.written(look)), search, say)


def followed(every: Mapping[str, Case], options: Mapping[str, Sequence[str]]) -> Look:
    """Return what is looked at, and set the address to it; where the address was changed, what that asks for.

    The visitor changed it who begins with it, or who went back to it and pressed nothing else.
    """
    drawn = st.session_state
    given = {name: st.query_params.get_all(name) for name in case_link.PARTS if name in st.query_params}
    look, before = looked_at(options), drawn.get(LINK)
    if before is None or (given and given != before == case_link.written(look)):
        look = case_link.read(given, options, state.years(), every)
        facets.put(look.narrowing, options)
        drawn["cases-text"], drawn["cases-view"], drawn[shortlist.KEY] = look.text, look.view, list(look.listed)
    drawn[LINK] = case_link.written(look)
    spoken = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
    if {name: st.query_params.get_all(name) for name in st.query_params if name not in spoken} != drawn[LINK]:
        st.query_params.from_dict({**spoken, **drawn[LINK]})
    return look


def looked_at(options: Mapping[str, Sequence[str]]) -> Look:
    """Return what is looked at, as the session knows it."""
    drawn = st.session_state
    text, shown = drawn.get("cases-text", ""), drawn.get("cases-view") or case_link.VIEWS[0]
    return Look(text, facets.current(options), shown, tuple(shortlist.listed()))


def choose_view(say: Labels) -> str:
    """Draw the choice of what is shown; the shortlist's number is drawn by the style, since options stay the same."""
    listed = len(shortlist.listed())
    count = f'.st-key-cases-view button:last-of-type::after {{ content: " ({listed})"; white-space: pre; }}'
    st.html(f"<style>{count if listed else ''}</style>")
    shown = st.segmented_control(
        say("view"),
        case_link.VIEWS,
        required=True,
        format_func=say,
        key="cases-view",
        label_visibility="collapsed",
        persist_state="session",
    )
    return shown or case_link.VIEWS[0]


def header(count: int, every: Collection[Case], narrowing: Narrowing, search: Search, say: Labels) -> None:
    """Draw how much was found, of how many cases where cases alone are looked at, and what else was searched for."""
    alone = narrowing.wanted.values.get("kind") == ("case",)
    total = sum(case.document.kind == "case" for case in every) if alone else len(every)
    st.html(f'<div class="tillit"><h2>{say("count-cases" if alone else "count", n=count, total=total)}</h2></div>')
    if search.understanding:
        for line in searched(search.understanding.mended, (), say.language):
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
