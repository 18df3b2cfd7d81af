"""The app's navigation; run it with `tillit ui`."""

from pathlib import Path

import streamlit as st

APP = Path(__file__).resolve().parent / "app"

st.set_page_config(page_title="Tillit", page_icon=str(APP / "icon.png"), layout="centered")
st.navigation([st.Page(APP / "pages" / "ask.py", title="Ask", icon=":material/forum:", default=True)]).run()
