"""EfficientNet-Lite0: 4.6 million weights, 407 million multiplications a photo, as published 75.1 % right on ImageNet.

Batch norm is folded into the weights. A block widens its input, filters each channel, and narrows it again; where the
shape stays, it adds to its input rather than replace it.

Source: Google, tensorflow/tpu, models/official/efficientnet/lite; Tan & Le, "EfficientNet: rethinking model scaling for
convolutional neural networks" (2019).
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xent_core.networks.layers import Activations, Layer, convolution, depthwise, pad_same, pointwise, relu6


class Block(NamedTuple):
    """One row of the table below."""

    kernel: int
    stride: int
    expand: int
    channels_in: int
    channels_out: int


BLOCKS = (
    Block(3, 1, 1, 32, 16),
    Block(3, 2, 6, 16, 24),
    Block(3, 1, 6, 24, 24),
    Block(5, 2, 6, 24, 40),
    Block(5, 1, 6, 40, 40),
    Block(3, 2, 6, 40, 80),
    Block(3, 1, 6, 80, 80),
    Block(3, 1, 6, 80, 80),
    Block(5, 1, 6, 80, 112),
    Block(5, 1, 6, 112, 112),
    Block(5, 1, 6, 112, 112),
    Block(5, 2, 6, 112, 192),
    Block(5, 1, 6, 192, 192),
    Block(5, 1, 6, 192, 192),
    Block(5, 1, 6, 192, 192),
    Block(3, 1, 6, 192, 320),
)


def outputs(photo: NDArray[np.uint8], layers: Mapping[str, Layer]) -> Iterator[tuple[str, Activations]]:
    """Each part's name and output, of a photo uint8 `[224, 224, 3]`: `[h, w, channels]` from the stem to the head.

    Then "features" `[1280]`, their mean over all places, and "classifier" `[1000]`, the logits.
    """
    x = (photo - np.float32(127)) / np.float32(128)
    x = relu6(convolution(pad_same(x, 3, 2), layers["stem"], stride=2))
    yield "stem", x
    for number, block in enumerate(BLOCKS, start=1):
        x = _through(x, block, layers, f"block{number:02}")
        yield f"block{number:02}", x
    x = relu6(pointwise(x, layers["head"]))
    yield "head", x
    x = x.mean(axis=(0, 1))
    yield "features", x
    yield "classifier", pointwise(x, layers["classifier"])


def _through(x: Activations, block: Block, layers: Mapping[str, Layer], name: str) -> Activations:
    """A block's output: 1 × 1 to `expand` times the channels, k × k on each channel, 1 × 1 to the channels out."""
    wide = relu6(pointwise(x, layers[f"{name}.expand"])) if block.expand > 1 else x
    padded = pad_same(wide, block.kernel, block.stride)
    filtered = relu6(depthwise(padded, layers[f"{name}.depthwise"], block.stride))
    narrow = pointwise(filtered, layers[f"{name}.project"])  # no activation
    return x + narrow if block.stride == 1 and block.channels_in == block.channels_out else narrow
