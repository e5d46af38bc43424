"""Batches: the examples as rows of one picture, a loss for each, and their mean; below it the batch as numbers."""

import math

import streamlit as st

from pages.parts.batch import controls
from pages.parts.batch.batch import READY, logits_of, losses_csv, reductions, worst_rows
from pages.parts.batch.table import editable
from pages.parts.drawing import figures
from pages.parts.drawing.numbers import power_of_ten, shown
from pages.parts.page import code
from pages.parts.page.prose import note, small_print
from pages.parts.photos import credits
from pages.parts.stage import session
from pages.parts.stage.component import stage
from pages.parts.stage.example import DEFAULT_NAMES, Q1, Q2, Example
from pages.parts.stage.rows import Rows, wants
from pages.parts.stage.story import Choice, Step, Story, Task
from xent_core import UNITS, categorical_cross_entropy, softmax_cross_entropy, softmax_cross_entropy_gradient

NAMES = DEFAULT_NAMES[:3]
SEED = Rows((Q1, Q2), wants([0, 0], 3), NAMES)
WRONG, ZERO, PHOTOS = (READY[name]().on_stage for name in ("wrong", "zero", "photos"))
ANIMALS = wants([0, 0, 1, 1, 2, 2], 3)
BEFORE = Rows(
    (
        (0.45, 0.5, 0.05),
        (0.48, 0.26, 0.26),
        (0.5, 0.45, 0.05),
        (0.35, 0.4, 0.25),
        (0.05, 0.5, 0.45),
        (0.6, 0.15, 0.25),
    ),
    ANIMALS,
    NAMES,
)
AFTER_ROWS = (
    (0.6, 0.2, 0.2),
    (0.7, 0.15, 0.15),
    (0.2, 0.7, 0.1),
    (0.3, 0.6, 0.1),
    (0.1, 0.2, 0.7),
    (0.99, 0.0095, 0.0005),
)
AFTER, WEIGHTED = Rows(AFTER_ROWS, ANIMALS, NAMES), Rows(AFTER_ROWS, ANIMALS, NAMES, weights=(1, 1, 5))
PADDED = Rows((Q1, Q2, (0.3, 0.4, 0.3), (0.3, 0.4, 0.3)), wants([0] * 4, 3), NAMES, counts=(True, True, False, False))
SENTENCES = Rows((Q2, Q1, Q1, Q1, Q1, Q1), wants([0] * 6, 3), NAMES, sequences=(1, 2, 2, 2, 2, 2))
NATS = Example()

STORY = Story(
    title="A batch’s loss is the mean of its examples’ losses",
    short="The mean of its losses",
    steps=(
        Step(
            "The article’s batch",
            "Two predictions, both wanted cat. Each row is an example, and its :loss[loss] is −ln of the framed "
            ":q[q]. The loss of the batch is their mean: {mean}. In base 10 it is 0.1990, which the article prints as "
            "0.2.",
            shows=NATS,
            batch=SEED,
        ),
        Step(
            "A mean over everything",
            "`reduce_mean` takes the whole 2 × 3 matrix of −p ln q, zeros and all, in place of the column of losses.",
            begins=NATS,
            begins_batch=SEED,
            ask=Choice(
                "What does it give?",
                {
                    "A third": "It divides by n = 3 too, and so does the gradient. It is as if plain SGD’s learning "
                    "rate were three times smaller. Adam nearly cancels it.",
                    "The same": "The sum is the same, for the zeros add nothing. But it is divided by 6 entries, not "
                    "by 2 rows: a third, and the gradient too.",
                    "More": "The zeros add nothing to the sum. But it is divided by 6 entries, not by 2 rows: a "
                    "third, and the gradient too.",
                },
            ),
            shows=NATS,
            batch=SEED,
            losses=("mean", "entries"),
        ),
        Task(
            "One sure mistake",
            "Six examples, five of them right. Row 5 is sure and wrong, and makes 95 % of the mean. Drag its border "
            "until the :loss[mean] falls below 0.2.",
            shows=NATS,
            goal="batch_put_right",
            batch=WRONG,
            why="One row moved, and the mean with it. In a log such a mean says that something is wrong, not how many "
            "examples are.",
            todo="By hand: the border between dog and fox in row 5.",
        ),
        Step(
            "From one epoch to the next",
            "Two of six examples are right, and the mean is {begins.mean}. After one more epoch five of six are right.",
            begins=NATS,
            begins_batch=BEFORE,
            ask=Choice(
                "Can the mean :loss[loss] have risen?",
                {
                    "Yes": "Five rows got better. Row 6 is now sure and wrong, and alone it costs 7.6. Accuracy "
                    "counts rows, the loss weighs them.",
                    "No": "Five rows got better, so one expects it to fall. But row 6 is now sure and wrong, and "
                    "alone costs 7.6. Accuracy counts rows, the loss weighs them.",
                },
            ),
            shows=NATS,
            batch=AFTER,
        ),
        Step(
            "Log of zero",
            "Row 3 rules its label out: :q[q] is 0 there, and −ln 0 is ∞. One ∞ among however many makes the mean ∞. "
            "The page Clipping is about what one does then.",
            shows=NATS,
            batch=ZERO,
        ),
        Step(
            "Padding",
            "Rows 3 and 4 only fill the batch up: label −100, or mask 0. Over the two that count the mean is {mean}; "
            "over all four, with zeros for the padding, {rows}. Press a row’s name to let it count.",
            shows=NATS,
            batch=PADDED,
            losses=("mean", "rows"),
        ),
        Step(
            "Tokens or sequences",
            "Row 1 is a sequence of one token, rows 2 to 6 are one of five. The mean of all tokens is {tokens}; the "
            "mean of the two sequences’ means is {sequences}. Long sequences weigh more in the first.",
            shows=NATS,
            batch=SENTENCES,
            losses=("tokens", "sequences"),
        ),
        Step(
            "Class weights",
            "Fox counts five times. PyTorch divides the weighted sum by Σ w: {weighted}. Divided by the number of "
            "rows it is {weighted_rows}. Without weights it was {mean}.",
            shows=NATS,
            batch=WEIGHTED,
            losses=("mean", "weighted", "weighted_rows"),
        ),
        Step(
            "Eight photos, 1000 classes",
            "A trained network’s outputs, as many as AlexNet and ResNet have. Their mean loss is {mean}. Three are "
            "misread; the wall clock, blurred, is worst. Each row shows the wanted class, its likeliest rival, and "
            "the rest.",
            shows=NATS,
            batch=PHOTOS,
        ),
    ),
)


def over(factors):
    return f" / ({factors})" if " " in factors else f" / {factors}"


def reduced(name, reduction, base, digits=4):
    """A line of the table of ways to make one number of the losses: it, and the gradient at one label."""
    gradient, factors = reduction.gradient, reduction.factors
    pull = power_of_ten(gradient) if 0 < abs(gradient) < 0.01 else shown(gradient)
    ln_base = "" if base == math.e else f" ln {base:g}"
    return (
        f"| {name} | :red[Σ L{over(factors)} = **{shown(reduction.loss, digits)}**] {UNITS[base]} "
        f"| :violet[(q − p){over(factors + ln_base)} = **{pull}**] |"
    )


controls.follow_stage()
place = st.container()
base = session.current().log_base
unit = UNITS[base]
if not session.view().present:
    controls.switches()
    left, right = st.columns(controls.widths(), gap="xsmall", vertical_alignment="bottom")
    with left:
        batch, rows = controls.table()
    losses = batch.losses(base)
    mean = losses.mean()
    size = controls.size()
    with right:
        st.html(figures.loss_bars(losses[rows], rows, mean, f"loss L, {unit}", size))
    controls.show_fault()
with place:
    stage(
        "batches",
        STORY,
        columns=[],
        losses=["mean", "accuracy"],
        charts=["batch"],
        controls=["base"],
        listening=True,
        rows=controls.tell_stage(),
        own_rows=controls.brought_by_address(),
        address={"batch": ""},
    )
if session.view().present:
    st.stop()

m, n = batch.matrix.shape
with st.container(horizontal=True, vertical_alignment="center"):
    small_print(
        f"{m:,} rows × {n:,} classes. {batch.right:,} of {m:,} put their label first. Losses from "
        f"{shown(losses.min())} to {shown(losses.max())}."
    )
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
of_rows, of_entries = session.kept("reductions", (batch, base), lambda: reductions(batch, base))
st.markdown(
    "\n".join(
        [
            f"| One number of the losses | The loss | Its gradient at the label of row {worst_rows(batch, 1)[0] + 1}, "
            "the worst |",
            "|:--|:--|:--|",
            reduced("Mean of the column", of_rows, base),
            reduced(f"`reduce_mean` over the whole {m:,} × {n:,} matrix", of_entries, base, digits=3 + len(str(n))),
        ]
    )
)
if m > len(rows):
    figure = figures.loss_histogram(losses, mean, unit, size)
    st.plotly_chart(
        figure, config=figures.CONFIG, alt=f"How many rows have which loss. {figures.told(losses, mean, unit)}"
    )
note(
    f"`reduce_mean` over the whole matrix divides by n too: loss and gradient are n = {n:,} times smaller, as if "
    "plain SGD’s learning rate were divided by n. Adam divides each gradient by its own size and nearly cancels it."
)
with st.container(horizontal=True):
    for name, label in controls.READY_NAMES.items():
        session.button(label, lambda name=name: controls.put_up(READY[name]))
controls.own_numbers()
if editable(batch):
    code.copy_batch_as_code(logits_of(batch), batch.distributions(), base=base)
if batch.photos:
    credits.place()
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
