"""A call as it is written, run by the library itself: what it returns, and the gradient by its own differentiation."""

import importlib
import re
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from xent_core.libraries.batch import Batch
from xent_core.libraries.convention import Convention, Library, Version

MODULES = {
    "tf": "tensorflow",
    "keras": "keras",
    "torch": "torch",
    "torchvision": "torchvision",
    "transformers": "transformers",
    "jnp": "jax.numpy",
    "optax": "optax",
    "np": "numpy",
    "sklearn": "sklearn",
    "scipy": "scipy",
}
PACKAGES = {
    Library.TENSORFLOW: ("tensorflow-cpu", "tensorflow"),
    Library.KERAS: ("keras",),
    Library.PYTORCH: ("torch",),
    Library.TORCHVISION: ("torchvision",),
    Library.TRANSFORMERS: ("transformers",),
    Library.OPTAX: ("optax",),
    Library.SCIKIT_LEARN: ("scikit-learn",),
    Library.SCIPY: ("scipy",),
    Library.BY_HAND: ("numpy",),
}
SUBMODULE = re.compile(r"\b((?:sklearn|scipy|torchvision|transformers)(?:\.[a-z]\w*)+)\.\w+\(")
TENSORFLOW, TORCH, JAX = ("tf", "keras"), ("torch", "torchvision", "transformers"), ("jnp", "optax")
Import = Callable[[str], Any]


def installed(library: Library) -> tuple[str, Version] | None:
    """The package that the library is installed as, with its version as text, and that as numbers; None: it is not."""
    for package in PACKAGES[library]:
        with suppress(PackageNotFoundError):
            text = version(package)
            return f"{package} {text}", tuple(map(int, re.findall(r"\d+", text)[:3]))
    return None


def run(
    convention: Convention, batch: Batch, load: Import = importlib.import_module
) -> tuple[float, np.ndarray | None]:
    """The call's value on the batch, and its derivative by the predictions if the library differentiates.

    `load` imports a module by its name: it may raise, or skip a test, where the library is not installed.
    """
    names = [name for name in MODULES if re.search(rf"\b{name}\.", convention.call)]
    modules = {name: load(MODULES[name]) for name in names}
    for submodule in set(SUBMODULE.findall(convention.call)):
        load(submodule)

    def value(predictions: Any, softmax: Callable[[Any], Any], as_is: Callable[[np.ndarray], Any]) -> Any:
        inputs = {"p": as_is(batch.targets), "y": as_is(batch.targets.argmax(axis=1))}
        sizes = {"m": batch.rows, "n": batch.classes}
        of = {"q": predictions} if batch.kind == "probabilities" else {"z": predictions, "q": softmax(predictions)}
        *statements, last = convention.call.split("; ")
        environment = {**modules, **inputs, **sizes, **of}
        for statement in statements:
            eval(statement, environment)
        return eval(last, environment)

    if set(names) & set(TORCH):
        return _by_torch(load("torch"), batch, value)
    if set(names) & set(TENSORFLOW):
        return _by_tensorflow(load("tensorflow"), batch, value)
    if set(names) & set(JAX):
        return _by_jax(load("jax"), batch, value)
    with np.errstate(all="ignore"):
        return float(value(batch.predictions, lambda z: batch.probabilities, np.asarray)), None


def _by_torch(torch: Any, batch: Batch, value: Callable[..., Any]) -> tuple[float, np.ndarray | None]:
    predictions = torch.tensor(batch.predictions, requires_grad=True)
    result = value(predictions, lambda z: torch.softmax(z, 1), torch.tensor)
    (gradient,) = torch.autograd.grad(result, predictions, allow_unused=True)
    return float(result), np.zeros_like(batch.predictions) if gradient is None else gradient.numpy()


def _by_tensorflow(tf: Any, batch: Batch, value: Callable[..., Any]) -> tuple[float, np.ndarray | None]:
    predictions = tf.constant(batch.predictions)
    with tf.GradientTape() as tape:
        tape.watch(predictions)
        result = value(predictions, tf.nn.softmax, tf.constant)
    gradient = tape.gradient(result, predictions)
    return float(result), np.zeros_like(batch.predictions) if gradient is None else gradient.numpy()


def _by_jax(jax: Any, batch: Batch, value: Callable[..., Any]) -> tuple[float, np.ndarray | None]:
    jax.config.update("jax_enable_x64", True)

    def of_predictions(predictions: Any) -> Any:
        return value(predictions, jax.nn.softmax, jax.numpy.asarray)

    result, gradient = jax.value_and_grad(of_predictions)(jax.numpy.asarray(batch.predictions))
    return float(result), np.asarray(gradient)


RELATIVE = {"float64": 1e-11, "float32": 2e-5, "float16": 5e-3}
"""What the loss, or an entry of the gradient, may differ by of itself."""
ABSOLUTE = {"float64": 1e-13, "float32": 2e-7, "float16": 5e-4}
"""And beside that: entries are near 1 before they are divided or subtracted."""


def computed_in(convention: Convention, dtype: str) -> str:
    """The coarser of the batch's dtype and the one that the call computes in."""
    return convention.dtype if convention.dtype and dtype == "float64" else dtype


def tolerances(convention: Convention, dtype: str) -> tuple[float, float]:
    """Relative and absolute, of the loss and of each entry of the gradient."""
    coarser = computed_in(convention, dtype)
    return RELATIVE[coarser], ABSOLUTE[coarser]


def difference(ours: Any, theirs: Any, relative: float, absolute: float) -> float:
    """How far two results are apart in tolerances: at most 1 is right; ∞ where one is nan or infinite alone."""
    ours, theirs = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    if ours.shape != theirs.shape:
        return float("inf")
    with np.errstate(invalid="ignore"):
        same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
        apart = np.abs(ours - theirs) / (absolute + relative * np.abs(theirs))
    return float(np.where(same, 0, np.where(np.isfinite(ours) & np.isfinite(theirs), apart, np.inf)).max())
