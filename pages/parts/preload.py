"""Loads what the pages import and what Streamlit would load when first used, so that the server can freeze it all."""

import pandas  # noqa: F401
import PIL.Image  # noqa: F401
import plotly.graph_objs._figure
import plotly.graph_objs.bar.marker
import plotly.io._json
import plotly.offline
import plotly.tools  # noqa: F401
import pyarrow.compute
import pyarrow.pandas_compat  # noqa: F401
import streamlit.emojis
import streamlit.material_icon_names  # noqa: F401

import pages.parts.frameworks.rows
import pages.parts.identify.lookup  # noqa: F401
