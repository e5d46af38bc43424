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
                "A :q[softmax] over ten sums of weighted pixels, trained on 1437 handwritten digits. With all weights "
                "0 the :loss[loss] is ln 10 = 2.3026. After 100 epochs it gets 98.3 % of 360 unseen digits right. "
                "Press Play.",
                shows=NATS,
                training=Played((PLAIN,), measure="trained"),
            ),
            Step(
                "Sure before it has seen anything",
                "Now it starts sure of class 0, by 12 nats, and so it gets 10.8 % right. Its loss is squared error, "
                "½ Σ (q − p)². Cross-entropy starts at the same place and is at 97.5 % after 20 epochs.",
                begins=NATS,
                begins_training=Played((SURE_SQUARED,), epoch=0),
                ask=Choice(
                    "Where is squared error by then?",
                    {
                        "Still at 10.8\N{NO-BREAK SPACE}%": "Its gradient carries a factor q, here almost 0 for "
                        "every class but 0: the worse the mistake, the less it corrects.",
                        "About as good": "From weights of 0 it would be. But its gradient carries a factor q, here "
                        "almost 0 for every class but 0.",
                        "Half as good": "It has not moved at all. Its gradient carries a factor q, here almost 0 for "
                        "every class but 0.",
                    },
                ),
                shows=NATS,
                training=Played((SURE_SQUARED, SURE)),
            ),
            Step(
                "From weights of 0",
                "Squared error is not a bad loss as such. From weights of 0 it gets 98.6 % of the unseen digits right "
                "after 100 epochs, cross-entropy 98.3 %. The start made the difference, together with the loss.",
                shows=NATS,
                training=Played((SQUARED, PLAIN)),
            ),
            Step(
                "At the edge of the clip",
                "Cross-entropy clipped at 1e-10, started sure of class 0 by 23.0 nats, or by 23.1. Past 23.03 nats "
                "the clip cuts the :gradient[gradient] off.",
                begins=NATS,
                begins_training=Played((NEVER_LEARNS, JUST_LEARNS), epoch=0),
                ask=Choice(
                    "Which of the two learns?",
                    {
                        "From 23.0": "It gets to 97.5 %. From 23.1 the gradient of 90.3 % of the digits is exactly 0, "
                        "of all but the zeros.",
                        "Both": "A tenth of a nat should matter little. But from 23.1 the gradient of 90.3 % of the "
                        "digits is exactly 0.",
                        "Neither": "From 23.0 every digit still pulls: 97.5 %. From 23.1 the gradient of 90.3 % of "
                        "them is exactly 0.",
                    },
                ),
                shows=NATS,
                training=Played((NEVER_LEARNS, JUST_LEARNS)),
            ),
            Step(
                "A mean over the whole matrix",
                "`reduce_mean` over all entries divides the :gradient[gradient] by 10 as well: after 100 epochs 96.4 "
                "% in place of 98.3 %. At ten times the rate the run is the same one, to the last digit: its curve "
                "lies on that of the mean over rows.",
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
                "0.0674. The accuracy hardly changes, 97.8 % and 97.5 %: a few misread digits are misread ever more "
                "surely.",
                shows=NATS,
                training=Played((LONG,), measure="trained", top=0.2),
            ),
            Task(
                "A setting of your own",
                "Squared error from sure of class 0, and nothing learnt in 20 epochs. Change what you like, and see "
                "the new run over the last one.",
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
