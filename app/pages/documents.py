"""Adding documents: choose files, look at what was read, say what they are, publish; remove what was added."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.errors import Error as StreamlitError

from app import frame, one_document, own_documents, state, upload_fields, upload_form, upload_view, uploads, view
from app.labels import Labels
from app.signing_in import TRIED
from kb.errors import KBError

if TYPE_CHECKING:
    from ingest.service import Outcome

log = logging.getLogger(__name__)


def desk() -> Any:
    """Return what this visit has on its desk: files that were read, what was said of each, and what was done."""
    if "desk" not in st.session_state:
        uploads.sweep(state.settings().data)
        st.session_state.desk = {"visit": uploads.new_visit(), "round": 0, "read": [], "said": {}, "done": []}
    return st.session_state.desk


def doors(say: Labels) -> bool:
    """Tell whether this visitor may add documents; where not, draw why not. Draw the way to sign in, and out again."""
    uploads_on, signs_in, allowed = state.settings().uploads, state.signs_in(), state.may_maintain()
    if not (uploads_on and allowed):
        st.info(say("off" if not uploads_on else "closed-here" if signs_in else "closed"))
    if signs_in and allowed:
        st.query_params.pop(TRIED, None)
        st.sidebar.button(say("sign-out"), icon=":material/logout:", on_click=st.logout)
    elif signs_in:
        sign_in(say)
    return uploads_on and allowed


def sign_in(say: Labels) -> None:
    """Draw the way to the identity provider, and that it led nowhere."""
    failed = TRIED in st.query_params
    if st.button(say("sign-in"), icon=":material/login:", type="primary"):
        try:
            st.login()
            return
        except StreamlitError as error:
            log.warning("Signing in is not set up completely: %s", " ".join(str(error).split()))
            failed = True
    if failed:
        st.error(say("sign-in-failed"))


def choose(say: Labels) -> None:
    """Draw the choice of files, and read them when asked."""
    about, mb = desk(), state.settings().file_mb
    st.html(upload_form.uploader_style(mb, say))
    files = st.file_uploader(say("choose", mb=mb), accept_multiple_files=True, key=f"files-{about['round']}")
    if len(files) > uploads.MOST_FILES:
        st.error(say("too-many", n=uploads.MOST_FILES))
    elif files and st.button(say("read"), type="primary", icon=":material/find_in_page:", key="read"):
        read(files, say)
        about["round"] += 1  # a new uploader, so that the files leave the memory
        st.rerun()


def read(files: Any, say: Labels) -> None:
    """Stage files and read each, with its verdict."""
    about, data, bar = desk(), state.settings().data, st.progress(0.0)
    workshop, known = own_documents.workshop(), uploads.known_files(data)
    known |= {each.staged.sha256: each.id for each in ready()}
    for place, file in enumerate(files):
        name = view.plain(uploads.shown_name(file.name))
        bar.progress(place / len(files), say("reading", file=name, n=place + 1, total=len(files)))
        staged = uploads.stage(data, about["visit"], file.name, file.getbuffer())
        found = uploads.preview(workshop, staged, known)
        if isinstance(found, uploads.Ready):
            known[staged.sha256] = found.id
        about["read"].append(found)
        tidy(staged)


def recognise(place: int, say: Labels) -> None:
    """Read a file again, the pages that are pictures by text recognition."""
    about = desk()
    workshop = own_documents.workshop(recognise=True)
    known = uploads.known_files(workshop.data)
    with st.spinner(say("recognising")):
        about["read"][place] = uploads.preview(workshop, about["read"][place].staged, known)
    st.rerun()


def tidy(staged: uploads.Staged) -> None:
    """Delete what was staged of a file unless it can be published, or read again."""
    kept = (each for each in desk()["read"] if isinstance(each, uploads.Ready) or each.scanned)
    if all(each.staged.file != staged.file for each in kept):
        uploads.discard(staged)


def ready() -> list[uploads.Ready]:
    """Return what can be published."""
    return [each for each in desk()["read"] if isinstance(each, uploads.Ready)]


def previews(say: Labels) -> None:
    """Draw the verdict on each file that was read, its form and what would be cited; then the button to publish."""
    about = desk()
    titles = {each.id: each.document.title for each in ready()}
    titles |= {entry.id: entry.title for entry in uploads.own_documents(state.get_kb())}
    for place, each in enumerate(list(about["read"])):
        with st.container(border=True):
            upload_form.verdict(each, titles, say)
            if upload_form.recognition(each, str(place), say):
                recognise(place, say)
            if isinstance(each, uploads.Ready):
                said = about["said"].setdefault(each.staged.sha256, upload_fields.fields_of(each.document))
                upload_form.metadata(each.document, each.staged.sha256[:12], said, say)
                upload_form.passages(each, say)
            label = say("leave-out" if isinstance(each, uploads.Ready) else "dismiss")
            if st.button(label, key=f"leave-{place}", icon=":material/close:", type="tertiary"):
                about["read"].pop(place)
                tidy(each.staged)
                st.rerun()
    count = len(ready())
    if count:
        st.caption(say("confirms"))
        if st.button(say("publish", n=count), type="primary", icon=":material/publish:", key="publish"):
            publish(say)


def to_mend(forms: Sequence[tuple[uploads.Ready, Mapping[str, Any]]], say: Labels) -> None:
    """Draw which fields of which files cannot be used as they are: they may stand folded, or far above."""
    for each, said in forms:
        for name in upload_fields.faults(said):
            st.error(view.plain(say("to-mend", file=each.staged.name, field=upload_form.field_name(name, say))))


def publish(say: Labels) -> None:
    """Publish what was read, all of it at once, and note what became of each file; what was refused stays in view."""
    about, chosen = desk(), ready()
    forms = [(each, about["said"][each.staged.sha256]) for each in chosen]
    if any(upload_fields.faults(said) for _, said in forms):
        to_mend(forms, say)
        return
    pairs = [(each, upload_fields.metadata_of(said, each.document)) for each, said in forms]
    titles = [options["title"] for _, options in pairs]
    try:
        bar = own_documents.progress_bar(say("publishing", n=len(pairs)), say)
        found = uploads.publish(own_documents.workshop(bar), pairs)
    except KBError as error:
        st.error(view.plain(str(error)))
        return
    about["done"] += zip(titles, found, strict=True)
    about["read"] = [each for each in about["read"] if isinstance(each, uploads.Refused)]
    about["said"].clear()
    st.rerun()


def outcomes(say: Labels) -> None:
    """Draw what became of the files, with ways to ask about each and to read it."""
    done: list[tuple[str, Outcome]] = desk()["done"]
    stored = {entry.id for entry in uploads.own_documents(state.get_kb())}
    shown = [each for each in done if each[1].what not in ("added", "changed") or each[1].document_id in stored]
    if shown:
        st.subheader(say("outcomes"))
    for place, (title, outcome) in enumerate(shown):
        if outcome.what not in ("added", "changed"):
            failure(title, outcome, say)
            continue
        st.success(view.plain(say("added", title=title)), icon=":material/check_circle:")
        with st.form(f"ask-{place}", border=False):
            question = st.text_input(view.plain(say("question", title=title)), key=f"question-{place}")
            with st.container(horizontal=True):
                asks = st.form_submit_button(say("ask"), icon=":material/forum:", key=f"asks-{place}")
                opens = st.form_submit_button(say("open"), icon=":material/local_library:", key=f"opens-{place}")
        if asks and question.strip():
            one_document.ask(outcome.document_id, question)
        if opens:
            st.switch_page(state.page("library"), query_params={"document": outcome.document_id})


def failure(title: str, outcome: Outcome, say: Labels) -> None:
    """Draw why a file was not added after all."""
    twin = outcome.what == "duplicate"
    told = say("duplicate", title=title) if twin else upload_view.failure(outcome.verdict, Path(outcome.path), say)
    st.error(view.plain(" ".join([say("not-added", title=title), told])), icon=":material/error:")
    if not twin:
        st.html(upload_view.detail_html(outcome.message, say))


def main() -> None:
    """Draw the page."""
    say = frame.begin("documents")
    if not doors(say):
        return
    st.title(Labels("app", say.language)("documents"))
    st.caption(say("about"))
    st.page_link(state.page("quality"), label=say("missed"), icon=":material/monitoring:")
    try:
        choose(say)
        previews(say)
        outcomes(say)
        own_documents.listed(say)
        own_documents.quarantine(say)
    except KBError as error:
        st.error(view.plain(str(error)))


main()
