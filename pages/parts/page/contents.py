"""The pages: where each is, what it is called, and the sentence that a shared link shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pages.parts.identify.asked import card

NAME = "Cross-entropy"


@dataclass(frozen=True)
class Entry:
    """One page: its file, its title and icon in the navigation, its description, and whether it is a stage, which
    brings its own way to the neighbours.
    """

    file: str
    title: str
    icon: str
    description: str
    staged: bool = False
    card: Callable[[Mapping[str, str]], tuple[str, str] | None] | None = None
    """From a query to the title and the sentence of a link with it, where they are others than the page's."""

    @property
    def name(self) -> str:
        """What the page is called in code, there and in the browser."""
        return self.file.removesuffix(".py")

    @property
    def path(self) -> str:
        """The page's path in the address; the first page's is empty."""
        return "" if self is CONTENTS[0] else self.name.replace("_", "-")

    @property
    def card_file(self) -> str:
        """The picture that a shared link shows, among the browser's files."""
        return f"{self.name}.png"

    @property
    def heading(self) -> str:
        """What a browser's tab and a shared link call it."""
        return f"{self.title} · {NAME}" if self.path else f"{NAME}, explained by hand"


CONTENTS = (
    Entry(
        "start.py",
        "Start",
        "play_circle",
        "Drag a score and watch cross-entropy: one number for how wrong a prediction is.",
        staged=True,
    ),
    Entry(
        "softmax.py",
        "Softmax",
        "equalizer",
        "Softmax keeps only the differences between logits. Move them all, or double them, and see.",
        staged=True,
    ),
    Entry(
        "two_forms.py",
        "Two forms",
        "compare_arrows",
        "Two losses go by the name cross-entropy: the categorical and the Bernoulli form, side by side.",
        staged=True,
    ),
    Entry(
        "clipping.py",
        "Clipping",
        "content_cut",
        "What clip_by_value does to log 0, to the loss and to its gradient. Guess first, then see.",
        staged=True,
    ),
    Entry(
        "batches.py",
        "Batches",
        "table_rows",
        "A batch’s loss is the mean of its examples’ losses. Paste your own numbers and find the worst one.",
        staged=True,
    ),
    Entry(
        "gradients.py",
        "Gradients",
        "south_east",
        "Each logit is pulled by q − p. Take steps downhill by four losses, side by side.",
        staged=True,
    ),
    Entry(
        "training.py",
        "Training",
        "model_training",
        "The same small network on real digits learns or does not, by its loss alone. Play it and see.",
        staged=True,
    ),
    Entry(
        "thousand_classes.py",
        "1000 classes",
        "photo_camera",
        "The same loss with 1000 output nodes, as in AlexNet and ResNet: real photos, or your own.",
        staged=True,
    ),
    Entry(
        "frameworks.py",
        "Frameworks",
        "balance",
        "One prediction, and the loss that each library’s call returns for it.",
    ),
    Entry(
        "identify.py",
        "Identify a loss",
        "troubleshoot",
        "Type the number in your log and see what computed it.",
        card=card,
    ),
)
