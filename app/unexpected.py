"""What a visitor reads where something went wrong that nobody foresaw; the log has the rest."""

from __future__ import annotations

from app.labels import Labels


def tell(_: Exception) -> bool:
    """Draw one sentence in the visitor's language, and return that Streamlit need draw nothing more.

    Streamlit has written the traceback to the log before, and calls this for faults of pages and of their buttons.
    """
    import streamlit as st

    from app import frame

    st.error(Labels("app", frame.language())("unexpected"), icon=":material/error:")
    return True
