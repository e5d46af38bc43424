"""Start: the whole idea in one picture, on the article's example."""

import math

from pages.parts.page import frame
from pages.parts.stage.example import Q1, Q2, Example, logits_of
from pages.parts.stage.live import live_table
from pages.parts.stage.session import show_probabilities
from xent_core import softmax, softmax_cross_entropy


def loss(example: Example) -> float:
    return float(softmax_cross_entropy(example.logits, example.targets, temperature=example.temperature))


def halved_by_one_slider(example: Example) -> bool:
    seed = logits_of(Q1)
    moved = sum(now != before for now, before in zip(example.logits, seed, strict=False))
    one_slider = len(example.logits) == len(seed) and moved == 1 and example.targets == (1.0, 0.0, 0.0)
    return one_slider and loss(example) <= loss(Example()) / 2


frame.claim(
    "Cross-entropy is one number for how wrong a prediction is",
    "Scores, the logits z, become probabilities :blue[q]; :blue[q] is compared with the target :orange[p]; "
    "the comparison is one number, the loss :red[L]. Drag any slider.",
)
live_table(
    "start",
    ["logit", "probability", "target"],
    offered=["logit", "exp", "probability", "target", "categorical", "bernoulli", "gradient"],
    controls=["base"],
    losses=["categorical"],
    formulas=["categorical"],
)
frame.presets(
    {
        "q1": show_probabilities(*Q1),
        "q2": show_probabilities(*Q2),
        "Unsure": show_probabilities(1 / 3, 1 / 3, 1 / 3),
        "Confidently wrong": show_probabilities(0.01, 0.98, 0.01),
        "Log of zero": show_probabilities(0, 0.7, 0.3),
    }
)
frame.end_of_picture()

frame.note(
    "A classifier has one row per class: 1000 in AlexNet and ResNet. The article this explainer grew from has three, "
    "the target (1, 0, 0), and two predictions: q1 = (0.5, 0.2, 0.3) and q2 = (0.8, 0.1, 0.1). Where :orange[p] is "
    "one-hot, only the class with the 1 counts: :red[L] is −log :blue[q] there. As :blue[q] rises from 0.5 to 0.8, "
    "the loss falls. The unit is the logarithm’s: 0.693 nats are 1 bit, or 0.301 bans."
)
frame.question(
    "Starting from q1, halve the loss with one slider. Which one, and which way?",
    halved_by_one_slider,
    "Halved, by one slider. Raising cat's logit does it, and so does lowering fox's far enough. Lowering dog's cannot: "
    "without dog, cat's probability is still only 0.625.",
)
frame.question(
    "Can the loss be infinite? Bring it there: a number box takes −inf.",
    lambda example: math.isinf(loss(example)),
    "Infinite: a class that is wanted has probability exactly 0, and −log 0 is ∞.",
)
frame.copy_as_code("categorical")
frame.behind(
    softmax,
    softmax_cross_entropy,
    twins="""
torch.nn.functional.cross_entropy(logits, targets, reduction="none")
tf.nn.softmax_cross_entropy_with_logits(labels=targets, logits=logits)
optax.losses.softmax_cross_entropy(logits, targets)
""",
)
