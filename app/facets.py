"""The facets of the cases as the page draws them: boxes with counts in the sidebar, and what is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from app import state, view
from app.case_view import narrowed_to, years_told
from app.cases import CASES_ALONE, FACETS, Case, Narrowing, facet_counts, narrowed
from app.labels import Labels, value
from app.library_view import MEANING
from kb.retrieval.filters import Filters

OPEN = ("kind", "country", "sector")
"""Facets that are seen at first; the others are folded unless something of them is chosen."""
KEPT = "cases-narrowed"
"""Where the session keeps what is chosen while the boxes are not drawn."""
_UNFOLDED = "cases-unfolded"


def key_of(name: str, of: str) -> str:
    """Return the key of the box that narrows down by a value of a facet."""
    return f"cases-{name}-{of}"


def but_key(name: str) -> str:
    """Return the key of the switch that leaves out what is chosen of a facet."""
    return f"cases-but-{name}"


def _year_key() -> str:
    return "cases-year-{}-{}".format(*state.years())


def put(narrowing: Narrowing, options: Mapping[str, Sequence[str]]) -> None:
    """Set what is chosen, before anything is drawn."""
    st.session_state[KEPT] = narrowing
    wanted, unwanted = narrowing.wanted, narrowing.unwanted
    for name, values in options.items():
        chosen = (*wanted.values.get(name, ()), *unwanted.get(name, ()))
        for of in values:
            st.session_state[key_of(name, of)] = of in chosen
        st.session_state[but_key(name)] = name in unwanted
    first, last = state.years()
    st.session_state[_year_key()] = (wanted.year_from or first, wanted.year_to or last)
    st.session_state[_UNFOLDED] = {*OPEN, *wanted.values, *unwanted}


def current(options: Mapping[str, Sequence[str]]) -> Narrowing:
    """Return what is chosen, kept while the boxes are not drawn; at first cases alone."""
    drawn = st.session_state
    kept: Narrowing = drawn.setdefault(KEPT, CASES_ALONE)
    if _year_key() not in drawn:
        return kept
    chosen = {name: tuple(of for of in values if drawn.get(key_of(name, of))) for name, values in options.items()}
    chosen = {name: values for name, values in chosen.items() if values}
    but = [name for name in chosen if drawn.get(but_key(name))]
    years = state.years()
    span = [year if year != limit else None for year, limit in zip(drawn[_year_key()], years, strict=True)]
    wanted = Filters({name: values for name, values in chosen.items() if name not in but}, *span)
    narrowing = Narrowing(wanted, {name: chosen[name] for name in but})
    drawn[KEPT] = narrowing
    return narrowing


def sidebar(narrowing: Narrowing, options: Mapping[str, Sequence[str]], found: Sequence[Case], say: Labels) -> None:
    """Draw the facets with their counts among what the search found."""
    if _year_key() not in st.session_state:
        put(narrowing, options)
    named = Labels("app", say.language)
    counts = facet_counts(found, narrowing)
    unfolded = st.session_state[_UNFOLDED]
    with st.sidebar:
        st.caption(say("filters"))
        for name in FACETS:
            with st.expander(named(name), expanded=name in unfolded), st.container(gap="xxsmall"):
                if name in ("evidence", "stance"):
                    st.caption(say(f"{name}-about"), help=_meanings(options[name], say.language))
                _boxes(name, options[name], counts[name], say)
                st.toggle(say("but"), key=but_key(name))
        st.slider(say("years"), *state.years(), key=_year_key())
        if narrowing.wanted.year_from or narrowing.wanted.year_to:
            whenever = Narrowing(Filters(narrowing.wanted.values), narrowing.unwanted)
            yearless = sum(case.document.year is None for case in narrowed(found, whenever))
            st.caption(say("yearless", n=yearless))


def _meanings(values: Sequence[str], language: str) -> str:
    """Return what the values of a facet mean, as a list in Markdown."""
    say = Labels("library", language)
    known = [of for of in values if of in MEANING]
    return "\n".join(f"- **{view.plain(value(of, language))}**: {view.plain(say(MEANING[of]))}" for of in known)


def _boxes(name: str, values: Sequence[str], counts: Counter[str], say: Labels) -> None:
    """Draw a facet: a box for each value, all in their places; what would lead to nothing cannot be chosen."""
    for of in values:
        key = key_of(name, of)
        told = f"{view.plain(value(of, say.language))} ({counts[of]})"
        st.checkbox(told, key=key, disabled=not counts[of] and not st.session_state[key])


def _clear(keys: Sequence[str]) -> None:
    """Take filters away."""
    for key in keys:
        st.session_state[key] = state.years() if key == _year_key() else False


def active(narrowing: Narrowing, say: Labels) -> None:
    """Draw what is chosen as buttons that take it away, beside the results, since a phone hides the sidebar."""
    chosen = {f"{name}-{of}": (words, key_of(name, of)) for name, of, words in narrowed_to(narrowing, say)}
    if years := years_told(narrowing):
        chosen["years"] = years, _year_key()
    with st.container(horizontal=True, key="cases-active"):
        for name, (words, key) in chosen.items():
            st.button(
                view.plain(words),
                key=f"drop-{name}",
                icon=":material/close:",
                help=view.plain(say("drop", value=words)),
                on_click=_clear,
                args=([key],),
            )
        if len(chosen) > 1:
            every = [key for _, key in chosen.values()]
            st.button(say("clear"), key="cases-clear", type="tertiary", on_click=_clear, args=(every,))
