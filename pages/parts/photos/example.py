"""The few rows that tell 1000 classes: the likeliest, the wanted one, and all others as one."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages.parts.photos.ready import LABELS, PHOTOS
from pages.parts.stage.address import NAME_LENGTH
from pages.parts.stage.example import Example
from pages.parts.stage.photo import Shown
from pages.parts.stage.rows import wants
from xent_core import group_others
from xent_core.networks.recorded import recorded
from xent_core.photos import labelled_photos


def labelled(photo: str, network: str, **more: Any) -> Shown:
    """A ready photo with its own label."""
    return Shown(photo, network, LABELS[photo], **more)


def kept_classes(logits: NDArray[np.floating], wanted: int, top: int) -> list[int]:
    """The wanted class and the `top` likeliest, from the likeliest on."""
    order = np.argsort(-logits, kind="stable").tolist()
    return [label for rank, label in enumerate(order) if rank < top or label == wanted]


@cache
def example_of(shown: Shown) -> Example:
    """What the table shows of a ready photo: the kept classes, and all others as one at their logsumexp."""
    logits = recorded().logits[shown.network][PHOTOS.index(shown.photo)].astype(np.float64)
    kept = kept_classes(logits, shown.wanted, shown.top)
    return Example(
        names=(*(short_name(label) for label in kept), f"the other {len(logits) - len(kept)}"),
        logits=tuple(group_others(logits, kept).tolist()),
        targets=wants([kept.index(shown.wanted)], len(kept) + 1)[0],
    )


def short_name(label: int) -> str:
    """A class's name, as ImageNet calls it, cut to what the stage takes."""
    name = labelled_photos().class_names[label]
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"
