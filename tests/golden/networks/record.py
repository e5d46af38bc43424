"""Records what the ready photos give, their features and the second network's logits, for a page to show at once.

python -m tests.golden.networks.record
"""

import numpy as np

from xent_core.networks import example_photo, load_network
from xent_core.networks.recorded import FILE
from xent_core.photos import labelled_photos


def main() -> None:
    """Write xent_core/data/networks/recorded.npz."""
    photos = [example_photo(photo.file.removesuffix(".jpg")) for photo in labelled_photos().photos]
    np.savez(
        FILE,
        features=np.stack([load_network("efficientnet_lite0").features(photo) for photo in photos]),
        squeezenet_1_1=np.stack([load_network("squeezenet_1_1").logits(photo) for photo in photos]),
    )


if __name__ == "__main__":
    main()
