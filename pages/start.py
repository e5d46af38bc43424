"""Start: the whole idea in one picture, on the article's example."""

from pages.parts.page import code
from pages.parts.stage.component import stage
from pages.parts.stage.example import Q1, Q2
from pages.parts.stage.story import Choice, Number, Step, Story, Task, shows
from xent_core import softmax, softmax_cross_entropy

ONE_HALF = shows(Q1)
THIRDS = shows((1 / 3, 1 / 3, 1 / 3))
SURE_AND_WRONG = shows((0.01, 0.98, 0.01))

stage(
    "start",
    Story(
        title="Cross-entropy is one number for how wrong a prediction is",
        short="One number for how wrong",
        axis="probability",
        reveal=0.3,
        steps=(
            Step(
                "Half right",
                "The right answer is cat: its :p[target p] is 1. A network scores each class, and the scores become "
                ":q[probabilities q]. Cat got 0.5, so the :loss[loss] is −ln 0.5 = :loss[{categorical}].",
                shows=ONE_HALF,
            ),
            Step(
                "The others trade places",
                "Move 0.1 of :q[probability] from fox to dog. Cat keeps its 0.5.",
                begins=ONE_HALF,
                ask=Choice(
                    "What does the :loss[loss] do?",
                    {
                        "It stays": "Only the wanted class’s q counts. The others’ targets are 0, and so are their "
                        "costs.",
                        "It rises": "Dog got likelier, so one expects it to cost more. But dog’s target is 0: only "
                        "cat’s q counts, and that is 0.5 still.",
                        "It falls": "Fox got less likely, so one expects a gain. But fox’s target is 0: only cat’s q "
                        "counts, and that is 0.5 still.",
                    },
                ),
                shows=shows((0.5, 0.3, 0.2)),
            ),
            Step(
                "A better prediction",
                "Cat rises to 0.8. The point slides down the curve, and the :loss[loss] falls from 0.6931 to "
                ":loss[{categorical}]. At q = 1 it would be 0.",
                shows=shows(Q2),
            ),
            Step(
                "Knowing nothing",
                "A network that has learnt nothing gives each of the three classes the same :q[q], one third.",
                begins=shows(Q2),
                ask=Choice(
                    "Which :loss[loss] is that?",
                    {
                        "1.0986": "It is ln 3. An untrained network prints ln n first: 2.303 for ten classes, 6.908 "
                        "for [the 1000 of AlexNet and ResNet](thousand-classes).",
                        "0.3333": "That is its q. The loss is −ln q: −ln ⅓ = ln 3. For "
                        "[1000 classes](thousand-classes) it is 6.908.",
                        "0": "0 is the loss of a sure and right answer. Not knowing costs ln n, here ln 3.",
                    },
                ),
                shows=THIRDS,
            ),
            Step(
                "Sure and wrong",
                "Now the network gives dog 0.98, and cat only :q[0.01].",
                begins=THIRDS,
                ask=Number(
                    "Which :loss[loss] do you expect? Type it, or drag the hollow point.",
                    quantity="categorical",
                    start=1.5,
                    range=(0, 6),
                    chart="cost",
                    why="Each time q gets ten times smaller the loss grows by ln 10 = 2.303. 0.01 is two such steps "
                    "below 1, so it is 2 × 2.303.",
                ),
                shows=SURE_AND_WRONG,
                reveal=0,
            ),
            Step(
                "Log of zero",
                "Cat’s :q[q] is exactly 0: the right answer is ruled out. −ln 0 is :loss[∞]. One such example makes "
                "the mean loss of a whole batch infinite. The page Clipping is about that.",
                shows=shows((0, 0.7, 0.3)),
            ),
            Step(
                "The same loss in base 10",
                "Half right again, measured by log₁₀: :loss[{categorical}]. The article this example comes from "
                "prints 0.3 and does not name its base. In base 2 it is exactly 1 bit, in base e 0.6931 nats.",
                shows=shows(Q1, base="10"),
            ),
            Task(
                "Halve the loss",
                "Cat is at 0.5 again. Halve the :loss[loss] of 0.6931 with one slider. Which one, and which way?",
                shows=ONE_HALF,
                goal="halved_by_one_slider",
                why="Cat up by 0.89 does it, and so does fox far enough down. Dog cannot: without dog, cat has only "
                "0.625.",
            ),
        ),
    ),
    columns=["logit", "probability", "target"],
    losses=["categorical"],
    charts=["cost"],
    controls=["base"],
    remark="log_of_zero",
    logit_range=6,
    listening=code.is_open(),
)
code.copy_as_code("categorical")
code.behind(
    softmax,
    softmax_cross_entropy,
    twins="""
torch.nn.functional.cross_entropy(logits, targets, reduction="none")
tf.nn.softmax_cross_entropy_with_logits(labels=targets, logits=logits)
optax.losses.softmax_cross_entropy(logits, targets)
""",
)
