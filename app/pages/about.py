"""What the assistant can and cannot do, where its documents come from, what it keeps, and what it is made of."""

from __future__ import annotations

import streamlit as st

from app import about, frame, quality, state, view
from app.labels import Labels
from kb.errors import KBError


def main() -> None:
    """Draw the page."""
    say = frame.begin("about")
    settings = state.settings()
    st.title(Labels("app", say.language)("about"))
    st.caption(say("intro"))
    try:
        kb = state.get_kb()
        status = kb.status()
        st.html(about.abilities(quality.figures(quality.shipped()), say))
        st.caption(say("measured"))
        st.html(about.documents(status, kb.entries(), say))
        st.html(about.privacy(settings, say))
        st.caption(about.privacy_setting(settings, say))
        st.html(about.versions(status, say))
    except KBError as error:
        st.error(view.plain(str(error)))
        return
    st.html(about.licensing(say))
    for name, text in about.licences().items():
        with st.expander(name):
            st.html(about.licence(text))


main()
