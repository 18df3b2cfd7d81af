"""What a maintainer sees of a file before it is published: the verdict, a form for its metadata, and its passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app import upload_fields, upload_view, uploads, view
from app.labels import Labels, value
from ingest.extraction import ranges
from kb.records import Document
from kb.vocabulary import COUNTRIES, EVIDENCES, KINDS, LANGUAGES, SECTORS, STANCES, THEMES, UNKNOWN

FIRST = 20
"""Passages that are drawn at first."""
GRADES = {"evidence": EVIDENCES, "stance": STANCES}
SEVERAL = {"sectors": SECTORS, "themes": THEMES}
SHARED = ("year", "country", "kind", "sector", "theme", *GRADES)
"""What is called the same on all pages."""


def uploader_style(mb: int, say: Labels) -> str:
    """Return the words that `style.css` shows in the place of those of Streamlit's uploader, which are English."""
    words = (("choose", say("browse")), ("drop", say("drop")), ("not-sent", say("not-sent", mb=mb)))
    return "<style>.stFileUploader {" + "".join(f'--{name}: "{text}";' for name, text in words) + "}</style>"


def verdict(read: uploads.Ready | uploads.Refused, titles: dict[str, str], say: Labels) -> None:
    """Draw the verdict on a file, in words and by a sign; `titles` are those of documents by id."""
    if isinstance(read, uploads.Ready):
        draw, icon = (st.success, "check_circle") if read.verdict == "ok" else (st.warning, "warning")
        draw(view.plain(f"{read.staged.name}: {say(read.verdict)}"), icon=f":material/{icon}:")
        for line in upload_view.warnings(read, say):
            st.warning(view.plain(line), icon=":material/visibility:")
        return
    st.error(view.plain(f"{read.staged.name}: {upload_view.verdict(read, titles, say)}"), icon=":material/error:")
    if read.verdict == "document":
        st.html(upload_view.detail_html(read.message, say))


def recognition(read: uploads.Ready | uploads.Refused, key: str, say: Labels) -> bool:
    """Draw the way to have pictures of text read, or what is missing for it; tell whether it was taken."""
    languages, missing = uploads.recognition()
    if isinstance(read, uploads.Ready):
        if not read.unread or not languages:
            return False
        st.caption(view.plain(say("unread", pages=ranges(read.unread))))
    elif not read.scanned:
        return False
    elif not languages:
        st.write(view.plain(say("no-recognition")))
        st.html(upload_view.detail_html(missing, say))
        return False
    return st.button(say("recognise"), key=f"recognise-{key}", icon=":material/document_scanner:")


def field_name(name: str, say: Labels) -> str:
    """Return what a field is called."""
    shared, here = {"sectors": "sector", "themes": "theme"}.get(name, name), {"language": "document-language"}
    return Labels("app", say.language)(shared) if shared in SHARED else say(here.get(name, name))


def metadata(document: Document, key: str, said: dict[str, Any], say: Labels, unfolded: bool = False) -> None:
    """Draw what is asked of a document, and note what is answered in `said`, which fills the fields in at first.

    `key` tells its fields from those of others.
    """
    form = _Form(document, key, said, say)
    form.text("title")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        form.pick("language", LANGUAGES)
        form.text("year")
        form.pick("country", (None, *COUNTRIES))
        form.pick("kind", (*KINDS, UNKNOWN))
    form.fault("year")
    with st.expander(say("more"), key=f"more-{form.key}", expanded=unfolded):
        for name in ("organisation", "publisher", "source_url"):
            form.text(name)
            form.fault(name)
        for name, offered in GRADES.items():
            form.pick(name, (*offered, UNKNOWN), upload_view.meanings(offered, say.language))
        for name, several in SEVERAL.items():
            form.several(name, several)


class _Form:
    """The fields of one document. A choice is known by its words, so each field has a key for each language."""

    def __init__(self, document: Document, key: str, said: dict[str, Any], say: Labels) -> None:
        self.guessed, self.said, self.say = document.guessed, said, say
        self.key = f"{key}-{say.language}"

    def text(self, name: str) -> None:
        label, told = self._label(name)
        key = f"{name}-{self.key}"
        st.session_state.setdefault(key, str(self.said[name] or ""))
        self.said[name] = st.text_input(label, key=key, help=told, on_change=_tidy, args=(name, key))

    def fault(self, name: str) -> None:
        """Draw what is wrong with a field, if anything is."""
        if wrong := upload_fields.fault(name, self.said[name]):
            st.html(upload_view.fault_html(field_name(name, self.say), self.say(wrong)))

    def pick(self, name: str, offered: Sequence[str | None], meanings: str | None = None) -> None:
        options = list(dict.fromkeys([*offered, self.said[name]]))
        label, told = self._label(name)
        self.said[name] = st.selectbox(
            label,
            options,
            options.index(self.said[name]),
            format_func=self._value if name in GRADES else self._known,
            key=f"{name}-{self.key}",
            help=meanings or told,
        )

    def several(self, name: str, offered: Sequence[str]) -> None:
        self.said[name] = st.multiselect(
            field_name(name, self.say),
            offered,
            self.said[name],
            format_func=self._value,
            key=f"{name}-{self.key}",
            placeholder=self.say("not-said"),
        )

    def _label(self, name: str) -> tuple[str, str | None]:
        """Return what a field is called and what is told of it."""
        label = field_name(name, self.say)
        if name not in self.guessed:
            return label, None
        return self.say("guessed", label=label), self.say("guess-help")

    def _value(self, of: str | None) -> str:
        return value(of, self.say.language) if of else self.say("not-said")

    def _known(self, of: str | None) -> str:
        return self._value(None if of == UNKNOWN else of)


def _tidy(name: str, key: str) -> None:
    """Set a field to what was meant by what was typed into it."""
    st.session_state[key] = upload_fields.tidied(name, st.session_state[key])


def passages(read: uploads.Ready, say: Labels) -> None:
    """Draw the chunks of a document as they would be cited, the first of them where there are many."""
    key = read.staged.sha256[:12]
    with st.expander(say("chunks", n=len(read.chunks)), key=f"chunks-{key}"):
        whole = len(read.chunks) <= FIRST or st.session_state.get(f"whole-{key}")
        chunks = read.chunks if whole else read.chunks[:FIRST]
        st.html(upload_view.passages_html(read.document, read.blocks, chunks, say))
        if not whole and st.button(say("all", n=len(read.chunks)), key=f"all-{key}"):
            st.session_state[f"whole-{key}"] = True
            st.rerun()
