"""What a script run is measured against: one slider and one number."""

import streamlit

streamlit.metric("number", streamlit.slider("slider"))
