"""What stands around every page: the style, the language of the visitor, and the one script of ours.

The script is the same text on every page, so that the server can allow it, and nothing else, by its hash.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from importlib.resources import files

import streamlit as st

from app.labels import Labels, spoken
from kb.vocabulary import LANGUAGES
from kb.words.wording import OWN_NAMES

KEY = "language"
WORDED = ("answer-language", "filter-")
"""How the keys of choices among words begin that stay when the language is switched."""


def begin(page: str) -> Labels:
    """Draw what every page begins with; return the texts of a page in the visitor's language."""
    chosen = language()
    st.html(f"<style>{_file('style.css')}</style>")
    st.html(f'<span id="tillit-page" data-language="{escape(chosen)}"></span>')
    st.html(f"<script>{script()}</script>", unsafe_allow_javascript=True)
    return Labels(page, chosen)


def language() -> str:
    """Return the language that the visitor chose, else that of the link (`?lang=`), else the browser's."""
    chosen = st.session_state.get(KEY)
    if chosen is None:
        chosen = spoken(st.query_params.get("lang") or st.context.locale)
        st.session_state[KEY] = chosen
    return str(chosen)


def switch() -> None:
    """Draw the switch between the languages, which holds for all pages."""
    st.selectbox(
        Labels("app", language())("language"),
        LANGUAGES,
        format_func=OWN_NAMES.__getitem__,
        key=KEY,
        persist_state="session",
        on_change=_say_again,
    )


def _say_again() -> None:
    """Set choices anew: the browser knows each by its words, and would go on showing those of the language before.

    That is Streamlit's fault: https://github.com/streamlit/streamlit/pull/13788.
    """
    for key in st.session_state:
        if str(key).startswith(WORDED):
            st.session_state[key] = st.session_state[key]


def script() -> str:
    """Return the script of the pages."""
    return _file("page.js")


@lru_cache(maxsize=8)
def _file(name: str) -> str:
    return files("app").joinpath(name).read_text(encoding="utf-8")
