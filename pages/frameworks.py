"""Frameworks: one input, and what each library's loss returns for it."""

import streamlit as st

from pages.parts import batch_controls, frame, state
from pages.parts.comparison import PRESETS, ROWS_TOLD, keep, left_out, lines, numbers, of_batch, of_example, told
from pages.parts.comparison_rows import rows
from pages.parts.live import asset, live_table
from pages.parts.numbers import shown
from xent_core import softmax, softmax_cross_entropy
from xent_core.conventions import compare

EXAMPLE, BATCH = "The example", "The batch"
TAKES = {"all": "all calls", "logits": "take logits", "probabilities": "take probabilities"}
PROGRAM_ENTRIES = 1000


def compared(key, make):
    """The input that `make` makes and what the calls return, made again when `key` is another."""
    if st.session_state.get("compared", [None])[0] != key:
        given = make()
        st.session_state.compared = (key, given, lines(given))
    return st.session_state.compared[1:]


def of(source):
    if source in PRESETS:
        return compared(source, lambda: PRESETS[source].given)
    if source == BATCH:
        batch = batch_controls.held().batch
        return compared(batch, lambda: of_batch(batch))
    example = state.current()
    return compared(example, lambda: of_example(example))


def look(source):
    if source in PRESETS:
        return PRESETS[source].look
    return "The example that the lessons share." if source == EXAMPLE else "The batch of the page Batches."


def in_figures():
    """The first rows of the input, one a line, and how many there are if that isn't seen."""
    parts = {"q": ("blue", q), "p": ("orange", given.targets)}
    if given.kind == "logits":
        parts = {given.sign: ("gray", given.predictions), **parts}
    columns = [
        [f":{colour}[{sign}\u00a0=\u00a0{row}]" for row in told(values)] for sign, (colour, values) in parts.items()
    ]
    yield from map(" &emsp; ".join, zip(*columns, strict=True))
    if m > ROWS_TOLD:
        extent = f"The first {m:,} of {given.rows:,} rows" if m < given.rows else f"{m:,} rows"
        yield f":small[:gray[{extent} × {n:,} classes]]"


frame.claim(
    "The same prediction, and every library’s own number",
    "Each row is one call on the same input: its :red[loss], and why that is not the plain cross-entropy. "
    "Open a row for formula, constants, :violet[gradient] and source.",
)
live_table("frameworks")
st.html(f"<style>{asset('comparison.css')}</style>")
source = st.segmented_control(
    "Input", [EXAMPLE, BATCH, *PRESETS], default=EXAMPLE, required=True, key="frameworks input", persist_state="session"
)
given, calls = of(source)
m, n = given.predictions.shape
q = softmax(given.predictions) if given.kind == "logits" else given.predictions
st.markdown(
    f"{look(source)} Plain cross-entropy: :red[**{shown(given.plain)}**] nats. "
    f"{len(calls)} calls return **{numbers(calls)}** different numbers."
)
st.markdown("  \n".join(in_figures()))
with st.container(horizontal=True, vertical_alignment="center"):
    takes = st.segmented_control(
        "Calls that", list(TAKES), default="all", required=True, format_func=TAKES.get, label_visibility="collapsed"
    )
    only_differing = st.toggle("Only those that differ")
    mistakes = st.toggle("Classic mistakes", value=True)
kept = list(filter(keep(takes, only_differing, mistakes), calls))
if kept:
    st.markdown(rows(given, kept), unsafe_allow_html=True, anchors=False)
else:
    st.markdown("No call is left: loosen a filter.")
if unfit := left_out(given):
    batch_controls.small_print(" ".join(unfit))
frame.end_of_picture()

if given.logits is not None and given.logits.size <= PROGRAM_ENTRIES:
    frame.copy_batch_as_code(given.logits, given.targets)
frame.behind(
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
