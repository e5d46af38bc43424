"""Two forms: categorical and Bernoulli cross-entropy side by side, term by term."""

import math

from pages.parts.page import frame
from pages.parts.stage.example import BASES, Q1, Q2, Example
from pages.parts.stage.live import live_table
from pages.parts.stage.session import show_probabilities
from xent_core import (
    bernoulli_cross_entropy,
    categorical_cross_entropy,
    entropy,
    kl_divergence,
    softmax_bernoulli_cross_entropy,
    softmax_cross_entropy,
)


def exactly_twice(example: Example) -> bool:
    categorical, bernoulli = (
        float(form(example.logits, example.targets, temperature=example.temperature))
        for form in (softmax_cross_entropy, softmax_bernoulli_cross_entropy)
    )
    return len(example.logits) == 2 and 0 < categorical < math.inf and abs(bernoulli / categorical - 2) < 1e-12


frame.claim(
    "Two losses go by the name cross-entropy",
    "The :red[categorical] form asks one question with n answers; the :red[Bernoulli] form asks n yes-or-no questions, "
    "and so also charges for probability given to the wrong classes.",
)
live_table(
    "two_forms",
    ["logit", "probability", "target", "categorical", "bernoulli"],
    offered=["logit", "probability", "target", "categorical", "bernoulli", "gradient"],
    controls=["base", "smoothing"],
    losses=["categorical", "bernoulli"],
    formulas=["categorical", "bernoulli"],
    pictures=["cost", "parts"],
)
frame.end_of_picture()

frame.note("The article prints the losses of q1 and q2 rounded, without naming the base, which is 10:")
rows = []
for name, form, q, printed in (
    ("categorical, q1", categorical_cross_entropy, Q1, "0.3"),
    ("categorical, q2", categorical_cross_entropy, Q2, "0.1"),
    ("Bernoulli, q1", bernoulli_cross_entropy, Q1, "0.55"),
    ("Bernoulli, q2", bernoulli_cross_entropy, Q2, "0.19"),
):
    losses = [float(form(q, Example.targets, base=BASES[base])) for base in ("10", "e", "2")]
    rows.append(f"| {name} | {printed} | {' | '.join(f'{loss:.4f}' for loss in losses)} |")
frame.note("\n".join(["| loss | printed | base 10 | base e | base 2 |", "| :-- | --: | --: | --: | --: |", *rows]))
frame.note(
    "Soft targets, such as label smoothing’s (1 − a)·:orange[p] + a ⁄ n, leave both forms a floor above 0. The "
    "categorical form is H(:orange[p]) + KL(:orange[p]‖:blue[q]): the entropy of the targets, its floor, and how far "
    ":blue[q] is from them. The Bernoulli form’s floor is Σ h(:orange[p]ᵢ), with h the entropy of a yes-or-no "
    "question. On one-hot targets it costs once to twice the categorical form."
)
SOFT = (0.7, 0.2, 0.1)
frame.try_this("One-hot: both floors are 0.", "q2", **show_probabilities(*Q2))
frame.try_this("Even the best q pays its floor.", "Soft targets", **show_probabilities(*Q1, targets=SOFT))
frame.try_this("KL is 0: only the floor is left.", "q = p", **show_probabilities(*SOFT, targets=SOFT))
frame.try_this("Certain, and wrong: both forms are ∞.", "Through 0", **show_probabilities(0, 1, 0))
frame.question(
    "Make the Bernoulli form exactly twice the categorical form. How many classes does it take?",
    exactly_twice,
    "Exactly twice, as always with two classes: 1 − q of the one is q of the other, so each answer is paid for twice.",
)
frame.copy_as_code("categorical", "bernoulli")
frame.behind(
    softmax_cross_entropy,
    softmax_bernoulli_cross_entropy,
    entropy,
    kl_divergence,
    twins="""
# categorical, from logits
torch.nn.functional.cross_entropy(logits, targets)
tf.nn.softmax_cross_entropy_with_logits(labels=targets, logits=logits)
# Bernoulli on softmax outputs: summed here, averaged over the classes there
torch.nn.functional.binary_cross_entropy(probabilities, targets, reduction="sum")
keras.losses.binary_crossentropy(targets, probabilities)
""",
)
