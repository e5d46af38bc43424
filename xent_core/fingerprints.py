"""Losses that are known without any data: floors and ceilings."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

COMMON_SIZES = (
    *range(2, 21),
    *(50, 100, 200, 365, 1000, 10_000, 21_841),
    *(28_996, 30_522, 32_000, 32_768, 49_152, 50_257, 50_265, 50_304, 100_256, 100_277),
    *(128_000, 128_256, 151_643, 151_936, 152_064, 200_019, 250_002, 256_000, 262_144),
)
"""Numbers of classes and vocabulary sizes that are common: 2 to 20, image data sets, and language models."""

NEAR_ZERO = 1e-3
"""Losses up to here are those of a model that makes no mistake."""

FEW_CLASSES = 1000
"""Up to here a common size is also tried for double softmax, smoothing and means over the whole matrix."""

KNOWN, MISTAKE, CHANGED, DOUBLY_CHANGED, ROW, CHANGED_ROW = range(6)
"""Ranks, best first: usual, a classic mistake, another reduction or base, both, one row, and that changed.

One row of the plain categorical or Bernoulli form, in any base, counts as changed once.
"""


@dataclass(frozen=True)
class Fingerprint:
    """A loss that says by itself where it comes from."""

    value: float
    rank: int
    title: str
    meaning: str
    next_step: str


@lru_cache(maxsize=64)
def fingerprints(num_classes: int | None = None) -> tuple[Fingerprint, ...]:
    """Every known value: of `num_classes` classes, or of the common sizes if that is None."""
    if num_classes is not None:
        of_sizes = _of_classes(num_classes)
    else:
        of_sizes = (fingerprint for n in COMMON_SIZES for fingerprint in _of_common_size(n))
    return (*of_sizes, *_ceilings(), *_floors(), *_of_floats())


def negated(known: Iterable[Fingerprint]) -> Iterator[Fingerprint]:
    """What the usual losses would be without their minus sign."""
    for one in known:
        if one.rank == KNOWN and one.value > NEAR_ZERO:
            yield Fingerprint(
                -one.value,
                MISTAKE,
                one.title[1:] if one.title.startswith("−") else f"Minus {one.title}",
                f"The minus sign is missing, or the loss is maximised. {one.meaning}",
                f"Put a minus sign before the sum. {one.next_step}",
            )


def in_half_precision(known: Iterable[Fingerprint]) -> Iterator[Fingerprint]:
    """The usual losses and the mistakes as float16 and bfloat16 hold them."""
    for one in known:
        if one.rank <= MISTAKE and one.value > NEAR_ZERO:
            for name, value in (("float16", float(np.float16(one.value))), ("bfloat16", _bfloat16(one.value))):
                yield Fingerprint(
                    value,
                    DOUBLY_CHANGED,
                    f"{one.title}, in {name}",
                    f"{one.meaning} It was computed in {name}, which holds {one.value:.6g} as {value:.8g}.",
                    f"{one.next_step} Compute the loss in float32.",
                )


def _bfloat16(value: float) -> float:
    """The nearest number with 8 binary digits."""
    mantissa, exponent = math.frexp(value)
    return math.ldexp(round(mantissa * 256), exponent - 8)


def seen_from_above(known: Fingerprint, value: float) -> Fingerprint:
    """A fingerprint as it is told where the value is another; just above ln n is where training starts."""
    if not known.value < value <= 1.05 * known.value or not known.title.startswith("ln ") or known.rank != KNOWN:
        return known
    return replace(
        known,
        meaning="A fresh network starts a little above this: its classes are almost equally likely, not quite.",
        next_step="In the first steps this is right. If it stays there, the model does not learn.",
    )


def _of_common_size(n: int) -> Iterator[Fingerprint]:
    if n <= FEW_CLASSES:
        yield from (known for known in _of_classes(n) if known.rank <= MISTAKE)
    else:
        yield _all_equal(n)


def _of_classes(n: int) -> Iterator[Fingerprint]:
    yield _all_equal(n)
    if n > 1:
        yield from _of_double_softmax(n)
        yield _smoothing_floor(n)
        yield from _all_equal_by_another_reduction(n)


def _all_equal(n: int) -> Fingerprint:
    return Fingerprint(
        math.log(n),
        KNOWN,
        f"ln {n:,}",
        f"All {n:,} classes are equally likely: the model is untrained, or it does not learn.",
        "In the first steps this is right. If it stays: look for a learning rate that is too small or far "
        "too large, labels shuffled against inputs, inputs that are all alike, or a gradient of 0.",
    )


def _of_double_softmax(n: int) -> Iterator[Fingerprint]:
    fix = "Pass the logits to the loss: take the softmax out of the model, or set from_logits to match it."
    yield Fingerprint(
        math.log1p((n - 1) / math.e),
        MISTAKE,
        f"ln(1 + {n - 1:,}/e), the floor of double softmax",
        f"Softmax is applied twice: with {n:,} classes even a perfect prediction costs this much.",
        fix,
    )
    yield Fingerprint(
        math.log(math.e + n - 1),
        MISTAKE,
        f"ln(e + {n - 1:,}), the ceiling of double softmax",
        f"Softmax is applied twice: with {n:,} classes even a sure and wrong prediction costs no more.",
        fix,
    )


def _smoothing_floor(n: int) -> Fingerprint:
    rest = 0.1 / n
    top = 0.9 + rest
    return Fingerprint(
        -top * math.log(top) - (n - 1) * rest * math.log(rest),
        MISTAKE,
        f"Floor of label smoothing 0.1 with {n:,} classes",
        "The prediction equals the smoothed targets: their entropy is what remains.",
        "Nothing to repair: with label smoothing this is the lowest loss there is.",
    )


def _all_equal_by_another_reduction(n: int) -> Iterator[Fingerprint]:
    equal = f"All {n:,} classes are equally likely"
    learn = "Check that the model learns at all; and mind the unit when you compare."
    binary = math.log(n) + (n - 1) * math.log(n / (n - 1))
    for value, title, meaning in (
        (math.log2(n), f"log₂ {n:,}", f"{equal}, and the loss is in bits."),
        (math.log10(n), f"log₁₀ {n:,}", f"{equal}, and the loss is in bans (base 10)."),
        (math.log(n) / n, f"ln {n:,} / {n:,}", f"{equal}, and the mean is over all m·n entries."),
        (binary, f"Binary form at 1/{n:,}", f"{equal}, and the binary form is summed over the classes."),
        (
            binary / n,
            f"Binary form at 1/{n:,}, averaged",
            f"{equal}, and the binary form is averaged over them.",
        ),
        (
            n * math.log(2),
            f"{n:,} · ln 2",
            "Every sigmoid is at ½, and the binary form is summed over the classes.",
        ),
    ):
        yield Fingerprint(value, CHANGED, title, meaning, learn)


CLIPS = (
    (1e-5, "1e-5", CHANGED, "a clip written by hand"),
    (1e-6, "1e-6", CHANGED, "a clip written by hand"),
    (1e-7, "1e-7", KNOWN, "Keras' clip"),
    (1e-8, "1e-8", KNOWN, "a clip written by hand"),
    (1e-9, "1e-9", CHANGED, "a clip written by hand"),
    (1e-10, "1e-10", KNOWN, "the clip of the classic TensorFlow 1 formula"),
    (1e-12, "1e-12", KNOWN, "a clip written by hand"),
    (1e-15, "1e-15", KNOWN, "the clip of old scikit-learn's log_loss"),
    (1e-16, "1e-16", CHANGED, "a clip written by hand"),
    (1e-20, "1e-20", CHANGED, "a clip written by hand"),
    (2.0**-10, "float16's machine epsilon", KNOWN, "scikit-learn's log_loss on float16"),
    (2.0**-23, "float32's machine epsilon", KNOWN, "scikit-learn's log_loss on float32"),
    (2.0**-52, "float64's machine epsilon", KNOWN, "scikit-learn's log_loss on float64"),
)
"""Lower bounds of probabilities, as one writes them, how usual they are, and whose they are."""


def _ceilings() -> Iterator[Fingerprint]:
    of_a_loss = (
        "Use the loss that takes logits: it has no ceiling. Beyond a clip the gradient is exactly 0, and "
        "nothing is learnt."
    )
    of_a_metric = (
        "log_loss only measures: the model gave a true class the probability 0. Calibrate or smooth its "
        "probabilities, or check the labels."
    )
    for bound, written, rank, whose in CLIPS:
        step = of_a_metric if "log_loss" in whose else of_a_loss
        meaning = f"The true class has less than {written}, where {whose} stops the loss"
        yield Fingerprint(-math.log(bound), rank, f"−ln {written}", f"{meaning}.", step)
        if rank == KNOWN and written.startswith("1e"):
            title, in_bans = f"−log₁₀ {written}", f"{meaning}, here in bans (base 10)."
            yield Fingerprint(-math.log10(bound), CHANGED, title, in_bans, step)
    yield Fingerprint(
        100.0,
        KNOWN,
        "100, PyTorch's ceiling of the binary loss",
        "An entry is exactly wrong: binary_cross_entropy stops each logarithm at −100.",
        "Use binary_cross_entropy_with_logits, on the logits. If every entry costs 100, the model is sure "
        "and always wrong: check the labels.",
    )


FLOORS = (
    (0.0, "0", ", to the digits shown"),
    (-math.log1p(-(2.0**-23)), "1.19e-7, float32's machine epsilon", ": Keras' clip leaves this much in float32"),
    (-math.log1p(-1e-7), "1e-7", ": Keras' clip leaves this much in float64"),
    (-math.log1p(2.0**-23), "−1.19e-7, minus float32's machine epsilon", ": compat.v1's log_loss adds 1e-7 to each q"),
)
"""What is left where every prediction is right and sure, and why."""


def _floors() -> Iterator[Fingerprint]:
    step = (
        "Nothing to repair. If it is there from the start, check that the targets are not part of the inputs, and "
        "look for a softmax over one output, whose probability is always 1."
    )
    for value, title, reason in FLOORS:
        yield Fingerprint(value, KNOWN, title, f"Every prediction is right and sure{reason}.", step)
    yield Fingerprint(
        math.log(2),
        KNOWN,
        "ln 2 per entry",
        "Every sigmoid is at ½ (all logits 0), and the binary form is averaged over the entries.",
        "In the first steps this is right. If it stays, the model does not learn.",
    )
    yield Fingerprint(
        -0.95 * math.log(0.95) - 0.05 * math.log(0.05),
        MISTAKE,
        "Floor of the binary form with label smoothing 0.1",
        "Every probability is 0.05 or 0.95, as the smoothed targets are: their entropy is what remains.",
        "Nothing to repair: with label smoothing this is the lowest loss there is.",
    )


def _of_floats() -> Iterator[Fingerprint]:
    for name, smallest, denormal in (
        ("float16", 2.0**-14, 2.0**-24),
        ("float32", 2.0**-126, 2.0**-149),
        ("float64", 2.0**-1022, 2.0**-1074),
    ):
        for value, which in ((smallest, "smallest normal"), (denormal, "smallest")):
            yield Fingerprint(
                -math.log(value),
                CHANGED,
                f"−ln of the {which} {name}",
                f"The true class has the {which} probability that {name} can hold, just before 0.",
                "Use the loss that takes logits: the next step up is infinity.",
            )
