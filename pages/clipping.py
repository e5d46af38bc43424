"""Clipping: log 0, what clip_by_value does to the loss and to the gradient, and what the fused loss does instead."""

from pages.parts.page import code
from pages.parts.stage.component import stage
from pages.parts.stage.story import Choice, Number, Step, Story, Task, shows
from xent_core import (
    clip_probabilities,
    clipped_cross_entropy,
    clipped_cross_entropy_gradient,
    logsumexp,
    softmax_cross_entropy,
)

REST = float(logsumexp((0.0, -1.0)))  # of dog and fox: cat's logit less this is the gap
EVEN = shows(z=(REST, 0, -1))
VERY_WRONG = shows(z=(REST - 20, 0, -1))
FAR = shows(z=(-28, 0, -1))

stage(
    "clipping",
    Story(
        title="Clipping makes log 0 finite",
        short="Clipping makes log 0 finite",
        held_back="by switching learning off",
        short_held_back="Clipping switches learning off",
        teaser="But at what price?",
        until=3,
        axis="gap",
        reveal=-22,
        formula="logits",
        steps=(
            Step(
                "At first, both agree",
                "A clipped loss lifts :q[q] to at least 1e-10 before it takes the log, so log 0 never happens. A "
                "fused loss takes the logits and never meets log 0. Here both say :loss[{categorical}], with the same "
                ":gradient[gradient].",
                shows=EVEN,
            ),
            Step(
                "Very wrong, and they still agree",
                "Cat’s gap is its logit less the others’ logsumexp, their logits as one. It sinks to −20. Both "
                ":loss[losses] say 20, and both :gradient[gradients] are as good as −1, the strongest pull there "
                "is.",
                shows=VERY_WRONG,
            ),
            Step(
                "One step further",
                "Cat’s logit falls to −28. Its :q[q] is then 5.1e-13, which is below the bound of 1e-10.",
                begins=VERY_WRONG,
                ask=Choice(
                    "What is the clipped loss’s :gradient[gradient] there?",
                    {
                        "0": "The clip puts in 1e-10 whatever the logits are. A constant has gradient 0.",
                        "−1": "That is the fused loss. The clipped one sees 1e-10 whatever the logits are, and a "
                        "constant has gradient 0.",
                        "−28": "The loss may be large, its slope never passes −1. And the clipped loss is constant "
                        "here: its gradient is 0.",
                    },
                ),
                shows=FAR,
                reveal=-40,
                look="slope",
            ),
            Step(
                "Ten steps downhill",
                "Each loss follows its own :gradient[gradient] for ten steps. Fused comes back from 28.31 to 13.19. "
                "Clipped has not moved at all: with gradient 0 there is nothing to follow.",
                shows=FAR,
                walk=10,
                look="loss",
            ),
            Step(
                "Keras clips at 1e-7",
                "The same prediction, with the lower bound at 1e-7 in place of 1e-10.",
                begins=FAR,
                ask=Number(
                    "Where will the clipped :loss[loss] stand? Type it, or drag the hollow point.",
                    quantity="clipped",
                    start=35.0,
                    range=(0, 40),
                    chart="loss",
                    why="It stops at −ln 1e-7. If the loss in your log stops at 16.118, this is why.",
                ),
                shows=shows(z=(-28, 0, -1), low=1e-7),
                look="loss",
            ),
            Step(
                "A clip that does nothing",
                "Cat’s :q[q] is 0 now. In the program `tf.clip_by_value(q, 1e-10, 1.0)` stands on a line of its own, "
                "and its result is not used.",
                begins=FAR,
                ask=Choice(
                    "What does this program’s :loss[loss] become?",
                    {
                        "∞": "The call returns a new tensor and leaves q as it is. See the route “result thrown away”.",
                        "23.03": "It would, with q = tf.clip_by_value(q, …). The call returns a new tensor and "
                        "leaves q as it is.",
                        "An error": "Nothing complains. The call returns a new tensor, nobody uses it, and q stays 0.",
                    },
                ),
                shows=shows((0, 0.7, 0.3)),
                look="routes",
            ),
            Step(
                "0 · log 0",
                "Dog is not wanted, and its :q[q] is 0. As written, the naive loss multiplies 0 by −∞, which is nan. "
                "Clipped and fused both say :loss[{categorical}].",
                shows=shows(z=(1, float("-inf"), 0)),
                look="routes",
            ),
            Step(
                "Half precision",
                "In float16 the bound 1e-10 rounds to 0: the clip does nothing, and even this right prediction "
                "gives nan. An upper bound matters to the Bernoulli form only, for its log(1 − :q[q]). In float32 1 "
                "− 1e-10 is 1, and does nothing.",
                shows=shows(z=(12, -8, -9), precision="float16"),
                look="routes",
            ),
            Task(
                "Find the dead gradient",
                "The bound is 1e-3 now. Make cat so unlikely that the clipped loss stops pulling.",
                shows=shows(z=(REST, 0, -1), low=1e-3),
                goal="gradient_is_dead",
                why="Past a gap of −6.91 the clipped gradient is exactly 0, and the loss stays at −ln 1e-3 = 6.908. "
                "The fused loss still pulls with all its strength.",
                look="slope",
            ),
        ),
    ),
    columns=["logit", "probability", "target"],
    losses=["clipped", "categorical"],
    charts=["loss", "slope"],
    controls=["gap", "bounds", "precision"],
    beside="routes",
    remark="clipping",
    logit_range=40,
    listening=code.is_open(),
)
code.copy_as_code("clipped", in_precision=True)
code.behind(
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
