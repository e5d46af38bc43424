"""Softmax: from logits to probabilities, what moves them and what does not, and the way that overflows."""

import math

from pages.parts.page import frame
from pages.parts.stage.example import Q1, Example, logits_of
from pages.parts.stage.live import live_table
from pages.parts.stage.session import show_logits
from xent_core import log_softmax, naive_softmax, softmax


def shifted_from_the_seed(example: Example) -> bool:
    seed = logits_of(Q1)
    if len(example.logits) != len(seed) or not all(map(math.isfinite, example.logits)):
        return False
    moves = [now - before for now, before in zip(example.logits, seed, strict=True)]
    return abs(moves[0]) >= 1 and max(moves) - min(moves) < 1e-9


frame.claim(
    "Softmax keeps only the differences between logits",
    "Raise e to each logit and divide by the sum: :blue[q] sums to 1. "
    "Move all the logits together, and :blue[q] stays where it is.",
)
live_table(
    "softmax",
    ["logit", "exp", "naive", "shifted", "probability"],
    offered=["logit", "exp", "naive", "shifted", "probability", "target", "categorical"],
    controls=["shift", "temperature", "precision"],
    formulas=["softmax"],
)
frame.end_of_picture()

frame.note(
    "Temperature T divides the logits first: below 1 it sharpens :blue[q], above 1 it flattens it, and the order "
    "stays. The naive column computes the formula as written, in the precision chosen: $e^z$ overflows past 11.09 "
    "in float16, 88.72 in float32 and 709.78 in float64, and ∞ ⁄ ∞ is nan. The shifted column subtracts the largest "
    "logit first, so no exponential exceeds 1."
)
frame.try_this(
    "Two logits tie. Lower T: they share everything. Raise it: all three do.",
    "A tie",
    **show_logits(2.0, 2.0, -1.0, precision="float64"),
)
frame.try_this(
    "float16 cannot hold $e^{12}$. Naive: the likeliest class is nan. Shifted: right to float16’s three digits.",
    "Overflow",
    **show_logits(12.0, 11.0, 9.0, precision="float16"),
)
frame.try_this(
    "Every $e^z$ is 0 in float32: 0 ⁄ 0.",
    "Underflow",
    **show_logits(-110.0, -111.0, -112.0, precision="float32"),
)
frame.question(
    "Press Reset and guess: if all logits rise together, which probability moves most? Drag their mean.",
    shifted_from_the_seed,
    "None moves. Adding c to every logit multiplies every $e^z$ and their sum by the same $e^c$.",
)
frame.copy_as_code("probabilities", in_precision=True)
frame.behind(
    softmax,
    log_softmax,
    naive_softmax,
    twins="""
torch.softmax(logits / T, dim=-1)
tf.nn.softmax(logits / T, axis=-1)
jax.nn.softmax(logits / T, axis=-1)
scipy.special.softmax(logits / T, axis=-1)
""",
)
