"""Targets: the wanted distribution, from labels and back, or by label smoothing."""

from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xent_core.checks import Floats, as_floats, as_probabilities, short


def one_hot(labels: ArrayLike, num_classes: int) -> NDArray[np.float64]:
    """Class indices as distributions: 1 at the label, 0 elsewhere.

    Parameters: `labels` `[...]`, integers from 0 to num_classes − 1; `num_classes`, an integer above 0.
    Returns: `[..., num_classes]`, float64.
    Raises: `ValueError` for a label that is not such an integer, or num_classes below 1.
    Source: Bishop, "Pattern Recognition and Machine Learning" (2006), section 2.2, where it is 1-of-K.
    """
    if not isinstance(num_classes, Integral) or num_classes < 1:
        raise ValueError(f"num_classes is {num_classes}: expected an integer above 0")
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels: expected integers, got dtype {labels.dtype}")
    outside = (labels < 0) | (labels >= num_classes)
    if outside.any():
        position = [int(i) for i in np.argwhere(outside)[0]]
        raise ValueError(f"labels{position or ''} is {labels[outside].flat[0]}: expected 0 to {num_classes - 1}")
    return (labels[..., np.newaxis] == np.arange(num_classes)).astype(np.float64)


def labels_of(targets: ArrayLike) -> NDArray[np.intp] | None:
    """The labels of one-hot targets, as `one_hot` took them; None if any row is not one-hot.

    Parameters: `targets` `[..., n]`. Returns: `[...]`, or None.
    Raises: `ValueError` for what are no real numbers, or no classes.
    """
    targets = as_floats(targets, "targets")
    labels = targets.argmax(axis=-1)
    at_labels = np.take_along_axis(targets, labels[..., np.newaxis], axis=-1)
    return labels if (at_labels == 1).all() and np.count_nonzero(targets) == labels.size else None


def smooth_targets(targets: ArrayLike, amount: float, *, over_others: bool = False) -> Floats:
    """Label smoothing: (1 − amount) · targets + amount / n over the n classes of the last axis.

    With `over_others` the amount is shared by the n − 1 classes that are not wanted, the other convention in use:
    (1 − amount) · targets + amount · (1 − targets) / (n − 1).

    Parameters: `targets` `[..., n]`, from 0 to 1; `amount`, from 0 (no change) to 1 (all classes equal, or with
    `over_others` nothing left at the label); `over_others`, for 2 classes or more.
    Returns: `[..., n]`, the dtype of `targets` (integers: float64); rows that summed to 1 still do.
    Raises: `ValueError` for targets or an amount outside [0, 1], or `over_others` with a single class.
    Source: Szegedy et al., "Rethinking the Inception architecture" (2016); PyTorch, Keras and optax agree. Over the
    others: fairseq's label_smoothed_cross_entropy, whose eps is shared by n − 1 classes.

    >>> smooth_targets([1, 0, 0, 0, 0], 0.2)
    array([0.84, 0.04, 0.04, 0.04, 0.04])
    >>> smooth_targets([1, 0, 0, 0, 0], 0.2, over_others=True)
    array([0.8 , 0.05, 0.05, 0.05, 0.05])
    """
    targets = as_probabilities(targets, "targets")
    if not isinstance(amount, Real) or not 0 <= amount <= 1:
        raise ValueError(f"amount is {short(amount)}: expected a finite number from 0 to 1")
    amount, n = float(amount), targets.shape[-1]
    if over_others:
        if n == 1:
            raise ValueError("targets has a single class: expected at least 2 to share the amount over the others")
        return (1 - amount) * targets + amount * (1 - targets) / (n - 1)
    return (1 - amount) * targets + amount / n
