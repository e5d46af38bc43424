"""The reader's own photo: read, cut as the networks take it, and what they say to it.

At most two passes run at a time; what they gave is kept by the photo's hash, the photo itself only by its session.
"""

import base64
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock, Semaphore

import numpy as np
from numpy.typing import NDArray

from pages.parts.photos.ready import OWN, TAUGHT, TRAINED
from xent_core.networks import jpeg_of, load_network, open_photo, prepare_photo
from xent_core.networks.recorded import recorded

_PASSES = Semaphore(2)
_KEPT = 256  # photos whose outputs are remembered: 13 kB each
_outputs: "OrderedDict[str, Outputs]" = OrderedDict()
_writing = Lock()


@dataclass(frozen=True, eq=False)
class Outputs:
    """`logits` float32 [1000] by network, and `products` of the features with those of the ready photos and its own."""

    logits: dict[str, NDArray[np.float32]]
    products: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OwnPhoto:
    """A photo that a reader gave: the hash of its bytes, the crop uint8 [224, 224, 3], and what was said to it."""

    key: str
    crop: NDArray[np.uint8]
    outputs: Outputs

    @property
    def likeliest(self) -> int:
        """The class that the first network reads."""
        return int(self.outputs.logits[TRAINED[0]].argmax())

    @cached_property
    def plain(self) -> dict[str, object]:
        """As JSON for the browser: made once, for it goes down in every run."""
        return {
            "key": self.key,
            "id": OWN,
            "title": "your photo",
            "label": None,
            "picture": "data:image/jpeg;base64," + base64.b64encode(jpeg_of(self.crop)).decode(),
            "logits": {
                name: base64.b64encode(logits.astype("<f4").tobytes()).decode()
                for name, logits in self.outputs.logits.items()
            },
            "products": self.outputs.products.tolist(),
        }


def read_own(data: bytes) -> OwnPhoto:
    """The photo in a file's bytes; `ValueError`, in a sentence for the reader, for what is none."""
    key = hashlib.sha256(data).hexdigest()[:16]
    crop = prepare_photo(open_photo(data))
    return OwnPhoto(key, crop, _outputs_of(key, crop))


def _outputs_of(key: str, crop: NDArray[np.uint8]) -> Outputs:
    known = _outputs.get(key)
    if known:
        return known
    with _PASSES:
        found = _passed(crop)
    with _writing:
        _outputs[key] = found
        while len(_outputs) > _KEPT:
            _outputs.popitem(last=False)
    return found


def _passed(crop: NDArray[np.uint8]) -> Outputs:
    """Both networks' passes. The first network's logits come from its features, as its last layer makes them."""
    features, last = load_network(TAUGHT).features(crop), load_network(TAUGHT).layers["classifier"]
    logits = {TAUGHT: features @ last.weight + last.bias}
    logits |= {name: load_network(name).logits(crop) for name in TRAINED if name != TAUGHT}
    all_features = np.vstack([recorded().features, features]).astype(np.float64)
    return Outputs(logits, all_features @ all_features[-1] + 1)
