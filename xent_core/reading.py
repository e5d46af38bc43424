"""What a reader pastes or uploads → arrays, or one sentence that says what is wrong where."""

import math
import re

import numpy as np
from numpy.typing import NDArray

from xent_core.checks import Floats
from xent_core.reading_text import Locate, ReadingError, count, one_newline, place, quote, read_text
from xent_core.targets import one_hot

MAX_LENGTH = 24 * 1024 * 1024  # as many bytes of a file, or characters of a text
SUM_TOLERANCE = 1e-3  # printouts keep four decimals: three thirds sum to 0.9999

SIGNATURES = {
    b"\x80": "a pickle",
    b"PK": "a zip archive (NPZ, Excel, PyTorch)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x89HDF": "an HDF5 file",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
}
NPY_MAGIC = b"\x93NUMPY"
NPY_HEADER = re.compile(
    rb"\{'descr': ?'([^']{1,20})', ?'fortran_order': ?(True|False), "
    rb"?'shape': ?\(((?:\d{1,12}, ?){0,9}(?:\d{1,12})?)\),? ?\}"
)
NPY_NUMBERS = re.compile(r"[<>|=]?(?:f[248]|[iu][1248]|b1)")


def read_matrix(source: str | bytes) -> Floats:
    """A batch of logits or probabilities.

    Parameters: `source`, pasted text, or the bytes of a file, either NPY or UTF-8 text. Text is CSV (commas,
    semicolons, tabs or white space; decimal commas with semicolons and tabs, or in quotes; a first line of names, if
    any), nested lists, or what NumPy, PyTorch, TensorFlow and JAX print. Blank lines are skipped, lines that start with
    “# ”, all # lines before the numbers, and Excel's sep=; above them.
    Returns: `[m, n]`, m ≥ 1, n ≥ 2, float64 or the floating dtype of the NPY file; one flat list is one row.
    Entries may be −inf or −∞ (a logit whose probability is 0), but not all of a row.
    Raises: `ReadingError` for anything else, nan and +inf included.
    """
    return _read_matrix(source)[0]


def read_probabilities(source: str | bytes) -> Floats:
    """A batch of probabilities: `read_matrix`, with rows that `check_probabilities` does not refuse."""
    values, locate = _read_matrix(source)
    check_probabilities(values, locate)
    return values


def read_targets(source: str | bytes, rows: int, classes: int) -> NDArray[np.float64]:
    """The targets of a batch: a label for each row, or a distribution for each.

    The shape says which: as many numbers as `rows`, on one line or one on each, are labels; `rows` lines of
    `classes` numbers are distributions. So for a batch of one row, a single number is a label.

    Parameters: `source`, as in `read_matrix`; `rows` and `classes`, the shape of the batch.
    Returns: `[rows, classes]`, float64; labels as one-hot rows.
    Raises: `ReadingError` for another shape, labels that are not integers from 0 to classes − 1, rows that
    `check_probabilities` refuses, and what isn't text or NPY of real numbers.
    """
    values, locate = _read(source)
    if values.shape == (rows, classes):
        check_probabilities(values, locate)
        return values.astype(np.float64)
    if values.shape not in ((rows, 1), (1, rows)):
        found = f"{count(values.shape[0], 'row')} of {count(values.shape[1], 'number')}"
        expected = f"{count(rows, 'label')} or {count(rows, 'row')} of {classes:,} probabilities"
        raise ReadingError("Targets", found, expected)
    labels = (values >= 0) & (values < classes) & (values == np.floor(values))
    _refuse_unless(labels, locate, f"a label from 0 to {classes - 1} ({classes:,} classes)")
    return one_hot(values.ravel().astype(np.int64), classes)


def check_probabilities(matrix: Floats, locate: Locate | None = None) -> None:
    """Raise `ReadingError` unless every row is in [0, 1] and sums to 1 within `SUM_TOLERANCE`.

    Parameters: `matrix` `[m, n]`; `locate`, where its entries stood in a text (default: in the matrix).
    """
    locate = locate or _locate_in(matrix)
    _refuse_unless((matrix >= 0) & (matrix <= 1), locate, "a probability from 0 to 1")
    sums = matrix.sum(axis=1)
    wrong = np.abs(sums - 1) > SUM_TOLERANCE
    if wrong.any():
        row = int(np.argmax(wrong))
        start, _ = locate(row, 0)
        raise ReadingError(start, f"a row with the sum {sums[row]:.6g}", "probabilities with the sum 1")


def _refuse_unless(valid: NDArray[np.bool_], locate: Locate, expected: str) -> None:
    if not valid.all():
        where, found = locate(*divmod(int(np.argmin(valid)), valid.shape[1]))
        raise ReadingError(where, found, expected)


def _read_matrix(source: str | bytes) -> tuple[Floats, Locate]:
    values, locate = _read(source)
    _refuse_unless(values < np.inf, locate, "a finite number up to 1.8e308")
    _refuse_unless(values.max(axis=1, keepdims=True) > -np.inf, locate, "at least one finite number in the row")
    _refuse_unless(np.full((1, 1), values.shape[1] > 1), locate, "a row of numbers for 2 or more classes")
    return values, locate


def _read(source: str | bytes) -> tuple[Floats, Locate]:
    if len(source) > MAX_LENGTH:
        unit = "character" if isinstance(source, str) else "byte"
        raise ReadingError("Size", count(len(source), unit), f"at most {MAX_LENGTH:,}")
    if isinstance(source, str):
        return read_text(source)
    return _read_npy(source) if source.startswith(NPY_MAGIC) else read_text(_decode(source))


def _decode(source: bytes) -> str:
    """The text of a file that isn't NPY."""
    kind = next((kind for signature, kind in SIGNATURES.items() if source.startswith(signature)), None)
    if kind is None and b"\0" in source:
        kind = "UTF-16 text or binary data"
    if kind:
        raise ReadingError(
            "File", f"what looks like {kind}", "text saved as UTF-8, such as CSV, or an NPY file from np.save"
        )
    try:
        return source.decode()
    except UnicodeDecodeError as error:
        before = one_newline(source[: error.start].decode())
        byte = source[error.start]
    raise ReadingError(place(before, len(before)), f"the byte 0x{byte:02X}", "text saved as UTF-8")


def _read_npy(source: bytes) -> tuple[Floats, Locate]:
    """The array of an NPY file. Its header is neither evaluated nor trusted: the numbers must fill the file.

    Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
    """
    start = 10 if source[6:7] == b"\1" else 12  # the header's length has two bytes in version 1, then four
    end = start + int.from_bytes(source[8:start], "little")
    header = NPY_HEADER.match(source[start:end])
    if header is None:
        raise ReadingError("NPY header", "damage, or an array of records", "an array of plain numbers")
    descr, order, sizes = (group.decode("latin-1") for group in header.groups())
    if not NPY_NUMBERS.fullmatch(descr):
        found = "Python objects, as in a pickle" if "O" in descr else f"the type {quote(descr)}"
        raise ReadingError("NPY header", found, "real numbers")
    dtype, shape = np.dtype(descr), tuple(int(size) for size in sizes.split(",") if size.strip())
    if len(shape) not in (1, 2) or 0 in shape:
        raise ReadingError("NPY header", f"the shape {shape}", "rows × classes")
    promised = math.prod(shape) * dtype.itemsize
    if promised != len(source) - end:
        found = f"{count(len(source) - end, 'byte')} of numbers"
        raise ReadingError("NPY file", found, f"the {promised:,} that its header promises for {shape} {dtype}")
    values = np.frombuffer(source, dtype, offset=end).reshape(shape, order="F" if order == "True" else "C")
    native = dtype.newbyteorder("=") if dtype.kind == "f" else np.float64
    values = np.atleast_2d(values.astype(native, order="C"))
    return values, _locate_in(values)


def _locate_in(matrix: Floats) -> Locate:
    return lambda row, column: (f"Row {row + 1}, column {column + 1}", f"{matrix[row, column]:.15g}")
