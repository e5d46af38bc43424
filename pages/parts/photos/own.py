"""Where a reader gives a photo: a file, one that is pasted, or the camera; what was read goes to the stage."""

import streamlit as st

from pages.parts.page.prose import plain, small_print, where_files_fail
from pages.parts.photos.reading import OwnPhoto, read_own
from pages.parts.photos.ready import NETWORKS, OWN, PHOTOS, TRAINED
from pages.parts.stage import session
from pages.parts.stage.photo import Shown
from xent_core.photos import labelled_photos

FILE, CAMERA = "photo_file", "photo_camera"
FORMATS = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff"]


def own_photo() -> OwnPhoto | None:
    """The reader's photo, as long as it is given."""
    return st.session_state.get("own_photo")


def missing(shown: Shown | None) -> str:
    """What an address names that is not here, as a sentence; nothing where all is."""
    if shown is None:
        return ""
    if shown.photo == OWN and (own_photo() is None or shown.network not in TRAINED):
        return "photo was ignored: a reader’s own photo stays on the page that read it."
    if shown.photo not in (OWN, *PHOTOS):
        return f"photo was ignored: it is “{shown.photo}”, where one of {', '.join(PHOTOS)} was expected."
    if shown.network not in NETWORKS:
        return f"network was ignored: it is “{shown.network}”, where one of {', '.join(NETWORKS)} was expected."
    return ""


def _read(key: str) -> None:
    """Read what was given under a key: meant as its `on_change`."""
    session.take_commit()
    given = st.session_state[key]
    st.session_state["photo_fault"] = ""
    if given is None:
        return
    try:
        photo = read_own(given.getvalue())
    except ValueError as fault:
        st.session_state["photo_fault"] = str(fault)
        return
    st.session_state["own_photo"] = photo
    session.set_photo(Shown(OWN, TRAINED[0], photo.likeliest))


def place() -> None:
    """The place for one's own photo."""
    with st.container(border=True, key="own-photo"):
        left, right = st.columns([3, 2], vertical_alignment="center")
        with right:
            st.markdown("**Your own photo.** Hold a mug in front of the camera, paste a picture, or choose a file.")
            camera = st.toggle("Use the camera", key="use_camera")
        with left:
            if camera:
                st.camera_input("Take a photo", key=CAMERA, on_change=_read, args=(CAMERA,))
            else:
                st.file_uploader("Choose or paste a photo", FORMATS, key=FILE, on_change=_read, args=(FILE,))
        where_files_fail("To read a photo, open this page in a tab of its own.")
        if fault := st.session_state.get("photo_fault"):
            st.error(plain(fault))
        elif photo := own_photo():
            name = labelled_photos().class_names[photo.likeliest]
            st.success(f"Read as **{plain(name)}**: it stands on the stage, in the middle 7⁄8 that the network sees.")
        small_print(
            "It stays in this server’s memory, is shown to nobody else, and is gone with the page. The classes are "
            "ImageNet’s 1000: what is not among them is read as something that is."
        )
