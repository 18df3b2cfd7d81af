"""A user's own documents as the pages draw them: changed, removed after a question; and the files that failed."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import streamlit as st

from app import state, upload_fields, upload_form, upload_view, uploads, view
from app.labels import Labels, value
from kb.errors import KBError
from kb.records import no_progress
from kb.store.erase import BACKUPS
from kb.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from ingest.service import Workshop
    from kb.records import Progress
    from kb.retrieval.filters import Entry


STAGES = ("files", "embed", "index", "verify", "terms")
"""What a publication does, in this order; what it tells of besides are counts."""


def workshop(progress: Progress = no_progress, recognise: bool = False) -> Workshop:
    """Return what changing the knowledge base needs, with the model that all sessions share."""
    return uploads.workshop_of(state.settings(), state.get_kb(), progress, recognise)


def progress_bar(title: str, say: Labels) -> Progress:
    """Draw a bar; return the callback that moves it on, and tells what is counted as soon as that is known."""
    bar, counts, done_before = st.progress(0.0, view.plain(title)), dict[str, int](), [0.0]

    def report(stage: str, done: int, total: int) -> None:
        if stage in STAGES and total:
            done_before.append((STAGES.index(stage) + min(done / total, 1.0)) / len(STAGES))
        elif not total and done:
            counts[stage] = done
        told = [title, *(say(f"counted-{name}", n=n) for name, n in counts.items())]
        bar.progress(max(done_before), view.plain(" · ".join(told)))

    return report


def listed(say: Labels) -> None:
    """Draw the user's own documents, each of which opens in the library and can be changed and removed."""
    own = uploads.own_documents(state.get_kb())
    st.subheader(say("own", n=len(own)))
    told = st.session_state.pop("own-told", ())
    for line in told:
        st.info(view.plain(line))
    if not own and not told:
        st.caption(say("none"))
    for entry in own:
        with st.container(border=True, key=f"own-{entry.id}"):
            _entry(entry, say)


def _entry(entry: Entry, say: Labels) -> None:
    """Draw one of the documents: its title as the way to it, what it is, and what can be done with it."""
    place = {"document": entry.id}
    st.page_link(state.page("library"), label=view.plain(entry.title), query_params=place)
    with st.container(horizontal=True, vertical_alignment="center"):
        facts = [str(entry.year or ""), value(entry.language, say.language)]
        facts += [value(entry.kind, say.language)] if entry.kind != UNKNOWN else []
        st.caption(view.plain(" · ".join(filter(None, facts))), width="stretch")
        told = view.plain(say("change-named", title=entry.title))
        if st.button(say("change"), key=f"change-{entry.id}", icon=":material/edit:", help=told):
            _ask_to_change(entry, say)
        told = view.plain(say("remove-named", title=entry.title))
        if st.button(say("remove"), key=f"remove-{entry.id}", icon=":material/delete:", help=told):
            _ask_to_remove(entry, say)


def _ask_to_change(entry: Entry, say: Labels) -> None:
    """Draw the form with what is said of a document, and change it."""
    found = state.get_kb().document(entry.id, entry.language)
    if found is None:  # removed meanwhile by another
        return
    document, said, key = found[0], upload_fields.fields_of(found[0]), token_hex(4)

    @st.dialog(say("change-title"), width="medium")
    def ask() -> None:
        upload_form.metadata(document, key, said, say, unfolded=True)
        if document.guessed:
            st.caption(say("confirms-change"))
        file = uploads.taken_from(state.settings().data, entry.id)
        if file:
            st.caption(view.plain(say("taken-from", file=str(file))))
        with st.container(horizontal=True):
            sure = st.button(say("save"), key="change-sure", type="primary", icon=":material/save:")
            if st.button(say("as-it-was"), key="change-not"):
                st.rerun()
        if sure and not upload_fields.faults(said):
            try:
                with st.spinner(say("saving")):
                    uploads.change(workshop(), document, said)
            except KBError as error:
                st.error(view.plain(str(error)))
                return
            st.session_state["own-told"] = [say("changed", title=said["title"] or document.title)]
            st.rerun()

    ask()


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
    st.session_state["own-told"] = [say("removed", title=entry.title), *left]


def quarantine(say: Labels) -> None:
    """Draw the files that could not be taken in, why, and the way to try them again."""
    held = uploads.quarantined(state.settings().data)
    for line in st.session_state.pop("retried", ()):
        st.info(view.plain(line))
    if not held:
        return
    st.subheader(say("quarantine", n=len(held)))
    for each in held:
        name, told = uploads.shown_name(each.file), upload_view.failure(each.verdict, Path(each.file), say)
        st.markdown(view.plain(f"{name} ({each.at[:10]}): {told}"))
        st.html(upload_view.detail_html(each.message, say))
    with st.container(horizontal=True):
        again = st.button(say("retry"), key="retry", icon=":material/refresh:")
        pictures = any(uploads.scanned(Path(each.file), each.verdict) for each in held) and uploads.recognition()[0]
        recognise = pictures and st.button(say("retry-recognise"), key="retry-ocr", icon=":material/document_scanner:")
    if again or recognise:
        _retry(len(held), say, bool(recognise))


def _retry(held: int, say: Labels, recognise: bool) -> None:
    """Take in again what failed, and note what is to be told of it."""
    from ingest.intake import retry

    found = retry(workshop(progress_bar(say("publishing", n=held), say), recognise))
    done = sum(outcome.what != "failed" for outcome in found)
    st.session_state.retried = [say("retried", done=done, total=len(found))]
    st.rerun()
