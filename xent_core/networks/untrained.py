"""What networks of 1000 classes say before any training: the first loss is near ln 1000, or the initialisation is off.

Source: He et al., "Delving deep into rectifiers" (2015); Goyal et al., "Accurate, large minibatch SGD" (2017).
"""

import json
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from xent_core.networks.trained import DATA


@dataclass(frozen=True, eq=False)
class Untrained:
    """A network at its initialisation, with seed 0: `logits` float32 `[10, 1000]`, one row for each of `photos`.

    The first eight photos are those of `labelled_photos`. `lowest` and `highest` are the mean loss of these eight, in
    nats, over the seeds 0 to 4. `normalisation` is empty where the network has no batch norm.
    """

    id: str
    network: str
    initialisation: str
    normalisation: str
    lowest: float
    highest: float
    photos: tuple[str, ...] = field(repr=False)
    logits: NDArray[np.float32] = field(repr=False)


@cache
def untrained_networks() -> dict[str, Untrained]:
    """Twelve networks at their initialisation by id, those first whose logits are spread least; shared, read-only.

    >>> list(untrained_networks())[0], untrained_networks()["alexnet_he"].highest
    ('alexnet', 16.463)
    """
    about = json.loads((DATA / "untrained.json").read_text(encoding="utf-8"))
    with np.load(DATA / "untrained.npz", allow_pickle=False) as arrays:
        logits = arrays["logits"]
    logits.flags.writeable = False
    return {
        network["id"]: Untrained(
            id=network["id"],
            network=network["network"],
            initialisation=network["initialisation"],
            normalisation=network["normalisation"],
            lowest=network["seeds"][0],
            highest=network["seeds"][1],
            photos=tuple(about["photos"]),
            logits=said,
        )
        for network, said in zip(about["networks"], logits, strict=True)
    }
