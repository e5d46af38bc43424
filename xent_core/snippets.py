"""The numbers on screen as a short program for NumPy, PyTorch, TensorFlow, JAX or scikit-learn.

Each program prints the loss that the core computes, averaged over the rows, or the softmax. It is what one would write:
with labels where the targets are one-hot, and with the library's own loss where there is one.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xent_core.checks import Floats, as_logits_and_targets
from xent_core.clipping import clipped_cross_entropy
from xent_core.losses import UNITS, softmax_bernoulli_cross_entropy, softmax_cross_entropy
from xent_core.softmax import log_softmax, softmax
from xent_core.targets import labels_of

Loss = Literal["categorical", "bernoulli", "clipped", "probabilities"]
STANDARD_IMPORTS = (("import math", r"(?<![.\w])math\.log\("), ("from math import inf", r"(?<![.\w])-inf\b"))


@dataclass(frozen=True, kw_only=True)
class Library:
    """How programs are written for one library. Braces mark what is filled in."""

    name: str
    imports: tuple[str, ...]
    """Each is kept if the program uses its last word."""
    array: str
    for_float64: str = ""
    """A line before the arrays without which float64 would be float32."""
    labels: str = ""
    """How labels are written, if the program "labels" takes them."""
    safe_product: str = ""
    """Weights times logs where 0 · log 0 must be 0; empty: no program needs it."""
    programs: dict[str, str]
    """By loss; "labels" and "targets" are the library's own losses, for one-hot and for other targets."""
    nats: str
    """What is printed of a loss."""
    numbers: str = "q.tolist()"
    """What is printed of the probabilities."""


_LOG_1MQ = "# log(1 - q): where q is above 1/2, 1 - q would lose its digits, so it is the sum of the others"

_NUMPY_LOG_SOFTMAX = """\
shifted = z - z.max(axis=1, keepdims=True)
others = np.sort(np.exp(shifted), axis=1)[:, :-1]  # all but the largest, which is 1 and would swallow them
log_q = shifted - np.log1p(others.sum(axis=1, keepdims=True))  # log of the softmax"""

_NUMPY_SOFTMAX = """\
exponentials = np.exp(z - z.max(axis=1, keepdims=True))
q = exponentials / exponentials.sum(axis=1, keepdims=True)  # softmax"""

LIBRARIES = {
    "numpy": Library(
        name="NumPy",
        imports=("import numpy as np",),
        array="np.array({values}, dtype=np.{dtype})",
        safe_product="np.multiply({weights}, {logs}, out=np.zeros_like(z), where={weights} > 0)",
        programs={
            "categorical": f"""\
{_NUMPY_LOG_SOFTMAX}
losses = -{{of_targets}}.sum(axis=1)""",
            "probabilities": _NUMPY_SOFTMAX,
            "clipped": f"""\
{_NUMPY_SOFTMAX}
q = np.clip(q, {{low}}, {{high}})
losses = -(p * np.log(q)).sum(axis=1)""",
            "bernoulli": f"""\
{_NUMPY_LOG_SOFTMAX}
q = np.exp(log_q)
{_LOG_1MQ}
others = np.logaddexp.reduce(np.where(q > 0.5, -np.inf, log_q), axis=1, keepdims=True)
log_1mq = np.where(q > 0.5, others, np.log1p(-np.minimum(q, 0.5)))
losses = -{{of_targets}}.sum(axis=1) - {{of_the_rest}}.sum(axis=1)""",
        },
        nats="losses.mean()",
    ),
    "torch": Library(
        name="PyTorch",
        imports=("import torch", "import torch.nn.functional as F"),
        array="torch.tensor({values}, dtype=torch.{dtype})",
        labels="torch.tensor({labels})",
        safe_product="torch.where({weights} > 0, {weights} * {logs}, 0)",
        programs={
            "labels": "loss = F.cross_entropy(z, y)",
            "targets": "loss = F.cross_entropy(z, p)",
            "probabilities": "q = torch.softmax(z, dim=1)",
            "categorical": """\
log_q = F.log_softmax(z, dim=1)
loss = -{of_targets}.sum(dim=1).mean()""",
            "clipped": """\
q = torch.clamp(torch.softmax(z, dim=1), {low}, {high})
loss = -(p * torch.log(q)).sum(dim=1).mean()""",
            "bernoulli": f"""\
log_q = F.log_softmax(z, dim=1)
q = log_q.exp()
{_LOG_1MQ}
others = torch.logsumexp(log_q.masked_fill(q > 0.5, -torch.inf), dim=1, keepdim=True)
log_1mq = torch.where(q > 0.5, others, torch.log1p(-q.clamp(max=0.5)))
losses = -{{of_targets}}.sum(dim=1) - {{of_the_rest}}.sum(dim=1)
loss = losses.mean()""",
        },
        nats="loss.item()",
    ),
    "tensorflow": Library(
        name="TensorFlow and Keras",
        imports=("import keras", "import tensorflow as tf"),
        array='tf.constant({values}, dtype="{dtype}")',
        labels="tf.constant({labels})",
        safe_product="tf.math.multiply_no_nan({logs}, {weights})",
        programs={
            "labels": "losses = keras.losses.sparse_categorical_crossentropy(y, z, from_logits=True)",
            "targets": "losses = keras.losses.categorical_crossentropy(p, z, from_logits=True)",
            "probabilities": "q = tf.nn.softmax(z)",
            "categorical": """\
log_q = tf.nn.log_softmax(z)
losses = -tf.reduce_sum({of_targets}, axis=1)""",
            "clipped": """\
q = tf.clip_by_value(tf.nn.softmax(z), {low}, {high})
losses = -tf.reduce_sum(p * tf.math.log(q), axis=1)""",
            "bernoulli": f"""\
log_q = tf.nn.log_softmax(z)
q = tf.exp(log_q)
{_LOG_1MQ}
rivals = tf.where(q > 0.5, tf.constant(-float("inf"), z.dtype), log_q)
others = tf.reduce_logsumexp(rivals, axis=1, keepdims=True)
log_1mq = tf.where(q > 0.5, others, tf.math.log1p(-tf.minimum(q, 0.5)))
losses = -tf.reduce_sum({{of_targets}} + {{of_the_rest}}, axis=1)""",
        },
        nats="float(tf.reduce_mean(losses))",
        numbers="q.numpy().tolist()",
    ),
    "jax": Library(
        name="JAX and optax",
        imports=("import jax", "import jax.numpy as jnp", "import optax"),
        array="jnp.array({values}, dtype=jnp.{dtype})",
        for_float64='jax.config.update("jax_enable_x64", True)',
        safe_product="jnp.where({weights} > 0, {weights} * {logs}, 0)",
        programs={
            "targets": "losses = optax.losses.softmax_cross_entropy(z, p)",
            "probabilities": "q = jax.nn.softmax(z, axis=1)",
            "categorical": "losses = optax.losses.safe_softmax_cross_entropy(z, p)",
            "clipped": """\
q = jnp.clip(jax.nn.softmax(z, axis=1), {low}, {high})
losses = -(p * jnp.log(q)).sum(axis=1)""",
            "bernoulli": f"""\
log_q = jax.nn.log_softmax(z, axis=1)
q = jnp.exp(log_q)
{_LOG_1MQ}
others = jax.nn.logsumexp(jnp.where(q > 0.5, -jnp.inf, log_q), axis=1, keepdims=True)
log_1mq = jnp.where(q > 0.5, others, jnp.log1p(-jnp.minimum(q, 0.5)))
losses = -{{of_targets}}.sum(axis=1) - {{of_the_rest}}.sum(axis=1)""",
        },
        nats="float(losses.mean())",
    ),
    "sklearn": Library(
        name="scikit-learn",
        imports=(
            "import numpy as np",
            "from scipy.special import softmax",
            "from sklearn.metrics import log_loss",
        ),
        array="np.array({values}, dtype=np.{dtype})",
        labels="{labels}",
        programs={
            "labels": "loss = log_loss(y, softmax(z, axis=1), labels=range({classes}))",
            "probabilities": "q = softmax(z, axis=1)",
        },
        nats="loss",
    ),
}
"""The libraries that programs are written in, by a short name."""


@dataclass(frozen=True)
class _Shown:
    """What is on screen: a batch [m, n], checked, and how its loss is computed."""

    logits: Floats
    targets: Floats
    loss: Loss
    temperature: float
    base: float
    low: float
    high: float

    @property
    def value(self) -> float:
        """The loss on screen, by the core."""
        how = {"temperature": self.temperature, "base": self.base}
        if self.loss == "clipped":
            q = softmax(self.logits, temperature=self.temperature)
            losses = clipped_cross_entropy(q, self.targets, self.low, self.high, base=self.base)
        elif self.loss == "bernoulli":
            losses = softmax_bernoulli_cross_entropy(self.logits, self.targets, **how)
        else:
            losses = softmax_cross_entropy(self.logits, self.targets, **how)
        return float(losses.mean(dtype=np.float64))

    @cached_property
    def labels(self) -> NDArray[np.intp] | None:
        """The labels, if every row of the targets is one-hot."""
        return labels_of(self.targets)

    @property
    def meets_log_of_zero(self) -> bool:
        """Whether log q or log(1 − q) is −inf somewhere, so that 0 · log 0 must be kept from being nan."""
        log_q = log_softmax(self.logits, temperature=self.temperature)
        return bool(np.isneginf(log_q).any()) or self.logits.shape[1] == 1

    @property
    def suits_scikit_learn(self) -> bool:
        """Whether it gets labels of two classes or more, and its own clip to the dtype's epsilon is idle."""
        if self.loss == "probabilities":
            return True
        if self.loss != "categorical" or self.labels is None or self.logits.shape[1] == 1:
            return False
        q = softmax(self.logits, temperature=self.temperature)
        of_labels, epsilon = q[self.targets == 1], np.finfo(q.dtype).eps
        return q.dtype != np.float16 and bool(((of_labels >= epsilon) & (of_labels <= 1 - epsilon)).all())


def snippet(
    library: str,
    logits: ArrayLike,
    targets: ArrayLike,
    *,
    loss: Loss = "categorical",
    temperature: float = 1.0,
    base: float = math.e,
    low: float = 1e-10,
    high: float = 1.0,
    names: Sequence[str] = (),
) -> str | None:
    """A program that prints a loss of the logits given, averaged over the rows, or their softmax.

    Parameters: `library`, a key of LIBRARIES; `logits` and `targets` [m, n] (or [n]) as the core takes them,
    in the precision of the logits' dtype; `loss`, of which the clipped one is categorical with the
    probabilities between `low` and `high`, and "probabilities" are the softmax; `names` of the classes, for a comment.
    Returns: the program; None where scikit-learn has no such loss, for it takes labels and clips by itself.
    Raises: `ValueError`, as the core's function for that loss.
    """
    logits, targets = (np.atleast_2d(array) for array in as_logits_and_targets(logits, targets))
    if logits.ndim > 2:
        raise ValueError(f"logits has shape {logits.shape}: expected rows of classes, [m, n] or [n]")
    shown = _Shown(logits, targets, loss, temperature, base, low, high)
    printed = _printed(LIBRARIES[library], shown)
    if library == "sklearn" and not shown.suits_scikit_learn:
        return None
    blocks = [_data(LIBRARIES[library], shown, names), [_computation(LIBRARIES[library], shown), printed]]
    if LIBRARIES[library].for_float64 and logits.dtype == np.float64:
        blocks.insert(0, [LIBRARIES[library].for_float64])
    code = "\n\n".join("\n".join(lines) for lines in [*_imports(LIBRARIES[library], blocks), *blocks])
    return f"{code}\n"


def _which(library: Library, shown: _Shown) -> str:
    """The program to write: the library's own loss if it takes these targets."""
    if shown.loss == "categorical":
        if shown.labels is not None and "labels" in library.programs:
            return "labels"
        if not shown.meets_log_of_zero and "targets" in library.programs:
            return "targets"
    return shown.loss


def _data(library: Library, shown: _Shown, names: Sequence[str]) -> list[str]:
    lines = [f"# classes: {', '.join(map(repr, names))}"] if names else []
    lines.append(f"z = {_array(library, shown.logits)}  # logits")
    if _which(library, shown) == "labels" and shown.labels is not None:
        lines.append(f"y = {library.labels.format(labels=shown.labels.tolist())}  # labels")
    elif shown.loss != "probabilities":
        lines.append(f"p = {_array(library, shown.targets)}  # targets")
    if shown.temperature != 1:
        lines.append(f"z = z / {shown.temperature}  # temperature")
    return lines


def _array(library: Library, values: Floats) -> str:
    """The call that makes the array, one row a line, each number in the fewest digits that give it back."""
    rows = [f"[{', '.join(str(number) for number in row)}]" for row in values]
    written = f"[{rows[0]}]" if len(rows) == 1 else "[\n" + "".join(f"    {row},\n" for row in rows) + "]"
    return library.array.format(values=written, dtype=values.dtype)


def _computation(library: Library, shown: _Shown) -> str:
    product = library.safe_product if shown.meets_log_of_zero else "({weights} * {logs})"
    return library.programs[_which(library, shown)].format(
        of_targets=product.format(weights="p", logs="log_q"),
        of_the_rest=product.format(weights="(1 - p)", logs="log_1mq"),
        low=shown.low,
        high=shown.high,
        classes=shown.logits.shape[1],
    )


def _printed(library: Library, shown: _Shown) -> str:
    digits = 3 if shown.logits.dtype == np.float16 else 6
    if shown.loss == "probabilities":
        first = ", ".join(f"{q:.{digits}g}" for q in softmax(shown.logits, temperature=shown.temperature)[0])
        return f"print({library.numbers})  # [{first}]{' and so on' * (len(shown.logits) > 1)}"
    unit = UNITS.get(shown.base, f"to base {shown.base:g}")
    rounding = float(np.finfo(shown.logits.dtype).eps)
    keeps_its_digits = library.name == "NumPy" and shown.loss != "clipped"
    if 0 < shown.value < rounding * 10 ** (digits - 2) and not keeps_its_digits:
        unit += f", but numbers near 1 are rounded at {rounding:.0e} here"
    in_base = library.nats if shown.base == math.e else f"{library.nats} / math.log({shown.base:.17g})"
    return f"print({in_base})  # {shown.value:.{digits}g} {unit}"


def _imports(library: Library, blocks: list[list[str]]) -> list[list[str]]:
    """The imports that the program uses: of the standard library, and of the library's own."""
    code = "\n".join(line for block in blocks for line in block if not line.startswith("#"))  # a name may be “-inf”
    standard = [line for line, used in STANDARD_IMPORTS if re.search(used, code)]
    own = [line for line in library.imports if re.search(rf"\b{line.split()[-1]}[.(]", code)]
    return [block for block in (standard, own) if block]
