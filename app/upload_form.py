"""What a maintainer sees of a file before it is published: the verdict, a form for its metadata, and its passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app import uploads, view
from app.labels import Labels, value
from kb.vocabulary import COUNTRIES, EVIDENCES, KINDS, LANGUAGES, SECTORS, STANCES, THEMES, UNKNOWN

FIRST = 20
"""Passages that are drawn at first."""
GRADES = {"evidence": (*EVIDENCES, UNKNOWN), "stance": (*STANCES, UNKNOWN)}
SEVERAL = {"sectors": ("sector", SECTORS), "themes": ("theme", THEMES)}


def verdict(read: uploads.Ready | uploads.Refused, titles: dict[str, str], say: Labels) -> None:
    """Draw the verdict on a file, in words and by a sign; `titles` are those of documents by id."""
    if isinstance(read, uploads.Ready):
        draw, icon = (st.success, "check_circle") if read.verdict == "ok" else (st.warning, "warning")
        draw(view.plain(f"{read.staged.name}: {say(read.verdict)}"), icon=f":material/{icon}:")
        for line in uploads.warnings_of(read, say):
            st.warning(view.plain(line), icon=":material/visibility:")
        return
    twin = read.verdict == "duplicate"
    told = say("duplicate", title=titles.get(read.message, read.message)) if twin else say(read.verdict)
    st.error(view.plain(f"{read.staged.name}: {told}"), icon=":material/error:")
    if read.message and not twin:
        st.html(uploads.message_html(read.message))


def metadata(read: uploads.Ready, said: dict[str, Any], say: Labels) -> None:
    """Draw what is asked of a document, and note what is answered in `said`, which fills the fields in at first."""
    form, names = _Form(read, said, say), Labels("app", say.language)
    form.text("title", say("title"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        form.pick("language", say("document-language"), LANGUAGES)
        form.text("year", names("year"))
        form.pick("country", names("country"), COUNTRIES if "country" in read.document.guessed else (None, *COUNTRIES))
        form.pick("kind", names("kind"), (*KINDS, UNKNOWN))
    with st.expander(say("more"), key=f"more-{form.key}"):
        for name in ("organisation", "publisher", "source_url"):
            form.text(name, say(name))
        for name, offered in GRADES.items():
            form.pick(name, names(name), offered)
        for name, (label, offered) in SEVERAL.items():
            form.several(name, names(label), offered)


class _Form:
    """The fields of one document. A choice is known by its words, so each field has a key for each language."""

    def __init__(self, read: uploads.Ready, said: dict[str, Any], say: Labels) -> None:
        self.guessed, self.said, self.say = read.document.guessed, said, say
        self.key = f"{read.staged.sha256[:12]}-{say.language}"

    def text(self, name: str, label: str) -> None:
        shown, told = self._label(name, label)
        self.said[name] = st.text_input(shown, str(self.said[name] or ""), key=f"{name}-{self.key}", help=told)

    def pick(self, name: str, label: str, offered: Sequence[str | None]) -> None:
        options = list(dict.fromkeys([*offered, self.said[name]]))
        shown, told = self._label(name, label)
        place = options.index(self.said[name])
        named = self._value if name in GRADES else self._known
        self.said[name] = st.selectbox(shown, options, place, format_func=named, key=f"{name}-{self.key}", help=told)

    def several(self, name: str, label: str, offered: Sequence[str]) -> None:
        self.said[name] = st.multiselect(
            label,
            offered,
            self.said[name],
            format_func=self._value,
            key=f"{name}-{self.key}",
            placeholder=self.say("not-said"),
        )

    def _label(self, name: str, label: str) -> tuple[str, str | None]:
        """Return what a field is called and what is told of it."""
        if name not in self.guessed:
            return label, None
        return self.say("guessed", label=label), self.say("guess-help")

    def _value(self, of: str | None) -> str:
        return value(of, self.say.language) if of else self.say("not-said")

    def _known(self, of: str | None) -> str:
        return self._value(None if of == UNKNOWN else of)


def passages(read: uploads.Ready, say: Labels) -> None:
    """Draw the chunks of a document as they would be cited, the first of them where there are many."""
    key = read.staged.sha256[:12]
    with st.expander(say("chunks", n=len(read.chunks)), key=f"chunks-{key}"):
        whole = len(read.chunks) <= FIRST or st.session_state.get(f"whole-{key}")
        st.html(uploads.chunks_html(read.document, read.chunks if whole else read.chunks[:FIRST], say))
        if not whole and st.button(say("all", n=len(read.chunks)), key=f"all-{key}"):
            st.session_state[f"whole-{key}"] = True
            st.rerun()
