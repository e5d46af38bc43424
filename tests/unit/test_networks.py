import io
import math
import re
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose, assert_array_equal
from PIL import Image

from xent_core import (
    log_softmax,
    one_hot,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
    squared_error_gradient,
)
from xent_core.networks import (
    efficientnet_lite0,
    example_photo,
    load_network,
    open_photo,
    prepare_photo,
    squeezenet_1_1,
)
from xent_core.networks.facts import ACCURACIES, ALEXNET, ALEXNET_2012, RESNETS
from xent_core.networks.layers import max_pool
from xent_core.networks.pictures import FORMATS
from xent_core.networks.trained import DATA
from xent_core.networks.untrained import untrained_networks
from xent_core.photos import labelled_photos

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # what it says of damaged files
NAMES = ["efficientnet_lite0", "squeezenet_1_1"]
# Made by torch in float64; `_int16`: on the weights as they are stored.
with np.load(Path(__file__).parents[1] / "golden" / "networks" / "reference.npz") as arrays:
    REFERENCE = dict(arrays)
PHOTOS = [str(photo) for photo in REFERENCE["photos"]]
LABELLED = REFERENCE["labels"] >= 0


@pytest.fixture(scope="module")
def said():
    """The logits `[10, 1000]` of every photo, by network."""
    return {name: np.stack([load_network(name).logits(example_photo(photo)) for photo in PHOTOS]) for name in NAMES}


# Against torch


@pytest.mark.parametrize("name", NAMES)
def test_the_logits_are_those_of_torch_on_the_stored_weights(said, name):
    assert said[name].dtype == np.float32
    assert_allclose(said[name], REFERENCE[f"{name}.logits_int16"], rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_the_logits_are_those_of_the_weights_before_rounding_to_sixteen_bits(said, name):
    assert_allclose(said[name], REFERENCE[f"{name}.logits"], rtol=0, atol=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_the_first_class_and_the_set_of_the_first_five_are_those_of_torch(said, name):
    own, reference = (np.argsort(logits)[:, ::-1] for logits in (said[name], REFERENCE[f"{name}.logits"]))
    assert_array_equal(own[:, 0], reference[:, 0])
    assert_array_equal(np.sort(own[:, :5]), np.sort(reference[:, :5]))


@pytest.mark.parametrize(("name", "mean"), [("efficientnet_lite0", 1.2694), ("squeezenet_1_1", 3.2097)])
def test_the_mean_loss_of_the_labelled_photos_is_the_one_that_is_said(said, name, mean):
    losses = softmax_cross_entropy(said[name], one_hot(np.maximum(REFERENCE["labels"], 0), 1000))
    assert_allclose(losses[LABELLED].mean(), mean, atol=1e-4)


def test_squeezenet_is_worse_than_knowing_nothing_on_the_clock(said):
    clock = PHOTOS.index("clock_motion")
    loss = softmax_cross_entropy(said["squeezenet_1_1"][clock], one_hot(int(REFERENCE["labels"][clock]), 1000))
    assert round(float(loss), 2) == 9.90
    assert loss > math.log(1000)


def test_every_part_of_efficientnet_puts_out_what_torchs_does():
    parts = dict(efficientnet_lite0.outputs(example_photo("chelsea"), load_network("efficientnet_lite0").layers))
    del parts["features"]
    assert list(parts) == [*REFERENCE["trace.names"]]
    for x, shape, expected in zip(
        parts.values(), REFERENCE["trace.shapes"], REFERENCE["trace.mean_std_max"], strict=True
    ):
        assert x.reshape((1,) * (3 - x.ndim) + x.shape).shape == tuple(shape)
        assert_allclose([x.mean(), x.std()], expected[:2], rtol=0, atol=0.002)
        assert_allclose(x.max(), expected[2], rtol=0, atol=0.01)


def test_the_features_are_those_of_torch_and_the_last_layer_makes_the_logits_of_them(said):
    network = load_network("efficientnet_lite0")
    last = network.layers["classifier"]
    for photo, reference, logits in zip(
        PHOTOS, REFERENCE["efficientnet_lite0.features"], said["efficientnet_lite0"], strict=True
    ):
        features = network.features(example_photo(photo))
        assert_allclose(features, reference, rtol=0, atol=0.003)
        assert_allclose(features @ last.weight + last.bias, logits, rtol=0, atol=1e-4)


def test_the_table_of_blocks_is_the_one_that_comes_with_the_weights():
    with np.load(DATA / "efficientnet_lite0.npz") as stored:
        assert_array_equal(efficientnet_lite0.BLOCKS, stored["blocks"])


def test_a_window_that_hangs_over_the_edge_takes_the_largest_there_is():
    x = -1 - np.arange(36, dtype=np.float32).reshape(6, 6, 1)
    assert max_pool(x)[..., 0].tolist() == [[-1, -3, -5], [-13, -15, -17], [-25, -27, -29]]


def test_squeezenet_takes_the_size_it_was_trained_at_too():
    small = squeezenet_1_1.logits(np.full((227, 227, 3), 127, np.uint8), load_network("squeezenet_1_1").layers)
    assert small.shape == (1000,)
    assert (small >= 0).all()


# One step at a time on the last layer, for the class that the photo is least likely to be


@pytest.mark.parametrize(
    ("gradient", "after"), [(softmax_cross_entropy_gradient, 0.056), (squared_error_gradient, 13.04)]
)
def test_teaching_the_last_layer_by_cross_entropy_works_and_by_squared_error_hardly(gradient, after):
    network = load_network("efficientnet_lite0")
    features = network.features(example_photo("clock_motion")).astype(np.float64)
    weight, bias = (array.astype(np.float64) for array in network.layers["classifier"])
    target = one_hot(int((features @ weight + bias).argmin()), 1000)
    assert round(float(softmax_cross_entropy(features @ weight + bias, target)), 2) == 13.62
    for _ in range(100):
        slope = gradient(features @ weight + bias, target)
        weight -= 0.001 * np.outer(features, slope)
        bias -= 0.001 * slope
    assert_allclose(softmax_cross_entropy(features @ weight + bias, target), after, atol=0.005)


# What load_network gives


@pytest.mark.parametrize("name", NAMES)
def test_a_network_is_loaded_once_by_whoever_comes_first(name):
    with ThreadPoolExecutor(8) as learners:
        assert len({id(network) for network in learners.map(load_network, [name] * 16)}) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_network_cannot_be_changed(name):
    layers = load_network(name).layers
    with pytest.raises(TypeError):
        layers["new"] = None
    for layer in layers.values():
        assert not any(array.flags.writeable for array in layer)
        assert {array.dtype for array in layer} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", NAMES)
def test_a_network_says_its_size_and_the_licence_that_lies_beside_the_weights(name):
    network = load_network(name)
    assert sum(array.size for layer in network.layers.values() for array in layer) == network.parameters
    assert network.classes == labelled_photos().class_names
    assert network.licence
    assert {path.name for path in DATA.glob("LICENSE.*")} == {
        f"LICENSE.{x}" for x in ("efficientnet", "ndf", "squeezenet")
    }


def test_photos_asked_for_at_once_get_their_own_logits(said):
    for name in NAMES:
        with ThreadPoolExecutor(4) as learners:
            logits = [*learners.map(load_network(name).logits, map(example_photo, PHOTOS))]
        assert_allclose(logits, said[name], rtol=0, atol=1e-5)


def test_an_unknown_network_is_refused():
    with pytest.raises(ValueError, match=r"^name is vgg16: expected efficientnet_lite0 or squeezenet_1_1$"):
        load_network("vgg16")


def test_squeezenet_has_no_features():
    with pytest.raises(ValueError, match=r"^SqueezeNet 1\.1 has no features"):
        load_network("squeezenet_1_1").features(example_photo("alps"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("photo", "got"),
    [
        (np.zeros((224, 224), np.uint8), "uint8 [224, 224]"),
        (np.zeros((227, 227, 3), np.uint8), "uint8 [227, 227, 3]"),
        (np.zeros((224, 224, 3)), "float64 [224, 224, 3]"),
        (None, "NoneType"),
    ],
)
def test_what_is_no_prepared_photo_is_refused(name, photo, got):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the sentence is compared below
        load_network(name).logits(photo)
    assert str(refused.value) == f"photo: expected uint8 [224, 224, 3], as prepare_photo cuts it, got {got}"


# Before training

FIRST_LOSSES = {  # spread of the logits, loss over all labels, loss of the eight labelled photos
    "alexnet": (0.010, 6.908, 6.913),
    "squeezenet_1_1": (0.019, 6.908, 6.897),
    "resnet50_goyal": (0.194, 6.927, 6.953),
    "efficientnet_lite0_torch": (0.233, 6.936, 6.906),
    "efficientnet_lite0": (0.257, 6.942, 6.923),
    "resnet50_last_normal": (0.451, 7.019, 7.045),
    "resnet18": (0.466, 7.022, 7.342),
    "resnet50": (0.555, 7.081, 7.211),
    "resnet34": (0.585, 7.100, 7.098),
    "alexnet_2012": (0.846, 7.264, 7.518),
    "alexnet_he": (4.66, 16.64, 16.46),
    "resnet50_eval": (14.6, 46.5, 48.53),
}


def test_the_networks_before_training_are_those_that_are_told_of_in_the_order_of_their_spread():
    assert [*untrained_networks()] == [*FIRST_LOSSES]


@pytest.mark.parametrize("name", FIRST_LOSSES)
def test_the_first_loss_is_the_one_that_is_said(name):
    network = untrained_networks()[name]
    assert network.photos == tuple(PHOTOS)
    logits = network.logits.astype(np.float64)
    labels = REFERENCE["labels"][LABELLED]
    spread, over_all, labelled = FIRST_LOSSES[name]
    loss = softmax_cross_entropy(logits[LABELLED], one_hot(labels, 1000)).mean()
    assert_allclose(logits.std(axis=-1).mean(), spread, rtol=0.01, atol=6e-4)
    assert_allclose(-log_softmax(logits).mean(), over_all, rtol=1e-3)
    assert_allclose(loss, labelled, atol=0.005)
    assert network.lowest - 0.001 <= loss <= network.highest + 0.001


def test_in_eval_mode_every_photo_is_beyond_the_clip_and_one_is_told_as_23_where_it_is_77():
    logits = untrained_networks()["resnet50_eval"].logits[LABELLED]
    losses = softmax_cross_entropy(logits, one_hot(REFERENCE["labels"][LABELLED], 1000))
    assert (losses > -math.log(1e-10)).all()
    assert round(float(losses[PHOTOS.index("china")]), 2) == 76.89


def test_the_layers_of_each_alexnet_have_its_parameters_and_follow_on_each_other():
    for layers, total, side in ((ALEXNET, 61_100_840, 224), (ALEXNET_2012, 60_965_224, 227)):
        assert sum(layer.parameters for layer in layers) == total
        channels = 3
        for layer in layers[:5]:
            assert layer.channels_in == channels
            assert (side + 2 * layer.padding - layer.kernel) // layer.stride + 1 == layer.side
            assert layer.pooled in (0, (layer.side - 3) // 2 + 1)
            channels, side = layer.channels_out, layer.pooled or layer.side
        assert side * side * channels == layers[5].channels_in


def test_each_resnet_has_its_parameters():
    counts = {net.name: (net.parameters, (net.features + 1) * 1000) for net in RESNETS}
    assert counts == {
        "ResNet-18": (11_689_512, 513_000),
        "ResNet-34": (21_797_672, 513_000),
        "ResNet-50": (25_557_032, 2_049_000),
    }


def test_every_published_accuracy_names_its_source():
    for accuracy in ACCURACIES:
        assert accuracy.source
        assert (accuracy.top_1 or 0) < accuracy.top_5 < 1


# Preparing a photo


def noise(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize(("height", "width"), [(256, 256), (256, 400), (401, 256)])
def test_the_middle_is_cut_out_and_nothing_resized_where_it_has_the_right_size(height, width):
    photo = noise(height, width, 3)
    top, left = (height - 224) // 2, (width - 224) // 2
    assert_array_equal(prepare_photo(photo), photo[top : top + 224, left : left + 224])


@given(st.integers(16, 700), st.integers(16, 700), st.sampled_from([224, 227]))
@settings(max_examples=50, deadline=None)
def test_a_photo_of_any_size_is_cropped_and_resized_by_the_rule(width, height, side):
    photo = noise(height, width, 3)
    c = round(min(width, height) * side / 256)
    left, top = (width - c) // 2, (height - c) // 2
    expected = Image.fromarray(photo).crop((left, top, left + c, top + c)).resize((side, side), Image.BICUBIC)
    assert_array_equal(prepare_photo(photo, side), np.asarray(expected))


def test_greys_and_transparency_are_taken_too():
    grey = noise(300, 200)
    assert_array_equal(prepare_photo(grey), prepare_photo(np.stack([grey] * 3, axis=-1)))
    clear = np.zeros((300, 200, 4), np.uint8)
    assert (prepare_photo(clear) == 255).all()


def test_the_photo_itself_is_left_alone():
    photo = noise(300, 200, 3)
    before = photo.copy()
    photo.flags.writeable = False
    prepared = prepare_photo(photo)
    prepared[:] = 0
    assert_array_equal(photo, before)


@pytest.mark.parametrize(
    ("photo", "sentence"),
    [
        (np.zeros((1, 1, 3), np.uint8), "photo is 1 × 1 pixels: expected at least 16 on each side"),
        (np.zeros((0, 0, 3), np.uint8), "photo is 0 × 0 pixels: expected at least 16 on each side"),
        (np.zeros((9000, 15, 3), np.uint8), "photo is 15 × 9000 pixels: expected at least 16 on each side"),
        (
            np.broadcast_to(np.uint8(0), (10**5, 10**5, 3)),
            "photo is 100000 × 100000 pixels: expected at most 50 million in all",
        ),
        (np.zeros((99, 99, 3)), "photo: expected a uint8 array [height, width, 3], got float64 [99, 99, 3]"),
        (np.zeros((99, 99, 2), np.uint8), "photo: expected a uint8 array [height, width, 3], got uint8 [99, 99, 2]"),
        (np.zeros((2, 9, 9, 3), np.uint8), "photo: expected a uint8 array [height, width, 3], got uint8 [2, 9, 9, 3]"),
        (b"photo", "photo: expected a uint8 array [height, width, 3], got bytes"),
        (None, "photo: expected a uint8 array [height, width, 3], got NoneType"),
    ],
)
def test_what_is_no_photo_is_refused_in_one_sentence(photo, sentence):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the sentence is compared below
        prepare_photo(photo)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("side", [0, 15, 257, 224.0, True, None])
def test_a_side_out_of_range_is_refused(side):
    with pytest.raises(ValueError, match=r"^side is .*: expected an integer from 16 to 256$"):
        prepare_photo(noise(99, 99, 3), side)


def test_an_unknown_example_is_refused():
    for name in ("lena", "../crops/alps", None):
        with pytest.raises(ValueError, match=r"^name is .*: expected one of alps, astronaut, camera"):
            example_photo(name)


# Opening a file


def file_of(image, format="PNG", **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_read(format):
    image = Image.new("RGB", (40, 30), (200, 100, 50))
    opened = open_photo(file_of(image, format))
    assert opened.shape == (30, 40, 3)
    assert opened.dtype == np.uint8
    assert_allclose(opened, np.asarray(image), atol=8)


def test_what_was_stored_without_loss_comes_out_as_it_was():
    photo = noise(33, 44, 3)
    assert_array_equal(open_photo(file_of(Image.fromarray(photo))), photo)


@pytest.mark.parametrize(
    ("mode", "format"),
    [
        *[(mode, "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")],
        *[(mode, "TIFF") for mode in ("1", "L", "LA", "P", "CMYK", "YCbCr", "LAB", "I;16", "I", "F", "RGBA", "RGBX")],
        *[(mode, "JPEG") for mode in ("L", "CMYK", "YCbCr")],
    ],
)
def test_every_mode_is_read(mode, format):
    opened = open_photo(file_of(Image.new(mode, (20, 30)), format))
    assert opened.shape == (30, 20, 3)


def test_sixteen_bits_are_scaled_to_eight():
    deep = Image.fromarray(np.array([[0, 257, 65535]] * 2, np.uint16))
    assert open_photo(file_of(deep))[0, :, 0].tolist() == [0, 1, 255]


def test_other_ranges_are_stretched_and_what_is_no_number_is_dark():
    values = np.array([[0.0, 0.5, 1.0, np.nan]] * 2, np.float32)
    assert open_photo(file_of(Image.fromarray(values), "TIFF"))[0, :, 0].tolist() == [0, 128, 255, 0]


def test_a_colour_in_lab_is_that_colour_in_rgb():
    lab = Image.frombytes("LAB", (20, 20), bytes([255, 0, 0]) * 400)
    assert_allclose(open_photo(file_of(lab, "TIFF")), 255, atol=2)


@pytest.mark.parametrize("image", [Image.new("RGBA", (20, 20)), Image.new("LA", (20, 20))], ids=["RGBA", "LA"])
def test_transparency_is_white(image):
    assert (open_photo(file_of(image)) == 255).all()


def test_the_transparent_colour_of_a_palette_or_of_a_png_is_white():
    for mode in ("P", "L", "RGB"):
        transparent = (0, 0, 0) if mode == "RGB" else 0
        assert (open_photo(file_of(Image.new(mode, (20, 20)), transparency=transparent)) == 255).all()


def test_half_transparent_black_is_grey():
    assert_allclose(open_photo(file_of(Image.new("RGBA", (20, 20), (0, 0, 0, 128)))), 127, atol=1)


TURNS = {
    1: lambda x: x,
    2: lambda x: x[:, ::-1],
    3: lambda x: x[::-1, ::-1],
    4: lambda x: x[::-1],
    5: lambda x: x.transpose(1, 0, 2),
    6: lambda x: x.transpose(1, 0, 2)[:, ::-1],
    7: lambda x: x.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda x: x.transpose(1, 0, 2)[::-1],
    9: lambda x: x,  # not in the standard
}


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP"])
def test_a_photo_is_turned_upright_as_its_exif_says(orientation, format):
    photo = noise(20, 30, 3)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True, "exact": True} if format == "WEBP" else {}
    assert_array_equal(
        open_photo(file_of(Image.fromarray(photo), format, exif=exif, **options)), TURNS[orientation](photo)
    )


def test_a_damaged_exif_turns_nothing():
    photo = noise(20, 30, 3)
    data = file_of(Image.fromarray(photo), exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12" * 9)
    assert_array_equal(open_photo(data), photo)


def test_only_the_first_picture_of_an_animation_is_read():
    red, blue = (Image.new("RGB", (20, 20), colour) for colour in ("red", "blue"))
    assert (open_photo(file_of(red, "GIF", save_all=True, append_images=[blue])) == [255, 0, 0]).all()


def sentence_of_refusal(data):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the sentence is what is wanted
        open_photo(data)
    return str(refused.value)


NO_PICTURE = "This file is no picture that can be read: expected JPEG, PNG, WEBP, GIF, BMP, TIFF or AVIF."
DAMAGED = "This picture breaks off or is damaged: expected a whole file."


def test_an_empty_file_is_refused():
    assert sentence_of_refusal(b"") == "This file is empty: expected a picture."


@pytest.mark.parametrize(
    "data",
    [
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",  # Pillow would start another program for it
        b"PK\x03\x04",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_picture_is_refused(data):
    assert sentence_of_refusal(data) == NO_PICTURE


@pytest.mark.parametrize("format", ["JPEG", "PNG", "BMP", "GIF"])
def test_a_picture_that_breaks_off_is_refused(format):
    data = file_of(Image.fromarray(noise(64, 64, 3)), format)
    assert sentence_of_refusal(data[: len(data) // 2]) == DAMAGED


def test_a_file_of_too_many_bytes_is_refused():
    assert sentence_of_refusal(bytes(21_000_000)) == "This file has 21 million bytes: expected at most 20 million."


def png_that_says(width, height):
    """A PNG of a few bytes that claims a size."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("side", "said"), [(5000, "25 million"), (12_000, "(144 million|far too many)"), (2**31 - 1, "far too many")]
)
def test_a_picture_of_too_many_pixels_is_refused_before_any_is_decoded(side, said, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("a pixel was decoded"))
    refused = sentence_of_refusal(png_that_says(side, side))
    assert re.fullmatch(rf"This picture has {said} pixels: expected at most 16 million, .*\.", refused)


def test_a_large_jpeg_is_decoded_at_half_its_size():
    assert open_photo(file_of(Image.new("L", (6000, 4000)), "JPEG")).shape == (2000, 3000, 3)


FILES = [
    file_of(Image.fromarray(noise(24, 24, 3)), format)
    for format in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
] + [file_of(Image.new(mode, (24, 24)), "TIFF", compression="tiff_lzw") for mode in ("L", "RGBA")]


def opens_or_refuses(data):
    """Either a photo, or one sentence of ours."""
    try:
        photo = open_photo(data)
    except ValueError as error:
        refused = str(error)
    else:
        assert photo.dtype == np.uint8
        assert photo.ndim == 3
        assert photo.shape[2] == 3
        return
    assert re.fullmatch(r"This (file|picture) [^.\n]*\.", refused)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_opened_or_refused_in_a_sentence(data):
    opens_or_refuses(data)


@given(
    st.sampled_from(FILES), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8), st.floats(0, 1)
)
@settings(max_examples=600, deadline=None)
def test_any_picture_with_bytes_changed_and_cut_off_is_opened_or_refused_in_a_sentence(data, changes, kept):
    damaged = bytearray(data)
    for place, value in changes:
        damaged[int(place * len(damaged))] = value
    opens_or_refuses(bytes(damaged[: math.ceil(kept * len(damaged))] if kept < 0.5 else damaged))


@given(st.sampled_from(FILES), st.integers(0, 200), st.binary(min_size=1, max_size=12))
@settings(max_examples=600, deadline=None)
def test_any_picture_whose_head_lies_is_opened_or_refused_in_a_sentence(data, place, lie):
    opens_or_refuses(data[:place] + lie + data[place + len(lie) :])
