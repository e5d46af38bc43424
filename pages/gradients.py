"""Gradients: what each loss's gradient does to a logit, and where steps downhill lead."""

from pages.parts.page import code
from pages.parts.stage.component import stage
from pages.parts.stage.example import Q1
from pages.parts.stage.story import Choice, Step, Story, Task, shows
from xent_core import (
    bernoulli_cross_entropy_gradient,
    clipped_cross_entropy_gradient,
    softmax_cross_entropy_gradient,
    squared_error_gradient,
)

SEED = shows(Q1)
SURE_AND_WRONG = shows((0.01, 0.98, 0.01))

stage(
    "gradients",
    Story(
        title="Each logit is pulled by q − p",
        short="Pulled by q − p",
        steps=(
            Step(
                "What is missing, and what is held",
                "The :gradient[gradient] of the loss is :q[q] − :p[p]. To lower the loss, each logit moves against "
                "its gradient: cat is pulled up by the 0.5 it lacks, dog and fox down by the 0.2 and 0.3 they hold. "
                "The three sum to 0.",
                shows=SEED,
            ),
            Step(
                "One step downhill",
                "Each logit moves against its :gradient[gradient], by the learning rate times it. The :loss[loss] "
                "falls from 0.6931 to :loss[{categorical}]. In the triangle the point follows its arrow.",
                shows=SEED,
                walk=1,
            ),
            Step(
                "Sure and wrong",
                "Now dog has 0.98, and cat only :q[0.01]. Squared error is another loss for the same outputs: ½ Σ "
                "(q − p)².",
                begins=SEED,
                ask=Choice(
                    "Which of the two pulls harder at cat?",
                    {
                        "Cross-entropy": "With −0.99, all that cat lacks. Squared error passes its error on times q, "
                        "which is 0.01 here, so only −0.0194 arrives: the worst mistake hardly moves it.",
                        "Squared error": "Its error is as large. But softmax passes it on times q, which is 0.01 "
                        "here, so only −0.0194 arrives, where cross-entropy pulls with −0.99.",
                        "The same": "Both errors are the same. But softmax passes squared error’s on times q, which "
                        "is 0.01 here, so only −0.0194 arrives, where cross-entropy pulls with −0.99.",
                    },
                ),
                shows=SURE_AND_WRONG,
            ),
            Step(
                "Ten steps each",
                "From the same start every loss takes ten steps of its own. All are measured in cross-entropy, which "
                "starts at 4.6052.",
                begins=SURE_AND_WRONG,
                ask=Choice(
                    "Where does squared error get?",
                    {
                        "4.01": "It has hardly left. Cross-entropy is at 0.0736 by then: where the error is worst it "
                        "pulls hardest.",
                        "0.07": "That is cross-entropy’s. Squared error has hardly left: where it is surest its "
                        "gradient is smallest.",
                        "2.3": "Not even half the way. Where it is sure and wrong its gradient is almost 0.",
                    },
                ),
                shows=SURE_AND_WRONG,
                walk=10,
                look="descent",
            ),
            Step(
                "Past the clip",
                "Cat’s logit is −28, and the loss that is followed is clipped at 1e-10. There is no arrow at all: "
                "its :gradient[gradient] is exactly 0. Cross-entropy and Bernoulli still pull with −1, squared "
                "error with almost nothing.",
                shows=shows(z=(-28, 0, -1), objective="clipped"),
                look="triangle",
            ),
            Step(
                "Another direction",
                "The Bernoulli form asks every class. Its :gradient[gradient] on softmax outputs is not :q[q] − "
                ":p[p]: from (0.05, 0.8, 0.15) it pushes the largest rival down first, and its path bends.",
                shows=shows((0.05, 0.8, 0.15), objective="bernoulli"),
                walk=10,
                look="triangle",
            ),
            Step(
                "Half the pull",
                "The same :q[q] at temperature 2: every :gradient[gradient] is half of what it was, −0.25 at cat. A "
                "mean over all m·n entries of a batch divides it by n in the same way.",
                shows=shows(tuple(q**2 for q in Q1), temperature=2.0),
            ),
            Task(
                "In three steps",
                "From sure and wrong: choose a learning rate of at most 3.5 with which three steps bring the "
                ":loss[loss] below 0.05.",
                shows=SURE_AND_WRONG,
                goal="below_in_three_steps",
                why="From 3.37 on, three steps are enough here. On soft targets such as (0.7, 0.2, 0.1) so large a "
                "rate overshoots: try 10 and let it swing.",
                todo="By hand: the rate, and the button that takes a step (or the key s).",
                look="descent",
            ),
        ),
    ),
    columns=["logit", "probability", "target", "gradient"],
    losses=["categorical"],
    charts=["triangle", "descent"],
    controls=["descent"],
    remark="log_of_zero",
    logit_range=10,
    listening=code.is_open(),
)
code.copy_as_code("categorical")
code.behind(
    softmax_cross_entropy_gradient,
    squared_error_gradient,
    clipped_cross_entropy_gradient,
    bernoulli_cross_entropy_gradient,
    twins="""
loss.backward(); logits.grad                                    # PyTorch: any of these losses
tape.gradient(loss, logits)                                     # TensorFlow
jax.grad(loss)(logits)                                          # JAX
""",
)
