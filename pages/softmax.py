"""Softmax: from logits to probabilities, what moves them and what does not, and the way that overflows."""

from pages.parts.page import code
from pages.parts.stage.component import stage
from pages.parts.stage.example import Q1
from pages.parts.stage.story import Choice, Number, Step, Story, Task, shows
from xent_core import log_softmax, naive_softmax, softmax

SEED = shows(Q1)
RAISED = shows(z=tuple(logit + 5 for logit in SEED.logits))
DOUBLED = shows(z=tuple(logit * 2 for logit in SEED.logits))
BARS, CURVE = ("exponentials", "shares"), ("twice",)

stage(
    "softmax",
    Story(
        title="Softmax keeps only the differences between logits",
        short="Only the differences count",
        steps=(
            Step(
                "Exponentials, and their shares",
                "Softmax raises e to each logit: :q[q] is an exponential’s share of their sum. Here the logits are "
                "the logarithms of 0.5, 0.2 and 0.3, so the exponentials already sum to 1.",
                shows=SEED,
            ),
            Step(
                "Lift them all",
                "Add 5 to every logit. Each exponential grows 148-fold.",
                begins=SEED,
                ask=Choice(
                    "What does :q[q] do?",
                    {
                        "Nothing": "Adding 5 multiplies every exponential and their sum by the same e⁵. The shares "
                        "stay.",
                        "All grow": "The exponentials grow, all of them 148-fold. So does their sum, and the shares "
                        "stay.",
                        "All near ⅓": "They would, if the differences shrank. But the differences between the logits "
                        "stay, and so do the shares.",
                    },
                ),
                shows=RAISED,
                look="exponentials",
            ),
            Step(
                "Double them instead",
                "Back to the start, and then every logit is doubled: now the differences between them double too.",
                begins=SEED,
                ask=Choice(
                    "What happens to the largest :q[q]?",
                    {
                        "It grows": "Twice the differences: from 0.5 to {probability.0}. Dividing the logits by a "
                        "temperature of ½ is the same.",
                        "It stays": "It stayed when all moved by the same amount. Doubling moves them apart, and the "
                        "largest share grows to {probability.0}.",
                        "It shrinks": "Larger differences favour the largest logit: its share grows to "
                        "{probability.0}.",
                    },
                ),
                shows=DOUBLED,
                look="shares",
            ),
            Step(
                "Temperature",
                "Softmax of z ⁄ T. At T = 20 the shares are almost equal, and the loss is near ln 3 = 1.0986. At "
                "T = 0.05 the largest takes all: try it with the slider.",
                shows=shows(Q1, temperature=20.0),
                look="shares",
            ),
            Step(
                "Too large to raise e to",
                "The logits are 1000, 999 and 998, in float32. e¹⁰⁰⁰ is ∞, and ∞⁠⁄⁠∞ is nan in the naive column. "
                "Less the largest first, nothing exceeds e⁰ = 1, and no share changes. Float32 overflows past "
                "88.72.",
                shows=shows(z=(1000, 999, 998), precision="float32"),
                look="exponentials",
            ),
            Step(
                "Softmax, twice",
                "A common mistake: :q[q] goes into a loss that takes softmax itself. It sees numbers from 0 to 1 as "
                "logits. The network can only make cat’s logit ever larger.",
                begins=shows(z=(1, 0, 0)),
                ask=Number(
                    "How low can the :loss[loss] of softmax twice get? Type it.",
                    quantity="doubled",
                    start=0.0,
                    range=(0, 5),
                    why="(1, 0, 0) is the best q there is. Softmax of that gives cat 0.576, and −ln 0.576 = ln(1 + 2 "
                    "⁄ e) is the floor. With [1000 classes](thousand-classes) it is 5.91.",
                ),
                shows=shows(z=(16, 0, 0)),
                charts=CURVE,
            ),
            Task(
                "Push against the floor",
                "From (1, 0, 0): push cat’s logit to 10. The :loss[loss] of one softmax goes to 0.00009. Where does "
                "the doubled one stop?",
                shows=shows(z=(1, 0, 0)),
                goal="logit_pushed_to_10",
                why="One softmax: almost 0. Two: 0.5515, on its floor of 0.5514. A log that hangs at 0.551, 1.461 or "
                "5.909 has 3, 10 or 1000 classes and a softmax too many.",
                todo="By hand: cat’s slider, its number, or the point on the curve.",
                charts=CURVE,
            ),
        ),
    ),
    columns=["logit", "exp", "naive", "probability", "twice"],
    losses=["categorical", "doubled"],
    charts=BARS,
    controls=["shift", "temperature", "precision"],
    remark="overflow",
    logit_range=16,
    listening=code.is_open(),
)
code.copy_as_code("probabilities", in_precision=True)
code.behind(
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
