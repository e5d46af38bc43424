"""The least that an app does: one slider, one number."""

import streamlit as st

st.write(st.slider("x", 0.0, 1.0, 0.5))
