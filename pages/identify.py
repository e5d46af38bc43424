"""Identify a loss: where a number in a log comes from."""

import streamlit as st

from pages.parts.batch.batch import logits_of
from pages.parts.batch.table import editable
from pages.parts.identify import lookup
from pages.parts.identify.asked import address
from pages.parts.page import code, frame
from pages.parts.page.prose import claim, note, plain
from pages.parts.stage.component import keep_address
from xent_core.identify import identify_loss
from xent_core.identify.words import card_title

lookup.given()
claim("What is the number in your log?", "Paste a :red[loss] as it stands there, or whole lines.")
text = lookup.ask()
answer, more = st.container(), st.container()
with more:
    context, data = lookup.ask_more()
given, losses = lookup.known(data)
all_told, place = None, ""
with answer:
    try:
        if text.strip():
            all_told, place = lookup.identified(text, losses, context)
    except ValueError as error:
        with st.container(key="verdict"):
            st.error(plain(f"{error}."))
    if all_told:
        lookup.tell(all_told, place)
with more:
    lookup.try_this("Numbers:", ["2.3026", "5.909", "14.5063", "100.0", "nan"])
    lookup.try_this("Lines:", ["Epoch 1 loss 2.3026 acc 0.10", "train_loss=0.693, val_loss=nan"])
    lookup.try_this("On the article’s batch:", ["0.2", "0.3", "0.55", "0.19", "0.1527"], "article")
found = all_told.found if all_told else None
parameters = address(text, context, all_told, data)
keep_address("identify", parameters | {"data": "" if data == "none" else data})
if found:
    st.set_page_config(page_title=f"{card_title(found)} · Identify a loss")
frame.end_of_picture()

note(
    "The digits typed decide what fits: 0.153 is any number from 0.1525 to 0.1535, or one that begins so. Few digits "
    "fit many formulas, so answers are ranked by how often one meets them, and beside each stands how few random "
    "numbers would fit as well. The article’s 0.3 and 0.55 are its first row, 0.19 its second, 0.2 the mean: all in "
    "base 10, which it leaves unsaid."
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
if found:
    lookup.share(found, parameters)
