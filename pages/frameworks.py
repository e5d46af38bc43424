"""Frameworks: one input, and what each library's loss returns for it."""

import streamlit as st

from pages.parts.batch import controls as batch_controls
from pages.parts.frameworks.comparison import (
    FILTERS,
    PRESETS,
    ROWS_TOLD,
    of_batch,
    of_example,
    told,
)
from pages.parts.frameworks.rows import answer, formulas, places
from pages.parts.page import code, frame
from pages.parts.page.prose import claim
from pages.parts.stage import session
from pages.parts.stage.component import bench
from xent_core import softmax_cross_entropy
from xent_core.conventions import compare

EXAMPLE, BATCH = "example", "batch"
INPUTS = {EXAMPLE: "The example", BATCH: "The batch"} | {key: preset.name for key, preset in PRESETS.items()}
PROGRAM_ENTRIES = 1000


def of(source):
    """The input that the calls are given."""
    if source in PRESETS:
        return PRESETS[source].given
    if source == EXAMPLE:
        return of_example(session.current())
    batch = batch_controls.held().batch
    return session.kept("given", batch, lambda: of_batch(batch))


def look(source, given):
    if source in PRESETS:
        return PRESETS[source].look
    if source == EXAMPLE:
        return "The example that the lessons share."
    rows = given.batch.rows
    first = "row" if rows == 1 else f"{rows:,} rows"
    whole = "batch" if rows == given.rows else f"first {first} of the batch"
    return f"The {whole} of the page Batches."


def in_figures(given):
    """The first rows of the input, one a line, and how many there are if that isn't seen."""
    batch = given.batch
    parts = {"q": ("blue", batch.probabilities), "p": ("orange", batch.targets)}
    if batch.kind == "logits":
        parts = {given.sign: ("gray", batch.predictions), **parts}
    columns = [
        [f":{colour}[{sign}\u00a0=\u00a0{row}]" for row in told(values)] for sign, (colour, values) in parts.items()
    ]
    yield from map(" &emsp; ".join, zip(*columns, strict=True))
    if batch.rows > ROWS_TOLD:
        first = f"The first {batch.rows:,} of " * (batch.rows < given.rows)
        yield f":small[:gray[{first}{given.rows:,} rows × {batch.classes:,} classes]]"


claim(
    "The same prediction, and every library’s own number",
    "Each row is one call on the same input: its :red[loss], and why that is not the plain cross-entropy. "
    "Open a row for formula, constants, :violet[gradient] and source.",
)
source = st.segmented_control(
    "Input",
    list(INPUTS),
    default=EXAMPLE,
    required=True,
    format_func=INPUTS.get,
    key="frameworks input",
    label_visibility="collapsed",
    persist_state="session",
)
given = of(source)
opened = bench(
    "frameworks",
    sliders=source == EXAMPLE,
    filters=FILTERS,
    look=look(source, given),
    answer=None if source == EXAMPLE else session.kept("answer", given, lambda: answer(given)),
    listening=code.is_open(),
)
if source == EXAMPLE:
    st.empty()  # the sliders tell its figures; the rows below keep their place
else:
    st.markdown("  \n".join(in_figures(given)))
st.markdown(places(given.batch.kind), unsafe_allow_html=True, anchors=False)
st.markdown(formulas(opened), unsafe_allow_html=True)
frame.end_of_picture()

if given.logits is not None and given.logits.size <= PROGRAM_ENTRIES:
    code.copy_batch_as_code(given.logits, given.batch.targets)
code.behind(
    compare,
    softmax_cross_entropy,
    twins="""
torch.nn.functional.cross_entropy(z, y)                                   # on logits: fused, nothing clipped
tf.nn.softmax_cross_entropy_with_logits(labels=p, logits=z)               # one loss for each row: take the mean
keras.losses.CategoricalCrossentropy()(p, q)                              # on probabilities: clipped at 1e-7
optax.losses.softmax_cross_entropy_with_integer_labels(z, y).mean()
sklearn.metrics.log_loss(y, q)                                            # clipped at the machine epsilon
""",
)
