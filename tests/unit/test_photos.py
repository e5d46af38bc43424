"""The photographs' data: whole, credited, and small."""

import numpy as np

from xent_core.photos import DATA, labelled_photos


def test_each_photo_has_its_logits_its_label_and_its_class():
    data = labelled_photos()
    assert data.logits.shape == (8, 1000)
    assert data.logits.dtype == np.float32
    assert len(set(data.class_names)) == 1000
    shown = [data.class_names[label] for label in data.labels]
    assert shown == ["tabby", "espresso", "tripod", "alp", "military uniform", "palace", "wall clock", "missile"]


def test_each_photo_is_a_jpeg_and_credited_with_its_licence():
    for photo in labelled_photos().photos:
        assert photo.jpeg().startswith(b"\xff\xd8\xff")
        assert photo.credit
        assert photo.licence.startswith(("CC0", "CC BY 2.0", "public domain"))


def test_the_data_is_small():
    assert sum(path.stat().st_size for path in DATA.rglob("photo*")) < 100_000
