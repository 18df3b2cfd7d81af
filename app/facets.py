"""The facets of the cases as the page draws them: boxes with counts in the sidebar, and what is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from app import state, view
from app.cases import FACETS, Case, facet_counts, facet_values, narrowed
from app.labels import Labels, value
from kb.retrieval.filters import Filters

OPEN = ("kind", "country", "sector")
"""Facets that are seen at first; the others are folded."""


def key_of(name: str, of: str) -> str:
    """Return the key of the box that narrows down by a value of a facet."""
    return f"cases-{name}-{of}"


def _chosen(options: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return what is chosen of each facet, kept while other pages are looked at; at first cases alone."""
    before = st.session_state.get("cases-chosen", {"kind": ("case",)})
    for name, values in options.items():
        for of in values:
            st.session_state.setdefault(key_of(name, of), of in before.get(name, ()))
    chosen = {name: tuple(of for of in options[name] if st.session_state[key_of(name, of)]) for name in options}
    st.session_state["cases-chosen"] = {name: values for name, values in chosen.items() if values}
    return dict(st.session_state["cases-chosen"])


def _clear(keys: Sequence[str]) -> None:
    """Take filters away."""
    for key in keys:
        st.session_state[key] = False


def sidebar(every: Sequence[Case], found: Sequence[Case], say: Labels) -> Filters:
    """Draw the facets with their counts among what the search found; return the filters that they set."""
    named = Labels("app", say.language)
    options = facet_values(every)
    with st.sidebar:
        st.caption(say("filters"))
        boxes = st.container()
        years = state.years()
        key = "cases-year-{}-{}".format(*years)
        first, last = st.slider(named("years"), *years, years, key=key, persist_state="session")
    span = (first, last) if (first, last) != years else (None, None)
    filters = Filters(_chosen(options), *span)
    if span != (None, None):
        yearless = sum(case.document.year is None for case in narrowed(found, Filters(filters.values)))
        st.sidebar.caption(say("yearless", n=yearless))
    counts = facet_counts(found, filters)
    with boxes:
        for name in FACETS:
            with st.expander(named(name), expanded=name in OPEN), st.container(gap="xxsmall"):
                _boxes(name, options[name], counts[name], say)
    return filters


def _boxes(name: str, values: Sequence[str], counts: Counter[str], say: Labels) -> None:
    """Draw a facet: a box for each value that some case has or that is chosen."""
    for of in values:
        key = key_of(name, of)
        if counts[of] or st.session_state[key]:
            st.checkbox(f"{view.plain(value(of, say.language))} ({counts[of]})", key=key)


def active(filters: Filters, say: Labels) -> None:
    """Draw what is chosen as buttons that take it away, beside the results, since a phone hides the sidebar."""
    chosen = [(name, of) for name, values in filters.values.items() for of in values]
    with st.container(horizontal=True, key="cases-active"):
        for name, of in chosen:
            word = view.plain(value(of, say.language))
            told = say("drop", value=value(of, say.language))
            st.button(
                word,
                key=f"drop-{name}-{of}",
                icon=":material/close:",
                help=view.plain(told),
                on_click=_clear,
                args=([key_of(name, of)],),
            )
        if len(chosen) > 1:
            every = [key_of(name, of) for name, of in chosen]
            st.button(say("clear"), key="cases-clear", type="tertiary", on_click=_clear, args=(every,))
