"""From a file of unknown origin to the photo that a network takes.

Size and format are read from the head of the file and judged before a pixel is decoded.

Source: Google, efficientnet_lite_builder.py, for the crop; the EXIF standard, version 2.3, for the orientation.
"""

from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from xent_core.checks import short

_CROPS = Path(__file__).parents[1] / "data" / "networks" / "crops"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MOST_BYTES = 20_000_000
MOST_PIXELS = 16_000_000
MOST_PIXELS_OF_A_JPEG = 50_000_000
"""A JPEG can be decoded at half its size, which a telephone's largest pictures are."""
LEAST_SIDE = 16
_NO_PICTURE = f"This file is no picture that can be read: expected {', '.join(FORMATS[:-1])} or {FORMATS[-1]}."
_DAMAGED = "This picture breaks off or is damaged: expected a whole file."


def open_photo(data: bytes) -> NDArray[np.uint8]:
    """The first picture of a file, uint8 `[height, width, 3]`: turned upright as its EXIF says, transparency on white.

    Sixteen bits are scaled to eight; other ranges are stretched from their smallest to their largest value. A JPEG of
    more than 16 million pixels is decoded at a fraction of its size.

    Parameters: `data`, a file of at most 20 million bytes in one of `FORMATS`.
    Raises: `ValueError`, one sentence for the reader, for what is no picture, damaged, or too large: more than 16
    million pixels, in a JPEG 50 million.
    """
    if not data:
        raise ValueError("This file is empty: expected a picture.")
    if len(data) > MOST_BYTES:
        raise ValueError(f"This file has {len(data) / 1e6:.0f} million bytes: expected at most 20 million.")
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValueError("This picture has far too many pixels: expected at most 16 million, in a JPEG 50.") from None
    except Exception:  # Pillow's readers raise whatever they stumble on
        raise ValueError(_NO_PICTURE) from None
    with image:
        _refuse_too_large(image)
        try:
            return np.array(_in_rgb(_upright(image)))
        except Exception:
            raise ValueError(_DAMAGED) from None


def prepare_photo(photo: NDArray[np.uint8], side: int = 224) -> NDArray[np.uint8]:
    """The middle of a photo, `side` / 256 of its shorter side, as a square resized to `side`: uint8 `[side, side, 3]`.

    Parameters: `photo`, uint8 `[height, width, 3]`, or `[height, width]` of greys, or `[height, width, 4]`, whose
    transparency is put on white; each side from 16 on, and at most 50 million pixels; `side`, from 16 to 256.
    Raises: `ValueError` for anything else.
    """
    if isinstance(side, bool) or not isinstance(side, int | np.integer) or not LEAST_SIDE <= side <= 256:
        raise ValueError(f"side is {short(side)}: expected an integer from {LEAST_SIDE} to 256")
    height, width = _as_photo(photo).shape[:2]
    cut = round(min(width, height) * int(side) / 256)
    left, top = (width - cut) // 2, (height - cut) // 2
    crop = _in_rgb(Image.fromarray(photo[top : top + cut, left : left + cut]))
    return np.array(crop.resize((int(side), int(side)), Image.Resampling.BICUBIC))


def example_photo(name: str) -> NDArray[np.uint8]:
    """One of the ten photos that come with the networks, prepared: uint8 `[224, 224, 3]`, without loss.

    Parameters: `name`, as in the file names of `xent_core/data/networks/crops/`; credits and licences are in
    `labelled_photos` and in the README there. Raises: `ValueError` for another name.

    >>> example_photo("chelsea").shape
    (224, 224, 3)
    """
    known = sorted(path.stem for path in _CROPS.glob("*.png"))
    if name not in known:
        raise ValueError(f"name is {short(name)}: expected one of {', '.join(known)}")
    return open_photo((_CROPS / f"{name}.png").read_bytes())


def jpeg_of(photo: NDArray[np.uint8]) -> bytes:
    """A photo as the bytes of a JPEG, for a page to show.

    Parameters: `photo`, uint8 `[height, width, 3]`. Raises: `ValueError` for anything else.

    >>> jpeg_of(example_photo("chelsea"))[6:10]
    b'JFIF'
    """
    file = BytesIO()
    _in_rgb(Image.fromarray(_as_photo(photo))).save(file, "JPEG", quality=85)
    return file.getvalue()


def _as_photo(photo: object) -> NDArray[np.uint8]:
    """`photo`, if it is one."""
    expected = "expected a uint8 array [height, width, 3]"
    if not isinstance(photo, np.ndarray):
        raise ValueError(f"photo: {expected}, got {short(type(photo).__name__)}")
    if photo.dtype != np.uint8 or not (photo.ndim == 2 or (photo.ndim == 3 and photo.shape[2] in (3, 4))):
        raise ValueError(f"photo: {expected}, got {photo.dtype} {list(photo.shape)}")
    height, width = photo.shape[:2]
    if min(height, width) < LEAST_SIDE:
        raise ValueError(f"photo is {width} × {height} pixels: expected at least {LEAST_SIDE} on each side")
    if height * width > MOST_PIXELS_OF_A_JPEG:
        raise ValueError(f"photo is {width} × {height} pixels: expected at most 50 million in all")
    return photo


def _refuse_too_large(image: Image.Image) -> None:
    width, height = image.size
    is_jpeg = image.format in ("JPEG", "MPO")
    if width * height > (MOST_PIXELS_OF_A_JPEG if is_jpeg else MOST_PIXELS):
        most = "50 million" if is_jpeg else "16 million, or a JPEG"
        raise ValueError(f"This picture has {width * height / 1e6:.0f} million pixels: expected at most {most}.")


def _upright(image: Image.Image) -> Image.Image:
    """The picture decoded, and turned as its EXIF says, where that can be read."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        image.draft("RGB", (width // 2, height // 2))
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # a damaged EXIF says nothing
        return image


def _in_rgb(image: Image.Image) -> Image.Image:
    """The picture in RGB, from any mode."""
    if image.mode == "F" or image.mode.startswith("I"):
        return _in_eight_bits(image).convert("RGB")
    if image.mode == "LAB":
        lab, rgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, lab, rgb, outputMode="RGB")
        return converted if converted is not None else image.convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Greys of 16 bits divided by 257; of other ranges, stretched over 0 to 255."""
    values = np.nan_to_num(np.asarray(image, np.float64), posinf=0, neginf=0)
    low, high = (0.0, 65535.0) if image.mode.startswith("I;16") else (values.min(), values.max())
    scale = 255 / (high - low) if high > low else 0.0
    return Image.fromarray(np.rint((values - low) * scale).astype(np.uint8))
