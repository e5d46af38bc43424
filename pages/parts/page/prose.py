"""What a page says in words, outside the stage."""

import re

import streamlit as st

from pages.parts.stage import session


def plain(text: str) -> str:
    """Text that is not ours, so that Markdown shows it as it stands."""
    return re.sub(r"([!-/:-@[-`{-~])", r"\\\1", text)


def claim(title: str, sentence: str) -> None:
    """A page's one idea: its title, and the sentence under it; above them what was wrong with the address."""
    if faults := session.faults():
        st.warning("\n\n".join(map(plain, faults)), icon=":material/link_off:")
    st.title(title, anchor=False)
    st.markdown(sentence)


def small_print(text: str) -> None:
    """Plain text that may be overlooked, yet has the contrast to be read (Streamlit's captions have not)."""
    st.markdown(f":small[:gray[{plain(text)}]]", width="stretch")


def where_files_fail(text: str) -> None:
    """Plain text that only those see whose browser sends this server no file, for another site's frame is around it."""
    with st.container(key="takes_no_file"):
        st.info(
            f"In a frame on another site your browser sends no files. {plain(text)}", icon=":material/web_asset_off:"
        )


def note(text: str) -> None:
    """The page's prose, at a width that reads well."""
    st.markdown(text, width=760)
