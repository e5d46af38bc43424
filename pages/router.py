"""The page list and the frame around every page; what each page says is in its own file."""

import streamlit as st

from pages.parts.page import frame
from pages.parts.stage import session as state
from pages.parts.stage.live import asset

PAGES = [
    st.Page("start.py", title="Start", icon=":material/play_circle:", default=True),
    st.Page("softmax.py", title="Softmax", icon=":material/equalizer:"),
    st.Page("two_forms.py", title="Two forms", icon=":material/compare_arrows:", url_path="two-forms"),
    st.Page("clipping.py", title="Clipping", icon=":material/content_cut:"),
    st.Page("batches.py", title="Batches", icon=":material/table_rows:"),
    st.Page("frameworks.py", title="Frameworks", icon=":material/balance:"),
    st.Page("identify.py", title="Identify a loss", icon=":material/troubleshoot:"),
]

present = state.current().present
st.set_page_config(
    page_icon=asset("favicon.svg"),
    layout="wide",
    initial_sidebar_state="collapsed" if present else "auto",
)
st.logo(asset("logo.svg"), size="large", icon_image=asset("favicon.svg"))
page = st.navigation(PAGES)
state.turn_to(page.url_path)
frame.style()
body, foot = st.container(), st.container()
with foot:
    frame.neighbours(PAGES, page)
with body:
    page.run()
