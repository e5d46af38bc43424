"""SqueezeNet 1.1: 1.2 million weights, about as often right as AlexNet with its 61 million (as published).

A fire module squeezes its input into few channels, and expands these by 1 × 1 and 3 × 3 kernels side by side. ReLU
follows every convolution, the last one too: no logit is below 0.

Source: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and < 0.5 MB model size" (2016),
arXiv:1602.07360; forresti/SqueezeNet, SqueezeNet_v1.1.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from xent_core.networks.layers import Activations, Layer, convolution, max_pool, pointwise, relu

MEAN_BGR = np.array([104, 117, 123], np.float32)


def logits(photo: NDArray[np.uint8], layers: Mapping[str, Layer]) -> Activations:
    """The logits `[1000]` of a photo `[h, w, 3]`, 224 × 224 or the 227 × 227 that it was trained at."""
    x = photo[..., ::-1].astype(np.float32) - MEAN_BGR
    x = relu(convolution(x, layers["conv1"], stride=2))
    for group in (["fire2", "fire3"], ["fire4", "fire5"], ["fire6", "fire7", "fire8", "fire9"]):
        x = max_pool(x)
        for name in group:
            x = _fire(x, layers, name)
    return relu(pointwise(x, layers["classifier"])).mean(axis=(0, 1))


def _fire(x: Activations, layers: Mapping[str, Layer], name: str) -> Activations:
    """A fire module's output: both expansions, one after the other along the channels, 1 × 1 first."""
    squeezed = relu(pointwise(x, layers[f"{name}.squeeze"]))
    padded = np.pad(squeezed, [(1, 1), (1, 1), (0, 0)])
    small, large = pointwise(squeezed, layers[f"{name}.expand1x1"]), convolution(padded, layers[f"{name}.expand3x3"])
    return relu(np.concatenate([small, large], axis=-1))
