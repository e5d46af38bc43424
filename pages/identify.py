"""Identify a loss: where a number in a log comes from."""

import streamlit as st

from pages.parts import frame, lookup
from pages.parts.live import live_table
from xent_core.identify import identify_loss

BEST = 5

frame.claim(
    "The number in your log says where it came from",
    "Type a :red[loss] as it stands there. Give the data it was computed on, if you can: then every library’s loss is "
    "tried, with every reduction and base.",
)
text, classes, data = lookup.ask()
live_table("identify")
lookup.try_this("Known without data:", ["2.3026", "5.909", "16.118", "100.0", "nan"])
lookup.try_this("On the article’s batch:", ["0.2", "0.3", "0.55", "0.19", "0.1527"], "article")
origins = lookup.known(data)
if not text.strip():
    st.markdown("One number is expected, such as 2.3026, 1e-7, nan or -inf.")
else:
    try:
        found = identify_loss(text, origins, classes)
    except ValueError as error:
        st.error(frame.plain(f"{error}."))
    else:
        lookup.tell(found, origins, origins[0].batch.classes if origins else classes, BEST)
frame.end_of_picture()

frame.note(
    "The digits typed decide what fits: 0.153 is any number from 0.1525 to 0.1535. Few digits fit many formulas, so "
    "beside each answer stands how many such matches chance alone would give; from a half on it is weak. The article "
    "prints one or two digits and leaves its base unsaid: base 10."
)
frame.behind(
    identify_loss,
    twins="""
# what an untrained classifier with n classes should print first
math.log(n)
""",
)
