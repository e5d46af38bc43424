"""What everything here is measured against: the smallest Streamlit page that draws one Plotly chart."""

import plotly.express
import streamlit

streamlit.plotly_chart(plotly.express.line([1, 4, 9, 16]))
