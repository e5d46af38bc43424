"""The input that conventions are compared on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from xent_core.checks import Floats, as_logits_and_targets, as_probabilities_and_targets
from xent_core.libraries.convention import Convention, Gradient, Kind, Need, Twin, softmax_backward
from xent_core.losses import categorical_cross_entropy, softmax_cross_entropy
from xent_core.softmax import softmax
from xent_core.targets import labels_of


@dataclass(frozen=True)
class Batch:
    """Predictions and targets, both [m, n], in one floating dtype; made by `as_batch`."""

    predictions: Floats
    targets: Floats
    kind: Kind

    @property
    def rows(self) -> int:
        """The number of examples, m."""
        return self.targets.shape[0]

    @property
    def classes(self) -> int:
        """The number of classes, n."""
        return self.targets.shape[1]

    @cached_property
    def probabilities(self) -> Floats:
        """The predictions, or their softmax if they are logits."""
        return softmax(self.predictions) if self.kind == "logits" else self.predictions

    @cached_property
    def flushed(self) -> Floats:
        """The probabilities with 0 for the denormal ones; those of float16 are normal in float32, which computes it."""
        smallest = np.finfo(np.result_type(self.probabilities, np.float32)).smallest_normal
        return np.where(self.probabilities < smallest, 0, self.probabilities)

    @cached_property
    def in_float64(self) -> "Batch":
        """The same predictions and targets in float64."""
        return Batch(self.predictions.astype(np.float64), self.targets.astype(np.float64), self.kind)

    @cached_property
    def range_of_probabilities(self) -> tuple[float, float]:
        """The least probability and the greatest."""
        return float(self.probabilities.min()), float(self.probabilities.max())

    @cached_property
    def range_of_wanted(self) -> tuple[float, float]:
        """The least and the greatest probability with a target above 0; (1, 0) if there is none."""
        wanted = self.probabilities[self.targets > 0]
        return float(wanted.min(initial=1)), float(wanted.max(initial=0))

    @cached_property
    def has_labels(self) -> bool:
        """Whether every row of the targets is one-hot."""
        return labels_of(self.targets) is not None

    @cached_property
    def plain(self) -> float:
        """The plain cross-entropy: the mean over the rows of −Σ p log q, in nats, by the core."""
        cross_entropy = softmax_cross_entropy if self.kind == "logits" else categorical_cross_entropy
        return mean(cross_entropy(self.predictions, self.targets))

    def passed_to(self, convention: Convention) -> Floats:
        """What the convention is given: the predictions, or their softmax if it takes probabilities."""
        if convention.takes == "logits":
            return self.predictions
        return self.flushed if convention.flushes else self.probabilities

    def lacks(self, convention: Convention) -> Need | None:
        """What keeps the convention from being given this batch, if anything does."""
        if convention.takes == "logits" and self.kind != "logits":
            return Need.LOGITS
        if convention.targets == "labels" and not self.has_labels:
            return Need.LABELS
        return None if convention.needs is None or self._has[convention.needs] else convention.needs

    def suits(self, convention: Convention) -> bool:
        """Whether the convention can be given this batch."""
        return self.lacks(convention) is None

    @cached_property
    def _has(self) -> dict[Need, bool]:
        return {
            Need.TWO_CLASSES: self.classes >= 2,
            Need.TWO_ROWS: self.rows >= 2,
            Need.A_COLUMN_EACH: self.rows <= self.classes,
            Need.A_SQUARE: self.rows == self.classes,
        }

    def divisor(self, convention: Convention) -> float:
        """What the call divides the sum of the entries' losses by."""
        if convention.weights is not None:
            return float(convention.weights(self.targets).sum())
        return self._divisors[convention.divides_by]

    @cached_property
    def _divisors(self) -> dict[str, int]:
        m, n = self.targets.shape
        return {"rows": m, "entries": m * n, "one": 1, "sequences": 2, "both": 2 * m}

    def unreduced(self, convention: Convention) -> Floats:
        """The convention's losses before reduction: [m], or [m, n] where the library gives one per entry."""
        with np.errstate(all="ignore"):
            return self._unreduced(convention)

    def loss(self, convention: Convention) -> float:
        """What the call returns, rounded to the dtype that it computes in."""
        known = self._losses.get(convention)
        if known is None:
            with np.errstate(all="ignore"):
                known = self._losses[convention] = self._reduced(convention)
        return known

    def _reduced(self, convention: Convention) -> float:
        losses = self._unreduced(convention)
        divisor = losses.size if convention.divides_by in ("rows", "entries") else self.divisor(convention)
        return float((losses.sum(dtype=np.float64) / np.float64(divisor)).astype(losses.dtype))

    def _unreduced(self, convention: Convention) -> Floats:
        key = convention.losses, convention.takes, convention.flushes
        known = self._twins.get(key)
        if known is None:
            known = self._twins[key] = convention.losses(self.passed_to(convention), self.targets) + 0.0
        return known

    # Many calls share a twin, so each is computed once.

    @cached_property
    def _twins(self) -> dict[tuple[Twin, Kind, bool], Floats]:
        return {}

    @cached_property
    def _losses(self) -> dict[Convention, float]:
        return {}

    @cached_property
    def _gradients(self) -> dict[tuple[Gradient, Kind, bool, float], Floats]:
        return {}

    def gradient(self, convention: Convention) -> Floats | None:
        """The derivative of `loss` with respect to the predictions, [m, n].

        It is what the library's automatic differentiation gives, inf and nan included; None: it has none.
        """
        if convention.gradient is None:
            return None
        key = convention.gradient, convention.takes, convention.flushes, self.divisor(convention)
        known = self._gradients.get(key)
        if known is None:
            with np.errstate(all="ignore"):
                known = self._gradients[key] = self._differentiated(convention, convention.gradient)
        return known

    def _differentiated(self, convention: Convention, gradient: Gradient) -> Floats:
        passed = self.passed_to(convention)
        of_loss = gradient(passed, self.targets, self.divisor(convention)).astype(passed.dtype, copy=False)
        if convention.takes == "probabilities" and self.kind == "logits":
            # TensorFlow and JAX stay in float16 here; PyTorch goes through float32
            dtype = passed.dtype if convention.flushes else np.result_type(passed, np.float32)
            of_loss = softmax_backward(passed.astype(dtype, copy=False), of_loss.astype(dtype, copy=False))
        return of_loss.astype(passed.dtype, copy=False) + 0.0


def as_batch(predictions: ArrayLike, targets: ArrayLike, kind: Kind = "logits") -> Batch:
    """Check predictions and targets: [m, n], or [n] for a batch of one.

    Raises: `ValueError` for what the core refuses, more than two dimensions, no rows, or a row of
    probabilities that are all 0.
    """
    check = as_logits_and_targets if kind == "logits" else as_probabilities_and_targets
    predictions, targets = check(predictions, targets)
    if predictions.ndim > 2 or predictions.size == 0:
        raise ValueError(f"{kind} has shape {predictions.shape}: expected rows of classes, [m, n] or [n]")
    predictions, targets = np.atleast_2d(predictions), np.atleast_2d(targets)
    empty = ~predictions.any(axis=1)
    if kind == "probabilities" and empty.any():
        raise ValueError(f"probabilities[{empty.argmax()}, :] is all 0: expected at least one above 0")
    return Batch(predictions, targets, kind)


def mean(losses: Floats) -> float:
    """The mean, added up in float64 and rounded once to the dtype given."""
    with np.errstate(all="ignore"):
        return float(losses.mean(dtype=np.float64).astype(losses.dtype))
