"""The pages as the navigation has them."""

from copy import copy
from functools import cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.parts.page.contents import CONTENTS


def pages() -> list[StreamlitPage]:
    """All pages in their order: copies for one run, which marks the one that it shows; to make them takes longer."""
    return [copy(page) for page in _made()]


@cache
def _made() -> list[StreamlitPage]:
    return [
        st.Page(
            entry.file,
            title=entry.title,
            icon=f":material/{entry.icon}:",
            url_path=entry.path,
            default=not entry.path,
        )
        for entry in CONTENTS
    ]
