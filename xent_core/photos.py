"""Real outputs: what a trained network of 1000 classes says to eight photographs."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Photo:
    """A photograph: its JPEG, what it shows, and whose it is; `debatable` where no class fits it exactly."""

    file: str
    title: str
    debatable: bool
    credit: str
    licence: str
    source: str

    def jpeg(self) -> bytes:
        """160 × 160 pixels of what the network saw."""
        return (DATA / "photos" / self.file).read_bytes()


@dataclass(frozen=True, eq=False)
class LabelledPhotos:
    """`logits` float32 [8, 1000], `labels` int64 [8], the `photos` in their order, and the names of the classes.

    `model` and `class_names_source` say where outputs and names come from, with their licences.
    """

    logits: NDArray[np.float32]
    labels: NDArray[np.int64]
    photos: tuple[Photo, ...]
    class_names: tuple[str, ...]
    class_names_source: str
    model: dict[str, str]


@cache
def labelled_photos() -> LabelledPhotos:
    """The photographs that have a fitting class, with EfficientNet-Lite0's logits: mean loss 1.2693 nats."""
    about = json.loads((DATA / "photos.json").read_text(encoding="utf-8"))
    with np.load(DATA / "photos.npz", allow_pickle=False) as arrays:
        logits, labels = arrays["logits"], arrays["labels"]
    photos = tuple(Photo(**photo) for photo in about["photos"])
    return LabelledPhotos(
        logits, labels, photos, tuple(about["class_names"]), about["class_names_source"], about["model"]
    )
