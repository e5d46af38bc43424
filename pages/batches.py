"""Batches: a table of predictions, one loss for each row, and their mean."""

import math

import streamlit as st

from pages.parts import batch_controls as controls
from pages.parts import figures, frame, state
from pages.parts.batch import (
    UNITS,
    log_of_zero,
    logits_of,
    losses_csv,
    one_confidently_wrong,
    pull,
    real_photos,
    seed,
    worst_rows,
)
from pages.parts.live import live_table
from pages.parts.numbers import power_of_ten, shown
from pages.parts.table import editable
from xent_core import categorical_cross_entropy, softmax_cross_entropy, softmax_cross_entropy_gradient


def over(factors):
    return f" / ({factors})" if " " in factors else f" / {factors}"


def reduced(name, loss, gradient, factors, digits=4):
    """One way to make one number of the losses: the number, and the gradient that reaches a logit of the worst row."""
    pull = shown(gradient) if abs(gradient) > 0.01 else power_of_ten(gradient)
    with st.container(border=True, height="stretch"):
        st.metric(name, f":red[**{shown(loss, digits)}**] :small[{unit}]")
        st.markdown(
            f":red[Σ L{over(factors)}], with the gradient :violet[(q − p){over(factors + ln_base)}]:  \n"
            f":violet[**{pull}**] at row {worst + 1}’s label"
        )


frame.claim(
    "A batch’s loss is the mean of its rows’ losses",
    "Each row is one example: −log of its :blue[probability q] at its label :orange[y] is its loss :red[L]."
    + (" Change any cell." if editable(controls.held().batch) else ""),
)
live_table("batches")
example = state.current()
base, unit = example.log_base, UNITS[example.base]
size = controls.size(example.present)

controls.switches()
left, right = st.columns(controls.widths(), gap="xsmall", wrap=False)
with left:
    batch, rows = controls.table(size.row)
losses = batch.losses(base)
mean = losses.mean()
with right:
    figure = figures.loss_bars(losses[rows], rows, mean, f"loss L, {unit}", size)
    st.plotly_chart(figure, config=figures.CONFIG, alt=figures.told(losses, mean, unit))
controls.show_fault()
m, n = batch.matrix.shape
worst = int(worst_rows(batch, 1)[0])
gradient = pull(batch, worst, base)
with st.container(horizontal=True, vertical_alignment="center"):
    controls.small_print(
        f"{m:,} rows × {n:,} classes. {batch.right:,} of {m:,} put their label first. "
        f"Losses from {shown(losses.min())} to {shown(losses.max())}."
    )
    if not example.present:
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
ln_base = "" if example.base == "e" else f" ln {example.base}"
left, right = st.columns(2)
with left:
    reduced("Mean of the column", mean, gradient / m, "m")
with right:
    whole = f"`reduce_mean` over the whole {m:,} × {n:,} matrix"
    reduced(whole, mean / n, gradient / (m * n), "m n", digits=3 + len(str(n)))
frame.end_of_picture()

if batch.photos:
    controls.credits(batch.photos)
if m > len(rows):
    figure = figures.loss_histogram(losses, mean, unit, size)
    st.plotly_chart(
        figure, config=figures.CONFIG, alt=f"How many rows have which loss. {figures.told(losses, mean, unit)}"
    )
frame.note(
    f"`reduce_mean` over the whole matrix divides by n too: loss and gradient are n = {n:,} times smaller, as if "
    "plain SGD had its learning rate divided by n. Adam divides each gradient by its own size and nearly cancels it."
)
frame.try_this(
    "It prints 0.2 and leaves the base unsaid: the mean is 0.1990 in base 10, 0.4581 in nats.",
    "The article’s batch",
    controls.put_up,
    seed,
    base="10",
)
frame.try_this(
    "Five of six rows are right, yet one loss makes 95% of the mean.",
    "One confidently wrong",
    controls.put_up,
    one_confidently_wrong,
)
frame.try_this(
    "Row 3 rules its label out: −log 0 is ∞. What is left of the mean?", "Log of zero", controls.put_up, log_of_zero
)
frame.try_this(
    "A trained network with 1000 classes looks at 8 photos: which does it misread?",
    "Real photos",
    controls.put_up,
    real_photos,
)
controls.own_numbers()
if editable(batch):
    frame.copy_batch_as_code(logits_of(batch), batch.distributions(), base=base)
frame.behind(
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
