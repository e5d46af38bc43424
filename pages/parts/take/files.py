"""What a saved page brings along of photos and of runs, by the paths at which the modules ask the server for them."""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import numpy as np

from pages.parts.page.modules import text_of
from pages.parts.photos.ready import HASH, PHOTOS, TRAINED
from pages.parts.photos.ready import files as served
from pages.parts.stage.address import SETTINGS
from pages.parts.stage.photo import Shown
from pages.parts.take.modules import STYLES, packed
from pages.parts.training import encoded, route
from pages.parts.training.settings import LOSSES, WAYS, Played, Training
from xent_core.networks.recorded import recorded

IN_FULL = (*TRAINED, "alexnet_untrained")  # what these say of every photo is there, for 32 kB each
KEPT = 10  # epochs, beside the start, whose weights and digits a saved run has


BYTES = "application/octet-stream"


class Refused(Exception):
    """A run cannot be had just now; the message says why."""


def files(story: Mapping[str, Any], photo: Shown | None, played: Played | None) -> dict[str, tuple[str, str]]:
    """The type and the packed content of each file, by its path from the modules' own folder: what the story shows,
    and the `photo` or the runs `played` that are on the stage.
    """
    styles = {name: ("text/css", packed(text_of(name).encode())) for name in STYLES}
    photos = _photos(shown(story, photo)) if story["photos"] else {}
    runs = dict.fromkeys((*(played.runs if played else ()), *_runs_of(story)))
    return styles | photos | {f"run?{spelled(run)}": (BYTES, packed(b"\n" + data)) for run, data in brief(runs)}


def shown(story: Mapping[str, Any], photo: Shown | None) -> set[tuple[str, str]]:
    """The networks that are shown, each with the photo."""
    photos = [step.get(name) for step in story["steps"] for name in ("photo", "begins_photo")]
    own = {(photo.network, photo.photo)} if photo else set()
    return own | {(one["network"], one["photo"]) for one in photos if one}


def _photos(pairs: set[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    contents = {name: served()[name] for name in ("about.json", *(f"{photo}.jpg" for photo in PHOTOS))}
    contents |= {f"{network}.f32": (_logits(network, pairs), BYTES) for network, _ in pairs}
    return {f"../../photos/{HASH}/{name}": (kind, packed(data)) for name, (data, kind) in sorted(contents.items())}


def _logits(network: str, pairs: set[tuple[str, str]]) -> bytes:
    """A network's outputs for all photos, or nan for those that it is not shown with."""
    logits = recorded().logits[network].astype("<f4")
    if network not in IN_FULL:
        here = [(network, photo) in pairs for photo in PHOTOS]
        logits = np.where(np.array(here)[:, None], logits, np.float32("nan"))
    return logits.tobytes()


def _runs_of(story: Mapping[str, Any]) -> Iterator[Training]:
    """The runs that the steps show, and those one change away from where the task begins."""
    for step in story["steps"]:
        for played in filter(None, map(step.get, ("begins_training", "training"))):
            yield from (Training(**run) for run in played["runs"])
        if step.get("goal") and "training" in step:
            yield from beside(Training(**step["training"]["runs"][0]))


def beside(run: Training) -> list[Training]:
    """The runs with another loss, from weights of 0, with another mean, or at ten times the rate."""
    losses = [replace(run, loss=loss) for loss in LOSSES]
    ways = [replace(run, reduction=way) for way in WAYS]
    return [*losses, *ways, replace(run, start="zero"), replace(run, rate=10 * run.rate)]


def brief(runs: Iterable[Training]) -> Iterator[tuple[Training, bytes]]:
    """Each run as it is sent, but with the weights and digits of few epochs; they are computed side by side."""
    with ExitStack() as stack:
        jobs = []
        for run in runs:
            if route.JOBS.refuses(run):
                raise Refused("Too many runs wait already: save the page again in a minute.")
            jobs.append((run, stack.enter_context(route.JOBS.waiting(run))))
        for run, job in jobs:
            yield run, thinned(job.future.result())


def thinned(run: bytes) -> bytes:
    """A run as `encoded` packs it, with at most KEPT of the kept epochs, and the start."""
    arrays = encoded.unpacked(gzip.decompress(run))
    count = len(arrays["kept"])
    few = np.unique(np.linspace(0, count - 1, min(count - 1, KEPT) + 1).round().astype(int))
    shorter = {name: array[few] if name in encoded.BY_EPOCH else array for name, array in arrays.items()}
    known, worst = np.unique(np.concatenate([arrays["shown_at"], shorter["worst"].ravel()]), return_inverse=True)
    shorter |= {
        "shown_at": worst[: len(arrays["shown_at"])].astype(np.uint16),
        "worst": worst[len(arrays["shown_at"]) :].reshape(shorter["worst"].shape).astype(np.uint16),
        "pixels": arrays["pixels"][known],
        "labels": arrays["labels"][known],
    }
    return gzip.compress(encoded.packed(shorter), 9, mtime=0)


def spelled(run: Training) -> str:
    """A run's settings as the modules ask for it: the loss, and what is not as usual."""
    usual = Training()
    declared = [(setting.name, setting.field) for setting in SETTINGS if setting.record == "training"]
    other = {name: getattr(run, field) for name, field in declared if getattr(run, field) != getattr(usual, field)}
    told = {"train": run.loss} | other
    return "&".join(f"{name}={quote(_text(value), safe='!*(),')}" for name, value in told.items())


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{Decimal(repr(value)).normalize():f}"
