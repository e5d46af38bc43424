"""The navigation, and the frame around every page; what each page says is in its own file."""

import streamlit as st

from pages.parts.page import frame
from pages.parts.page.contents import CONTENTS
from pages.parts.page.modules import text_of
from pages.parts.page.navigation import pages
from pages.parts.stage import session

# The icon first: else the page's own is fetched from elsewhere.
st.set_page_config(page_icon=text_of("favicon.svg"), layout="wide")
all_pages = pages()
page = st.navigation(all_pages, position="top")
entry = CONTENTS[all_pages.index(page)]
st.set_page_config(page_title=entry.heading)
session.hear_commit()
session.turn_to(page.url_path)
body = st.container()
if not entry.staged:
    frame.style()
    frame.neighbours(all_pages, page)
with body:
    page.run()
