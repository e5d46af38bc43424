"""What the trained networks said to the ready photos, recorded so that a page shows it without a pass."""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from xent_core.networks.trained import DATA
from xent_core.networks.untrained import untrained_networks
from xent_core.photos import labelled_photos

FILE = DATA / "recorded.npz"


@dataclass(frozen=True, eq=False)
class Recorded:
    """The photos of `labelled_photos`, in their order.

    `logits` are float32 `[8, 1000]` by network: both trained ones by their names, those of `untrained_networks` by
    theirs and "_untrained". `features` are float32 `[8, 1280]`, what EfficientNet-Lite0's last layer sees.
    """

    logits: dict[str, NDArray[np.float32]] = field(repr=False)
    features: NDArray[np.float32] = field(repr=False)


@cache
def recorded() -> Recorded:
    """The records, read once; shared.

    >>> recorded().logits["alexnet_he_untrained"].shape
    (8, 1000)
    """
    photos, networks = labelled_photos(), untrained_networks()
    with np.load(FILE, allow_pickle=False) as arrays:
        features, squeezenet = arrays["features"], arrays["squeezenet_1_1"]
    untrained = {f"{name}_untrained": networks[name].logits[: len(photos.labels)] for name in networks}
    return Recorded({"efficientnet_lite0": photos.logits, "squeezenet_1_1": squeezenet, **untrained}, features)
