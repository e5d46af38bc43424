"""Batches: a table of predictions, one loss for each row, and their mean."""

import math
from functools import partial

import streamlit as st

from pages.parts.batch import controls
from pages.parts.batch.batch import READY, logits_of, losses_csv, reductions, worst_rows
from pages.parts.batch.table import editable
from pages.parts.drawing import figures
from pages.parts.drawing.numbers import power_of_ten, shown
from pages.parts.page import code, frame
from pages.parts.page.prose import claim, note, small_print
from pages.parts.stage import session
from pages.parts.stage.component import keep_address
from xent_core import UNITS, categorical_cross_entropy, softmax_cross_entropy, softmax_cross_entropy_gradient

TRY = {
    "article": ("The article’s batch", "It prints 0.2 and no base: the mean is 0.1990 in base 10, 0.4581 in nats."),
    "wrong": ("One confidently wrong", "Five of six rows are right, yet one loss makes 95% of the mean."),
    "zero": ("Log of zero", "Row 3 rules its label out: −log 0 is ∞. What is left of the mean?"),
    "photos": (
        "Real photos",
        "8 photos, a trained network, 1000 outputs as in AlexNet and ResNet: which does it misread?",
    ),
}
SETTINGS = {"article": {"base": "10"}}  # as it was printed


def over(factors):
    return f" / ({factors})" if " " in factors else f" / {factors}"


def reduced(title, reduction, base, row, digits=4):
    """One way to make one number of the losses: it, and the gradient that reaches the label of the worst row."""
    gradient, factors = reduction.gradient, reduction.factors
    pull = power_of_ten(gradient) if 0 < abs(gradient) < 0.01 else shown(gradient)
    ln_base = "" if base == math.e else f" ln {base:g}"
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(title, f":red[**{shown(reduction.loss, digits)}**] :small[{UNITS[base]}]")
        st.markdown(
            f":red[Σ L{over(factors)}], with the gradient :violet[(q − p){over(factors + ln_base)}]: "
            f":violet[**{pull}**] at the label of row {row + 1}, the worst"
        )


claim(
    "A batch’s loss is the mean of its rows’ losses",
    "Each row is one example: −log of its :blue[probability q] at its label :orange[y] is its loss :red[L]."
    + (" Change any cell." if editable(controls.held().batch) else ""),
)
example, present = session.current(), session.view().present
base, unit = example.log_base, UNITS[example.log_base]

controls.switches()
left, right = st.columns(controls.widths(), gap="xsmall", vertical_alignment="bottom")
with left:
    batch, rows = controls.table()
losses = batch.losses(base)
mean = losses.mean()
size = controls.size()
with right:
    figure = figures.loss_bars(losses[rows], rows, mean, f"loss L, {unit}", size)
    st.plotly_chart(figure, key="bars", config=figures.CONFIG, alt=figures.told(losses, mean, unit))
controls.show_fault()
m, n = batch.matrix.shape
with st.container(horizontal=True, vertical_alignment="center"):
    small_print(
        f"{m:,} rows × {n:,} classes. {batch.right:,} of {m:,} put their label first. "
        f"Losses from {shown(losses.min())} to {shown(losses.max())}."
    )
    if not present:
        st.download_button(
            "Losses as CSV",
            lambda: losses_csv(batch, base, unit),
            "losses.csv",
            "text/csv",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
if math.isinf(mean):
    st.markdown("A row gave its label probability 0: −log 0 is ∞, and one ∞ makes the mean ∞.")
of_rows, of_entries = reductions(batch, base)
worst = worst_rows(batch, 1)[0]
left, right = st.columns(2)
with left:
    reduced("Mean of the column", of_rows, base, worst)
with right:
    title = f"`reduce_mean` over the whole {m:,} × {n:,} matrix"
    reduced(title, of_entries, base, worst, digits=3 + len(str(n)))
if present:
    with st.container(horizontal=True):
        for name, (label, _) in TRY.items():
            session.button(label, partial(controls.put_up, READY[name], **SETTINGS.get(name, {})))
keep_address("batches", {"batch": batch.name})  # below the table, whose edits take the batch's name
frame.end_of_picture()

if m > len(rows):
    figure = figures.loss_histogram(losses, mean, unit, size)
    st.plotly_chart(
        figure, config=figures.CONFIG, alt=f"How many rows have which loss. {figures.told(losses, mean, unit)}"
    )
note(
    f"`reduce_mean` over the whole matrix divides by n too: loss and gradient are n = {n:,} times smaller, as if "
    "plain SGD’s learning rate were divided by n. Adam divides each gradient by its own size and nearly cancels it."
)
for name, (label, look) in TRY.items():
    frame.try_this(look, label, controls.put_up, READY[name], **SETTINGS.get(name, {}))
controls.own_numbers()
if editable(batch):
    code.copy_batch_as_code(logits_of(batch), batch.distributions(), base=base)
if batch.photos:
    controls.credits(batch.photos)
code.behind(
    categorical_cross_entropy,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
    twins="""
torch.nn.functional.cross_entropy(logits, labels)                      # the mean of the column
tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
optax.losses.softmax_cross_entropy_with_integer_labels(logits, labels).mean()
-tf.reduce_mean(targets * tf.math.log(probabilities))                  # of the whole matrix: n times smaller
""",
)
