"""Adding documents: choose files, look at what was read, say what they are, publish; remove what was added."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.errors import Error as StreamlitError

from app import frame, own_documents, state, upload_form, uploads, view
from app.labels import Labels
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
    """Tell whether this visitor may add documents; where not, draw why not and the way to sign in."""
    if not state.settings().uploads:
        st.info(say("off"))
        return False
    signs_in, allowed = state.signs_in(), state.may_maintain()
    if not allowed:
        st.info(say("closed"))
    if signs_in and allowed:
        st.sidebar.button(say("sign-out"), icon=":material/logout:", on_click=st.logout)
    elif signs_in and st.button(say("sign-in"), icon=":material/login:", type="primary"):
        try:
            st.login()
        except StreamlitError as error:
            log.warning("Signing in is not set up completely: %s", " ".join(str(error).split()))
            st.error(say("sign-in-failed"))
    return allowed


def choose(say: Labels) -> None:
    """Draw the choice of files, and read them when asked."""
    about = desk()
    label = say("choose", mb=state.settings().file_mb)
    files = st.file_uploader(label, accept_multiple_files=True, key=f"files-{about['round']}")
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
        elif all(each.staged.file != staged.file for each in ready()):
            uploads.discard(staged)
        about["read"].append(found)


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
            fit = isinstance(each, uploads.Ready)
            if isinstance(each, uploads.Ready):
                said = about["said"].setdefault(each.staged.sha256, uploads.fields_of(each.document))
                upload_form.metadata(each, said, say)
                upload_form.passages(each, say)
            label = say("leave-out") if fit else say("dismiss")
            if st.button(label, key=f"leave-{place}", icon=":material/close:", type="tertiary"):
                about["read"].pop(place)
                if fit:
                    uploads.discard(each.staged)
                st.rerun()
    count = len(ready())
    if count and st.button(say("publish", n=count), type="primary", icon=":material/publish:", key="publish"):
        publish(say)


def publish(say: Labels) -> None:
    """Publish what was read, one file after the other, and note what became of each."""
    about = desk()
    chosen = ready()
    try:
        options = [uploads.options_of(each, about["said"][each.staged.sha256]) for each in chosen]
        for each, given in zip(chosen, options, strict=True):
            title = given.get("title", each.document.title)
            outcome = uploads.publish(own_documents.workshop(own_documents.progress_bar(title, say)), each, given)
            about["done"].append((title, outcome))
            about["read"].remove(each)
            about["said"].pop(each.staged.sha256)
        about["read"].clear()  # what was refused has been seen
    except KBError as error:
        st.error(view.plain(str(error)))
        return
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
            told = say("duplicate", title=title) if outcome.what == "duplicate" else outcome.message
            st.error(view.plain(" ".join([say("not-added", title=title), told])), icon=":material/error:")
            continue
        st.success(view.plain(say("added", title=title)), icon=":material/check_circle:")
        with st.form(f"ask-{place}", border=False):
            question = st.text_input(view.plain(say("question", title=title)), key=f"question-{place}")
            with st.container(horizontal=True):
                asks = st.form_submit_button(say("ask"), icon=":material/forum:", key=f"asks-{place}")
                opens = st.form_submit_button(say("open"), icon=":material/local_library:", key=f"opens-{place}")
        if asks and question.strip():
            st.session_state.asked = question
            st.switch_page(state.page("ask"))
        if opens:
            st.switch_page(state.page("library"), query_params={"document": outcome.document_id})


def main() -> None:
    """Draw the page."""
    say = frame.begin("documents")
    if not doors(say):
        return
    st.title(Labels("app", say.language)("documents"))
    st.caption(say("about"))
    try:
        choose(say)
        previews(say)
        outcomes(say)
        own_documents.listed(say)
        own_documents.quarantine(say)
    except KBError as error:
        st.error(view.plain(str(error)))


main()
