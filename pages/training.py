"""Training: one small network on real digits, which learns or does not by its loss alone."""

from pages.parts.page import code
from pages.parts.page.prose import small_print
from pages.parts.stage import session
from pages.parts.stage.component import stage
from pages.parts.stage.example import Example
from pages.parts.stage.story import Choice, Step, Story, Task
from pages.parts.training.settings import Played, Training
from xent_core.digits import SOURCE
from xent_core.training import double_softmax_cross_entropy, double_softmax_gradient, squared_error, train

NATS = Example()
PLAIN = Training()
SURE = Training(start="sure:12", epochs=20)
SURE_SQUARED = Training("squared_error", "sure:12", epochs=20)
SQUARED = Training("squared_error")
JUST_LEARNS, NEVER_LEARNS = Training("clipped", "sure:23"), Training("clipped", "sure:23.1")
TENTH = Training(reduction="all entries")
TENTH_FASTER = Training(reduction="all entries", rate=5.0)
TWICE = Training("double_softmax")
LONG = Training(rate=2.0, epochs=600)

stage(
    "training",
    Story(
        title="The same network learns or not, by its loss alone",
        short="It learns or not, by its loss",
        steps=(
            Step(
                "Ten scores from 64 pixels",
                "A network of one layer: ten :q[softmax] outputs from 64 pixels, trained on 1437 handwritten digits. "
                "Its weights start at 0, so the :loss[loss] is ln 10 = 2.3026. After 100 epochs it reads 98.3 % of 360 "
                "unseen digits right. Press Play.",
                shows=NATS,
                training=Played((PLAIN,), measure="trained"),
            ),
            Step(
                "Sure before it has seen anything",
                "One bias makes it sure of class 0 from the start, by 12 nats: 10.8 % are right. Trained by "
                "cross-entropy it is at 97.5 % after 20 epochs. Here it is trained by squared error, ½ Σ (q − p)².",
                begins=NATS,
                begins_training=Played((SURE_SQUARED,), epoch=0),
                ask=Choice(
                    "Where is squared error by then?",
                    {
                        "Still at 10.8\N{NO-BREAK SPACE}%": "Softmax passes its error on times q, almost 0 here "
                        "for every class but 0. The worse the mistake, the less it is corrected.",
                        "About as good": "From weights of 0 it would be. But softmax passes its error on times q, "
                        "almost 0 here for every class but 0.",
                        "Half as good": "It has not moved at all: softmax passes its error on times q, almost 0 here "
                        "for every class but 0.",
                    },
                ),
                shows=NATS,
                training=Played((SURE_SQUARED, SURE)),
            ),
            Step(
                "From weights of 0",
                "Squared error is not bad as such. From weights of 0 it reads 98.6 % of the unseen digits right after "
                "100 epochs, cross-entropy 98.3 %. What it hardly gets out of is a start that is sure and wrong.",
                shows=NATS,
                training=Played((SQUARED, PLAIN)),
            ),
            Step(
                "At the edge of the clip",
                "Cross-entropy again, but clipped at 1e-10. One run starts sure of class 0 by 23.1 nats, the other by "
                "23.0.",
                begins=NATS,
                begins_training=Played((NEVER_LEARNS, JUST_LEARNS), epoch=0),
                ask=Choice(
                    "Which of the two learns?",
                    {
                        "From 23.0": "It gets to 97.5 %. At 23.1, past the clip’s 23.03, the gradient of 90.3 % of "
                        "the digits is exactly 0: of all but the zeros.",
                        "Both": "A tenth of a nat should matter little. But 23.1 is past the clip’s 23.03, and the "
                        "gradient of 90.3 % of the digits is exactly 0.",
                        "Neither": "At 23.0 every digit still pulls: 97.5 %. At 23.1, past the clip’s 23.03, the "
                        "gradient of 90.3 % of them is exactly 0.",
                    },
                ),
                shows=NATS,
                training=Played((NEVER_LEARNS, JUST_LEARNS)),
            ),
            Step(
                "A mean over the whole matrix",
                "`reduce_mean` over all entries divides the :gradient[gradient] by 10 as well: after 100 epochs 96.4 % "
                "are right, not 98.3 %. At ten times the rate it is the same run, to the last digit. The two curves "
                "lie on each other.",
                shows=NATS,
                training=Played((TENTH_FASTER, PLAIN, TENTH)),
            ),
            Step(
                "Softmax twice",
                "Probabilities given to a loss that expects logits. The :loss[loss] stops at 1.51, near its floor of "
                "1.4612, and looks stuck; yet 97.8 % are right. It is slow: 76 % after 5 epochs, where one softmax "
                "has 94 %.",
                shows=NATS,
                training=Played((TWICE, PLAIN), measure="trained"),
            ),
            Step(
                "Too sure of itself",
                "Rate 2, 600 epochs. The test :loss[loss], dashed, is lowest at epoch 172, with 0.0544, and ends at "
                "0.0674. The accuracy hardly changes: 97.8 % then, 97.5 % at the end. Where it is wrong it grows "
                "surer too.",
                shows=NATS,
                training=Played((LONG,), measure="trained", top=0.2),
            ),
            Task(
                "A setting of your own",
                "Squared error from a start sure of class 0: in 20 epochs it has learnt nothing. Change a setting "
                "under the pictures, and see the new run over the last one.",
                shows=NATS,
                training=Played((SURE_SQUARED,)),
                goal="learns_in_20_epochs",
                why="Another loss does it, with a gradient that does not vanish. So does squared error at a rate of "
                "5. From a better start it learns too, only slower.",
                todo="By hand: 97 % of the unseen digits right within 20 epochs.",
            ),
        ),
    ),
    columns=[],
    losses=["train_loss", "test_loss", "train_accuracy", "test_accuracy"],
    charts=["learning", "accuracy", "weights", "digits"],
    controls=["playback"],
    beside="worst",
)
if not session.view().present:
    small_print(f"Digits: {SOURCE}. 1437 are trained on, 360 are not. Pixels from 0 to 1, plain SGD, all in float64.")
    code.behind(
        train,
        squared_error,
        double_softmax_cross_entropy,
        double_softmax_gradient,
        twins="""
for pixels, labels in batches:                                  # PyTorch
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(layer(pixels), labels).backward()
    optimizer.step()                                            # torch.optim.SGD(layer.parameters(), lr=0.5)
model.compile("sgd", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)); model.fit(pixels, labels)
""",
    )
