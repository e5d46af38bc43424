"""The photos and networks that come with the page, and what of them the browser fetches: logits, names, pictures."""

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xent_core import one_hot, softmax_cross_entropy
from xent_core.networks.facts import ACCURACIES, ALEXNET, RESNETS
from xent_core.networks.recorded import recorded
from xent_core.networks.trained import TITLES
from xent_core.networks.untrained import untrained_networks
from xent_core.photos import Photo, labelled_photos

TRAINED = tuple(TITLES)
TAUGHT = TRAINED[0]  # whose last layer the page teaches
NETWORKS = (*TRAINED, *(f"{name}_untrained" for name in untrained_networks()))
HOW_STARTED = {  # in a few words; in full as `untrained_networks` has it
    "alexnet": "torch’s default",
    "squeezenet_1_1": "as its authors",
    "resnet50_goyal": "blocks from 0, as Goyal",
    "efficientnet_lite0_torch": "torch’s default",
    "efficientnet_lite0": "as its authors",
    "resnet50_last_normal": "last layer N(0, 0.01²)",
    "resnet18": "He, fan-out",
    "resnet34": "He, fan-out",
    "resnet50": "He, fan-out",
    "alexnet_2012": "N(0, 0.01²), as its authors",
    "alexnet_he": "He in every layer",
    "resnet50_eval": "in eval mode",
}
OWN = "own"  # the reader's photo


def name_of(photo: Photo) -> str:
    """What an address calls a photo."""
    return photo.file.removesuffix(".jpg")


PHOTOS = tuple(map(name_of, labelled_photos().photos))
LABELS = dict(zip(PHOTOS, labelled_photos().labels.tolist(), strict=True))


@dataclass(frozen=True)
class About:
    """A network as the page tells it: how it was initialised, or that it is trained, is its `kind` in a few words, and
    `told` in full. `loss` is its mean over the ready photos, `spread` the deviation of its logits, `first` what
    ln n + s²/2 says of such a spread.
    """

    id: str
    title: str
    kind: str
    told: str
    trained: bool
    loss: float
    spread: float
    first: float


@cache
def networks() -> tuple[About, ...]:
    """All networks: the trained ones, then the others from the least to the most spread."""
    return tuple(map(_about, NETWORKS))


def _about(name: str) -> About:
    logits = recorded().logits[name].astype(np.float64)
    loss = softmax_cross_entropy(logits, one_hot(labelled_photos().labels, logits.shape[1])).mean()
    spread = float(logits.std())
    first = math.log(logits.shape[1]) + spread**2 / 2
    if name in TRAINED:
        return About(name, TITLES[name], "trained", "Trained on ImageNet", True, float(loss), spread, first)
    network = untrained_networks()[name.removesuffix("_untrained")]
    told = "; ".join(filter(None, [network.initialisation, network.normalisation]))
    return About(name, network.network, HOW_STARTED[network.id], told, False, float(loss), spread, first)


@cache
def products() -> NDArray[np.float64]:
    """The products of the photos' features, and 1 for the bias, `[8, 8]`: how far a step on one moves another."""
    features = recorded().features.astype(np.float64)
    return features @ features.T + 1


# What the browser fetches.


def about() -> bytes:
    """As JSON: the photos, the networks, the names of the classes, the products of features, and layers to draw."""
    photos = labelled_photos()
    shown = [
        {"id": name, "title": photo.title, "label": int(label), "debatable": photo.debatable}
        for name, photo, label in zip(PHOTOS, photos.photos, photos.labels, strict=True)
    ]
    return json.dumps(
        {
            "photos": shown,
            "networks": [asdict(network) for network in networks()],
            "classes": photos.class_names,
            "products": products().tolist(),
            "taught": TAUGHT,
            "layers": layers(),
        },
        ensure_ascii=False,
    ).encode()


def layers() -> list[dict[str, Any]]:
    """Each network that is drawn: its layers as [name, values that come out, parameters], all parameters, accuracy."""
    alexnet = [(layer.name, layer.channels_out * layer.side**2, layer.parameters) for layer in ALEXNET]
    drawn = [("AlexNet", alexnet), *((facts.name, list(facts.stages)) for facts in RESNETS)]
    right = {accuracy.network: accuracy for accuracy in reversed(ACCURACIES)}
    names = {"AlexNet": "AlexNet, single column"}
    return [
        {
            "network": name,
            "layers": rows,
            "parameters": sum(row[2] for row in rows),
            "top_1": right[names.get(name, name)].top_1,
            "source": right[names.get(name, name)].source,
        }
        for name, rows in drawn
    ]


@cache
def files() -> dict[str, tuple[bytes, str]]:
    """What is served, by its name: the bytes and their type."""
    logits = {f"{name}.f32": recorded().logits[name].astype("<f4").tobytes() for name in NETWORKS}
    pictures = {photo.file: photo.jpeg() for photo in labelled_photos().photos}
    return {
        "about.json": (about(), "application/json"),
        **{name: (data, "application/octet-stream") for name, data in logits.items()},
        **{name: (data, "image/jpeg") for name, data in pictures.items()},
    }


HASH = hashlib.sha256(b"".join(data for data, _ in files().values())).hexdigest()[:16]
PATH = f"photos/{HASH}"  # another one as soon as a byte is, so that a browser may keep them for ever
