"""Trained networks of 1000 classes in NumPy alone: a photo goes in, logits come out.

Pillow, which Streamlit brings, reads and resizes photos; nothing else needs it.
"""

from xent_core.networks.pictures import example_photo, jpeg_of, open_photo, prepare_photo
from xent_core.networks.trained import Network, load_network

__all__ = ["Network", "example_photo", "jpeg_of", "load_network", "open_photo", "prepare_photo"]
