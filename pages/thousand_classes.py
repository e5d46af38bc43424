"""1000 classes: real photos, real networks of 1000 output nodes, and the same loss."""

import numpy as np

from pages.parts.page import code
from pages.parts.photos import credits, own
from pages.parts.photos.example import example_of, labelled
from pages.parts.photos.ready import HASH, PHOTOS, TRAINED
from pages.parts.stage import session
from pages.parts.stage.component import stage
from pages.parts.stage.photo import Shown
from pages.parts.stage.story import Choice, Step, Story, Task
from xent_core import group_others, logsumexp, softmax_cross_entropy
from xent_core.networks.recorded import recorded

LITE, SQUEEZE = TRAINED
CLOCK = "clock_motion"
LEAST = int(np.argmin(recorded().logits[LITE][PHOTOS.index(CLOCK)]))


def told(title, text, photo, begins=None, **more):
    """A step that shows a photo, and what was before it where it asks or tells of that."""
    before = {"begins": example_of(begins), "begins_photo": begins} if begins else {}
    return Step(title, text, shows=example_of(photo), photo=photo, **before, **more)


BEFORE = labelled("alps", "alexnet_untrained", top=0)
CLOCKED, ALONE = labelled(CLOCK, LITE), labelled(CLOCK, LITE, top=0)

STORY = Story(
    title="The same loss with 1000 output nodes",
    short="1000 output nodes",
    steps=(
        told(
            "As the article has it",
            "AlexNet and ResNet end in 1000 output nodes, one a class. Before any training AlexNet’s logits are all "
            "nearly 0, each :q[q] is near 0.001, and the :loss[loss] near ln 1000 = 6.9078, whatever the photo. Here "
            "it is {categorical}.",
            BEFORE,
            charts=("layers",),
        ),
        told(
            "Trained",
            "Over these eight photos the mean is now 1.2693. Under each stands its own :loss[loss]. Three are misread: "
            "this blurred wall clock is taken for a bubble, and costs {categorical}.",
            CLOCKED,
            charts=("strip",),
        ),
        told(
            "Sure without having learnt",
            "Back to an untrained AlexNet. Now every layer starts as He et al. draw them, the last one too, so that "
            "the logits are spread by s = 4.6.",
            labelled("alps", "alexnet_he_untrained", top=0),
            BEFORE,
            ask=Choice(
                "What is its mean loss?",
                {
                    "About 16.5": "It is sure of a class without having learnt anything. Of logits spread by s the "
                    "first loss is about ln n + s²\u00a0⁄\u00a02. So a first loss far above ln n says that the "
                    "last layer starts too large.",
                    "About 6.9": "So it would be if all logits were alike. Spread by s they are sure of some class, "
                    "nearly always a wrong one: about ln n + s²\u00a0⁄\u00a02, here 16.46.",
                    "About 0": "That takes a network that is sure and right. This one is sure and wrong: of logits "
                    "spread by s the first loss is about ln n + s²\u00a0⁄\u00a02, here 16.46.",
                },
            ),
            charts=("networks",),
        ),
        told(
            "What clipping would hide",
            "ResNet-50 before training, its batch norm switched off as in eval mode: here the :loss[loss] is "
            "{categorical}, and the mean 48.53. All eight lie beyond the clip at 1e-10, which prints 23.03 for each "
            "and stops learning.",
            labelled("china", "resnet50_eval_untrained", top=0),
            charts=("networks",),
        ),
        Task(
            "The other 999",
            "All other classes as one row, at their logsumexp: softmax and :loss[loss] stay exactly what they were. "
            "Drag the wall clock’s logit until it is likelier than all others together.",
            shows=example_of(ALONE),
            photo=ALONE,
            goal="likelier_than_all_others",
            why="Its logit is above 9.7 now, the logsumexp of the other 999, so its :q[q] is above one half, and the "
            ":loss[loss] below ln 2.",
            todo="By hand: the wall clock’s logit.",
            charts=("strip",),
        ),
        told(
            "Your own photo",
            "Below this stage is the place for it: a file, the clipboard or the camera. Then say what it is under "
            "Wanted, and read the loss of that.",
            labelled("coffee", LITE),
            charts=("strip",),
        ),
        told(
            "Teach it, a class too unlikely",
            "The clock’s least likely class is wanted: {begins.categorical}. 100 steps of :gradient[gradient] descent "
            "on the last layer alone bring that to {categorical}. Squared error, which you can choose below, hardly "
            "moves. Look what the lesson did to the other photos.",
            Shown(CLOCK, LITE, LEAST, top=3, taught=(CLOCK, LEAST, "cross_entropy", 100)),
            Shown(CLOCK, LITE, LEAST, top=3),
            charts=("strip",),
        ),
        told(
            "A second network",
            "SqueezeNet is as accurate on ImageNet as AlexNet was. EfficientNet’s loss of the blurred clock is "
            "{begins.categorical}; knowing nothing would cost ln 1000 = 6.9078.",
            labelled(CLOCK, SQUEEZE, top=0),
            ALONE,
            ask=Choice(
                "What does the clock cost SqueezeNet?",
                {
                    "More than 6.9078": "9.90: it is sure, and wrong. 132 classes stand before wall clock. Right more "
                    "than half of the time, a network may still lose more on one photo than one that knows nothing.",
                    "Between the two": "It is even more: 9.90. 132 classes stand before wall clock, and of the first "
                    "the network is sure. Being sure and wrong costs more than knowing nothing.",
                    "Less than EfficientNet’s": "It is far more: 9.90. 132 classes stand before wall clock. Being sure "
                    "and wrong costs more than knowing nothing.",
                },
            ),
            charts=("strip",),
        ),
    ),
)

photo = own.own_photo()
if fault := own.missing(session.held().photo):
    session.forget_photo(fault)
asked = session.held().photo
stage(
    "thousand_classes",
    STORY,
    columns=["logit", "probability", "categorical"],
    losses=["categorical"],
    charts=["strip"],
    controls=["photos", "network", "wanted", "lessons"],
    logit_range=20,
    listening=code.is_open(),
    photos={
        "at": HASH,
        "networks": sorted({shown.network for shown in (*(step.photo for step in STORY.steps), asked) if shown}),
        "own": photo.plain if photo else None,
    },
)
if not session.view().present:
    own.place()
code.copy_as_code("categorical")
credits.place()
code.behind(
    group_others,
    logsumexp,
    softmax_cross_entropy,
    twins="""
torch.nn.functional.cross_entropy(logits, labels)        # logits [m, 1000], straight from the last layer
tf.nn.softmax_cross_entropy_with_logits(labels=p, logits=z)
""",
)
