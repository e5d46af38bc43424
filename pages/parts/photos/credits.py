"""Whose photos, networks and class names a page shows, and under which licence."""

import streamlit as st

from pages.parts.page.prose import small_print
from pages.parts.photos.ready import TRAINED
from xent_core.networks import load_network
from xent_core.photos import labelled_photos

KEY = "credits"


def place() -> None:
    """The credits, in an expander that computes nothing while it is closed."""
    with st.expander("Credits", key=KEY, icon=":material/copyright:", on_change="rerun") as expander:
        if expander.open:
            small_print(told())


def told() -> str:
    photos = labelled_photos()
    lines = [f"{photo.title}: {photo.credit}, {photo.licence}" for photo in photos.photos]
    nearest = " and ".join(photo.title for photo in photos.photos if photo.debatable)
    networks = [load_network(name) for name in TRAINED]
    outputs = [f"{network.title}: {network.source}; {network.licence}" for network in networks]
    return (
        f"Photos: {'; '.join(lines)}. The labels are ours; for {nearest} they are the nearest class. Networks: "
        f"{'. '.join(outputs)}. Class names: {photos.class_names_source}."
    )
