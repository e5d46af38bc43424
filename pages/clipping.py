"""Clipping: log 0, what clip_by_value does to the loss and to the gradient, and what the fused loss does instead."""

import numpy as np

from pages.parts.page import frame
from pages.parts.stage.example import Example
from pages.parts.stage.live import live_table
from pages.parts.stage.session import show_logits
from xent_core import (
    clip_probabilities,
    clipped_cross_entropy,
    clipped_cross_entropy_gradient,
    softmax,
    softmax_cross_entropy,
)


def gradient_is_dead(example: Example) -> bool:
    logits, setting = example.rounded_logits, {"temperature": example.temperature}
    wanted = int(np.argmax(example.targets))
    clipped = clipped_cross_entropy_gradient(logits, example.targets, example.low, example.high, **setting)
    return softmax(logits, **setting)[wanted] < example.low and not clipped.any()


frame.claim(
    "Clipping makes log 0 finite by switching learning off",
    "`clip_by_value(q, 1e-10, 1.0)` caps the :red[loss] at −log low. Beyond that point its :violet[gradient] is "
    "exactly 0: the worst mistakes teach nothing.",
)
live_table(
    "clipping",
    ["logit", "probability", "clipped", "target"],
    offered=["logit", "probability", "clipped", "target", "categorical", "bernoulli", "gradient"],
    controls=["precision", "bounds", "base"],
    losses=["clipped", "categorical"],
    pictures=["gap"],
    pictures_first=True,
    logit_range=40,
)
frame.end_of_picture()

frame.note(
    "The logit gap is the target’s logit less the others’ logsumexp, log Σ exp z. For any number of classes clipping "
    "sets in at −23.03 for 1e-10, −16.12 for 1e-7. Naive takes softmax, then log. Fused, as in "
    "`softmax_cross_entropy_with_logits`, takes the raw output: it never meets log 0, and its gradient stays "
    ":blue[q] − :orange[p].\n\n"
    "The article calls the upper bound 1.0 meaningless: true of the categorical form. The Bernoulli form also takes "
    "log(1 − :blue[q]), which is log 0 at :blue[q] = 1: there it decides."
)
BOUNDS = {"low": 1e-10, "high": 1.0}
frame.try_this(
    "The clipped loss is flat, its gradient 0.",
    "Past the plateau",
    **show_logits(-28.0, 0.0, -1.0, precision="float64", **BOUNDS),
)
frame.try_this(
    "1e-10 is 0 in float16: even a right prediction gives nan.",
    "Low rounds to 0",
    **show_logits(12.0, -8.0, -9.0, precision="float16", **BOUNDS),
)
frame.try_this(
    "In float32 this is 1, as q is: the Bernoulli form stays nan.",
    "High 1 − 1e-10",
    **show_logits(40.0, 0.0, -1.0, precision="float32", low=1e-10, high=1 - 1e-10),
)
frame.try_this(
    "This is below 1: the Bernoulli form is finite.",
    "High 1 − 1e-7",
    **show_logits(40.0, 0.0, -1.0, precision="float32", low=1e-7, high=1 - 1e-7),
)
frame.question(
    "Find the dead gradient: a prediction so wrong that the clipped loss no longer corrects it.",
    gradient_is_dead,
    "Dead: the target's q is below the lower bound, clip passes no gradient, and a step downhill goes nowhere. "
    "The fused loss still pulls with all its strength.",
)
frame.copy_as_code("clipped", in_precision=True)
frame.behind(
    clip_probabilities,
    clipped_cross_entropy,
    clipped_cross_entropy_gradient,
    softmax_cross_entropy,
    twins="""
# the article's formula: clipped, and averaged over all m·n entries
-tf.reduce_mean(y_ * tf.math.log(tf.clip_by_value(y, 1e-10, 1.0)))
# the fused loss, on the raw output: softmax is inside
tf.nn.softmax_cross_entropy_with_logits(labels=y_, logits=z)
# PyTorch clamps the logarithm, not the probability
torch.nn.functional.binary_cross_entropy(q, p)      # max(log q, -100)
""",
)
