"""Loads what the pages import and what Streamlit would load when first used, so that the server can freeze it all.

Of Streamlit and Plotly these are private modules, which another version may not have: both are pinned.
"""

import importlib
import pkgutil
from pathlib import Path

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

for folder in filter(Path.is_dir, Path(__file__).parent.iterdir()):
    for module in pkgutil.iter_modules([str(folder)]):
        importlib.import_module(f"pages.parts.{folder.name}.{module.name}")
