"""The layers that both networks are made of, for one photo held as `[height, width, channels]`, in float32.

Kernels are not flipped (cross-correlation), as in every library.

Source: Goodfellow, Bengio & Courville, "Deep Learning" (2016), sections 9.1 to 9.5.
"""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Activations = NDArray[np.float32]


class Layer(NamedTuple):
    """`weight`, whose last axis is the channels out, and `bias` `[out]`, both float32."""

    weight: Activations
    bias: Activations


def relu(x: Activations) -> Activations:
    """Max(x, 0), in place.

    >>> relu(np.array([-1, 2], np.float32))
    array([0., 2.], dtype=float32)
    """
    return np.maximum(x, 0, out=x)


def relu6(x: Activations) -> Activations:
    """Min(max(x, 0), 6), in place.

    >>> relu6(np.array([-1, 2, 7], np.float32))
    array([0., 2., 6.], dtype=float32)
    """
    return np.clip(x, 0, 6, out=x)


def pointwise(x: Activations, layer: Layer) -> Activations:
    """A 1 × 1 convolution: x · weight + bias at every place. Weight `[in, out]`; x `[..., in]` to `[..., out]`."""
    y = x @ layer.weight
    y += layer.bias
    return y


def convolution(x: Activations, layer: Layer, stride: int = 1) -> Activations:
    """A full k × k convolution: the sum over a window and all channels in. Weight `[k, k, in, out]`; no padding.

    >>> ones = Layer(np.ones((3, 3, 1, 1), np.float32), np.ones(1, np.float32))
    >>> convolution(np.ones((3, 3, 1), np.float32), ones)
    array([[[10.]]], dtype=float32)
    """
    k, _, channels, out = layer.weight.shape
    windows = sliding_window_view(x, (k, k), (0, 1))[::stride, ::stride]  # [h, w, in, k, k]
    height, width = windows.shape[:2]
    rows = windows.transpose(0, 1, 3, 4, 2).reshape(height * width, k * k * channels)
    y = rows @ layer.weight.reshape(k * k * channels, out)
    y += layer.bias
    return y.reshape(height, width, out)


def depthwise(x: Activations, layer: Layer, stride: int = 1) -> Activations:
    """A k × k convolution of each channel by itself. Weight `[k, k, channels]`; no padding.

    >>> ones = Layer(np.ones((3, 3, 2), np.float32), np.array([0, 1], np.float32))
    >>> depthwise(np.ones((3, 3, 2), np.float32), ones)
    array([[[ 9., 10.]]], dtype=float32)
    """
    windows = sliding_window_view(x, layer.weight.shape[:2], (0, 1))[::stride, ::stride]
    y: Activations = np.einsum("hwcij,ijc->hwc", windows, layer.weight)
    y += layer.bias
    return y


def pad_same(x: Activations, kernel: int, stride: int) -> Activations:
    """Zeros around x so that a window at every `stride`-th place fits, as TensorFlow's 'same': the odd one comes after.

    >>> pad_same(np.ones((4, 4, 1), np.float32), kernel=3, stride=2).shape
    (5, 5, 1)
    """
    sides = [max((-(-side // stride) - 1) * stride + kernel - side, 0) for side in x.shape[:2]]
    return np.pad(x, [*((total // 2, total - total // 2) for total in sides), (0, 0)])


def max_pool(x: Activations) -> Activations:
    """The largest of 3 × 3 windows at every second place; a window that hangs over the edge takes what there is.

    >>> max_pool(np.arange(16, dtype=np.float32).reshape(4, 4, 1))[..., 0]
    array([[10., 11.],
           [14., 15.]], dtype=float32)
    """
    outs = [-(-(side - 3) // 2) + 1 for side in x.shape[:2]]
    hanging = [2 * (out - 1) + 3 - side for out, side in zip(outs, x.shape[:2], strict=True)]
    x = np.pad(x, [(0, hanging[0]), (0, hanging[1]), (0, 0)], constant_values=-np.inf)
    rows = np.maximum(np.maximum(x[:-2:2], x[1:-1:2]), x[2::2])
    return np.maximum(np.maximum(rows[:, :-2:2], rows[:, 1:-1:2]), rows[:, 2::2])
