"""The shortlist of cases as the pages draw it: kept in the session, compared side by side, taken along as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

import streamlit as st

from app import case_files, case_view, view
from app.cases import Case, Narrowing, citation_at
from app.labels import Labels
from app.source import open_source

KEY = "shortlist"
SIDE_BY_SIDE = 4
"""Cases that are compared at most."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {"word": ("docx", WORD), "excel": ("xlsx", EXCEL), "csv": ("csv", "text/csv")}


def listed() -> list[str]:
    """Return the ids of the cases on the shortlist, in the order in which they were added."""
    names: list[str] = st.session_state.setdefault(KEY, [])
    return names


def _toggle(name: str) -> None:
    names = listed()
    st.session_state[KEY] = [each for each in names if each != name] if name in names else [*names, name]


def star(case: Case, say: Labels) -> None:
    """Draw the button that puts a case on the shortlist, or takes it off."""
    on = case.id in listed()
    st.button(
        say("remove" if on else "add"),
        key=f"star-{case.id}",
        icon=":material/bookmark_remove:" if on else ":material/bookmark_add:",
        type="tertiary",
        on_click=_toggle,
        args=(case.id,),
    )


def draw(every: Mapping[str, Case], narrowing: Narrowing, say: Labels) -> None:
    """Draw the shortlist: its cases, those that are ticked side by side, and the files of it."""
    cases = [every[name] for name in listed() if name in every]
    if not cases:
        st.info(say("empty"))
        return
    st.html(f'<div class="tillit"><h2>{say("listed", n=len(cases))}</h2></div>')
    st.caption(say("choose"))
    ticked = _ticked(cases, say)
    if len(ticked) > 1:
        _compare(ticked, say)
    _files(cases, ticked, narrowing, say)


def _ticked(cases: Sequence[Case], say: Labels) -> list[Case]:
    """Draw the list; return the cases that are ticked, at first the first ones."""
    keys = [f"compare-{case.id}" for case in cases]
    for key in keys:
        others = sum(st.session_state.get(each, False) for each in keys)
        st.session_state.setdefault(key, others < SIDE_BY_SIDE)
    full = sum(st.session_state[key] for key in keys) >= SIDE_BY_SIDE
    if full and len(cases) > SIDE_BY_SIDE:
        st.caption(say("full"))
    for case, key in zip(cases, keys, strict=True):
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"listed-{case.id}"):
            with st.container():
                st.checkbox(view.plain(case.document.title), key=key, disabled=full and not st.session_state[key])
                st.html(case_view.listed_html(case, say))
            star(case, say)
    return [case for case, key in zip(cases, keys, strict=True) if st.session_state[key]]


def _compare(cases: Sequence[Case], say: Labels) -> None:
    """Draw cases side by side."""
    st.html(case_view.compared_html(cases, say))
    with st.container(key="hidden-compared"):  # pressed by the buttons in the table
        for key, case, span in case_view.cell_places(cases):
            if st.button(say("open-here"), key=key):
                open_source(citation_at(case, span))


def _files(cases: Sequence[Case], ticked: Sequence[Case], narrowing: Narrowing, say: Labels) -> None:
    """Draw the buttons that make files: of the comparison, of the whole shortlist; each is made when it is pressed."""
    today = date.today().isoformat()

    def comparison() -> bytes:
        from app.export import cases as export

        return export.comparison(case_files.comparison(ticked, narrowing, say), say.language, today)

    def file(form: str) -> bytes:
        from app.export import cases as export

        rows = case_files.export_rows(cases, say)
        return {"word": export.word, "excel": export.excel, "csv": export.csv}[form](rows, say.language, today)

    st.html(f'<div class="tillit"><h3>{say("take-along")}</h3></div>')
    with st.container(horizontal=True):
        if len(ticked) > 1:
            name = f"tillit-comparison-{today}.docx"
            st.download_button(say("compared-word"), comparison, name, WORD, key="compared-word", on_click="ignore")
        for form, (ending, kind) in FORMS.items():
            name = f"tillit-cases-{today}.{ending}"
            make = partial(file, form)
            st.download_button(say(f"whole-{form}"), make, name, kind, key=f"shortlist-{form}", on_click="ignore")
