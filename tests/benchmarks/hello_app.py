"""The hello-world page as the app is served: by the same start, under the same settings."""

from pathlib import Path

import streamlit as st

from app import lifespan

app = st.App(Path(__file__).parent / "hello_page.py", lifespan=lifespan)
