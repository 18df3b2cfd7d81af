"""The app's navigation; run it with `tillit ui`."""

import streamlit as st

from app import frame, state
from app.labels import Labels

st.set_page_config(page_title="Tillit", page_icon=str(state.ICON), layout="wide")
say = Labels("app", frame.language())
offered = state.pages()
page = st.navigation(
    [
        st.Page(
            state.page(name),
            title=say(name),
            icon=icon,
            url_path=name,
            default=name == "ask",
            visibility="visible" if name in offered else "hidden",
        )
        for name, icon in state.PAGES.items()
    ]
)
with st.sidebar:
    frame.switch()
page.run()
