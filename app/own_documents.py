"""A user's own documents as the pages draw them: removed after a question; and the files that could not be taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from app import state, uploads, view
from app.labels import Labels, value
from kb.errors import KBError
from kb.records import no_progress
from kb.store.erase import BACKUPS

if TYPE_CHECKING:
    from ingest.service import Workshop
    from kb.records import Progress
    from kb.retrieval.filters import Entry


def workshop(progress: Progress = no_progress) -> Workshop:
    """Return what changing the knowledge base needs, with the model that all sessions share."""
    return uploads.workshop_of(state.settings(), state.get_kb(), progress)


def progress_bar(title: str, say: Labels) -> Progress:
    """Draw a bar; return the callback that moves it on."""
    bar, counts = st.progress(0.0), {"pages": 0, "chunks": 0}

    def report(stage: str, done: int, total: int) -> None:
        if not total:
            counts[stage] = done
        bar.progress(min(done / total, 1.0) if total else 0.0, view.plain(say("storing", title=title, **counts)))

    return report


def listed(say: Labels) -> None:
    """Draw the user's own documents, each of which can be removed."""
    own = uploads.own_documents(state.get_kb())
    st.subheader(say("own", n=len(own)))
    for line in st.session_state.pop("removed", ()):
        st.info(view.plain(line))
    if not own:
        st.caption(say("none"))
    for entry in own:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            facts = [str(entry.year or ""), value(entry.language, say.language)]
            st.markdown(view.plain(" · ".join([entry.title, *filter(None, facts)])), width="stretch")
            told = view.plain(say("remove-named", title=entry.title))
            if st.button(say("remove"), key=f"remove-{entry.id}", icon=":material/delete:", help=told):
                _ask_to_remove(entry, say)


def _ask_to_remove(entry: Entry, say: Labels) -> None:
    """Draw the question whether a document is to be removed, and do so."""

    @st.dialog(say("remove-title"))
    def ask() -> None:
        st.write(view.plain(say("sure", title=entry.title)))
        st.caption(say("backups"))
        with st.container(horizontal=True):
            sure = st.button(say("remove"), key="remove-sure", type="primary", icon=":material/delete:")
            if st.button(say("keep"), key="remove-not"):
                st.rerun()
        if sure:
            try:
                with st.spinner(say("removing")):
                    _remove(entry, say)
            except KBError as error:
                st.error(view.plain(str(error)))
                return
            st.rerun()

    ask()


def _remove(entry: Entry, say: Labels) -> None:
    """Remove a document, and note what is to be told of it."""
    from ingest.service import remove

    _, erased = remove(workshop(), [entry.id])
    left = [line for line in erased.messages if line != BACKUPS]
    st.session_state.removed = [say("removed", title=entry.title), *left]


def quarantine(say: Labels) -> None:
    """Draw the files that could not be taken in, why, and the way to try them again."""
    held = uploads.quarantined(state.settings().data)
    for line in st.session_state.pop("retried", ()):
        st.info(view.plain(line))
    if not held:
        return
    st.subheader(say("quarantine", n=len(held)))
    for each in held:
        verdict = say(each.verdict if each.verdict in uploads.FAILURES else "document")
        st.markdown(view.plain(f"{uploads.shown_name(Path(each.file).name)} ({each.at[:10]}): {verdict}"))
        st.html(uploads.message_html(each.message))
    if st.button(say("retry"), key="retry", icon=":material/refresh:"):
        from ingest.intake import retry

        found = retry(workshop(progress_bar(say("retry"), say)))
        done = sum(outcome.what != "failed" for outcome in found)
        st.session_state.retried = [say("retried", done=done, total=len(found))]
        st.rerun()
