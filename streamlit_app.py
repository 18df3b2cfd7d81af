"""The app's navigation; run it with `tillit ui`."""

from pathlib import Path

import streamlit as st

PAGES = Path(__file__).resolve().parent / "app" / "pages"

st.set_page_config(page_title="Tillit", page_icon=str(PAGES.parent / "icon.png"), layout="centered")
st.navigation(
    [
        st.Page(PAGES / "ask.py", title="Ask", icon=":material/forum:", default=True),
        st.Page(PAGES / "glossary.py", title="Glossary", icon=":material/dictionary:"),
    ]
).run()
