"""Identify a loss: where a number in a log comes from."""

import streamlit as st

from pages.parts.batch.batch import logits_of
from pages.parts.batch.table import editable
from pages.parts.identify import lookup
from pages.parts.page import code, frame
from pages.parts.page.prose import claim, note, plain
from pages.parts.stage.component import keep_address
from xent_core.identify import identify_loss

claim(
    "The number in your log says where it came from",
    "Type a :red[loss] as it stands there. Give the data it was computed on, if you can: then every library’s loss is "
    "tried, with every reduction and base.",
)
text, classes, data = lookup.ask()
keep_address("identify", {"loss": text})
lookup.try_this("Known without data:", ["2.3026", "5.909", "16.118", "100.0", "nan"])
lookup.try_this("On the article’s batch:", ["0.2", "0.3", "0.55", "0.19", "0.1527"], "article")
given, losses = lookup.known(data)
found = None
try:
    found = identify_loss(text, losses, classes) if text.strip() else None
except ValueError as error:
    st.error(plain(f"{error}."))
else:
    if found:
        lookup.tell(found)
    else:
        st.markdown("Type one number, such as 2.3026, 1e-7, nan or -inf.")
frame.end_of_picture()

note(
    "The digits typed decide what fits: 0.153 is any number from 0.1525 to 0.1535. Few digits fit many formulas, so "
    "beside each answer stands how many such matches chance alone would give; from a half on it is weak. The article’s "
    "0.3 and 0.55 are its first row, 0.19 its second, 0.2 the mean: all in base 10, which it leaves unsaid."
)
if given and editable(given):
    code.copy_batch_as_code(logits_of(given), given.distributions(), base=lookup.base_of(found))
code.behind(
    identify_loss,
    twins="""
print(f"{loss.item():.6f}")      # six digits say more than two
math.log(num_classes)            # what an untrained classifier should print first
""",
)
