"""Two forms: categorical and Bernoulli cross-entropy side by side, term by term."""

from pages.parts.page import code
from pages.parts.stage.component import stage
from pages.parts.stage.example import Q1
from pages.parts.stage.story import Choice, Step, Story, Task, shows
from xent_core import (
    bernoulli_cross_entropy,
    entropy,
    kl_divergence,
    smooth_targets,
    softmax_bernoulli_cross_entropy,
    softmax_cross_entropy,
)

SEED = shows(Q1)
AMOUNT = 0.1
SMOOTHED = tuple(smooth_targets(SEED.targets, AMOUNT).tolist())

stage(
    "two_forms",
    Story(
        title="Two losses go by the name cross-entropy",
        short="Two losses, one name",
        steps=(
            Step(
                "One prediction, two numbers",
                "The same :q[q] and the same :p[p]. The categorical form says :loss[{categorical}], the Bernoulli "
                "form, which frameworks call binary cross-entropy, says :loss[{bernoulli}].",
                shows=SEED,
            ),
            Step(
                "Who pays",
                "Categorical: one question with n answers, and only cat’s row costs. Bernoulli: n yes-or-no "
                "questions, and every row costs. Dog pays −ln(1 − 0.2) for the probability it took.",
                shows=SEED,
            ),
            Step(
                "The others trade places",
                "Move 0.1 of :q[probability] from fox to dog: 0.5, 0.3, 0.2. Cat keeps its 0.5.",
                begins=SEED,
                ask=Choice(
                    "Which :loss[loss] changes?",
                    {
                        "Neither": "Dog’s and fox’s costs only changed places. It matters how the rest is spread: put "
                        "all 0.5 on dog, and Bernoulli is 1.3863.",
                        "Bernoulli": "Every row counts there, so one expects it to move. But 0.2 and 0.3 only changed "
                        "places. All 0.5 on dog would move it, to 1.3863.",
                        "Both": "Cat’s q is the same, so categorical stays. In the Bernoulli form 0.2 and 0.3 only "
                        "changed places.",
                    },
                ),
                shows=shows((0.5, 0.3, 0.2)),
            ),
            Step(
                "The article’s numbers",
                "The article prints 0.55 for this prediction and 0.19 for (0.8, 0.1, 0.1). Those are Bernoulli "
                "losses, {bernoulli} and 0.1884, in base 10. It prints 0.3 and 0.1 for the categorical form.",
                shows=shows(Q1, base="10"),
            ),
            Step(
                "Two classes",
                "Now only cat and dog, with cat wanted. If cat’s answer is yes, dog’s is no: 1 − q of the one is q of "
                "the other.",
                begins=shows((0.6, 0.4)),
                ask=Choice(
                    "Bernoulli is how many times categorical?",
                    {
                        "2, always": "Each answer is paid for twice. Beware of one single output: behind a softmax "
                        "its q is 1 and the loss 0, whatever goes in.",
                        "1, always": "They ask the same, but Bernoulli asks it once for each class. So it is paid "
                        "for twice.",
                        "It depends": "With three classes it does. With two, 1 − q of the one is q of the other: "
                        "exactly twice.",
                    },
                ),
                shows=shows((0.7, 0.3)),
            ),
            Step(
                "A floor is not an error",
                "Label smoothing by 0.1 makes :p[p] = (0.933, 0.033, 0.033). Even the best prediction, "
                ":q[q]\u00a0=\u00a0:p[p], costs {entropy}, the entropy H(p). Bernoulli’s floor is {floor}. "
                "Try a ⁄ (n−1), the other convention.",
                shows=shows(SMOOTHED, p=SMOOTHED),
                look="floors",
            ),
            Task(
                "Almost the same",
                "Make the Bernoulli form less than 1.1 times the categorical one.",
                shows=SEED,
                goal="forms_almost_equal",
                why="Sure and wrong does it: cat far down, dog and fox equal. Cat’s cost grows without end, while "
                "each of the others’ costs stays at ln 2.",
                todo="By hand: the sliders, a number, or the point on the curve.",
            ),
        ),
    ),
    columns=["logit", "probability", "target", "categorical", "bernoulli"],
    losses=["categorical", "bernoulli"],
    charts=["forms", "floors"],
    controls=["base", "smoothing"],
    remark="log_of_zero",
    listening=code.is_open(),
)
code.copy_as_code("categorical", "bernoulli")
code.behind(
    softmax_cross_entropy,
    softmax_bernoulli_cross_entropy,
    bernoulli_cross_entropy,
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
