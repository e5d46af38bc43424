"""What `xent_core.reading` reads, and the one sentence that it says when it can't."""

import io
import json
import pickle
import re
import sys
import tracemalloc
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from xent_core import reading_text
from xent_core.reading import (
    MAX_LENGTH,
    ReadingError,
    check_probabilities,
    read_matrix,
    read_targets,
)

LOGITS = st.floats(allow_nan=False, allow_infinity=False)
SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=6)
MATRICES = arrays(np.float64, SHAPES, elements=LOGITS)


def csv(matrix, separator=","):
    return "\n".join(separator.join(map(repr, row)) for row in matrix.tolist())


def european_csv(matrix):
    return csv(matrix, ";").replace(".", ",")


def quoted(matrix):
    """As pandas writes it with decimal=","."""
    return re.sub(r"[^;\n]+", r'"\g<0>"', european_csv(matrix)).replace(";", ",")


def printout(matrix):
    with np.printoptions(threshold=sys.maxsize, floatmode="unique", precision=17):
        return repr(matrix)


def bare_printout(matrix):
    return printout(matrix).removeprefix("array(").removesuffix(")").replace(",", "")


def npy(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def npz(array):
    file = io.BytesIO()
    np.savez(file, array)
    return file.getvalue()


def refusal(read, *arguments):
    """The sentence of the error, after a check that it is one sentence of plain text."""
    with pytest.raises(ReadingError) as caught:
        read(*arguments)
    sentence = str(caught.value)
    assert sentence.isprintable()
    assert len(sentence) < 300
    assert re.fullmatch(r".+: found .+, expected .+\.", sentence)
    return sentence


TEXTS = {
    "commas": csv,
    "commas and spaces": lambda matrix: csv(matrix, ", "),
    "semicolons": lambda matrix: csv(matrix, ";"),
    "tabs": lambda matrix: csv(matrix, "\t"),
    "spaces": lambda matrix: csv(matrix, "  "),
    "decimal commas": european_csv,
    "decimal commas in quotes": lambda matrix: '"a, b"' + ',"c"' * (matrix.shape[1] - 1) + "\n" + quoted(matrix),
    "Excel's line that names the separator": lambda matrix: "sep=;\n" + european_csv(matrix),
    "quotes": lambda matrix: re.sub(r"[^,\n]+", r'"\g<0>"', csv(matrix)),
    "no-break spaces": lambda matrix: csv(matrix, "\N{NO-BREAK SPACE}"),
    "Windows lines": lambda matrix: csv(matrix).replace("\n", "\r\n"),
    "old Mac lines": lambda matrix: csv(matrix).replace("\n", "\r"),
    "names, comments and blank lines": lambda matrix: (
        "# [z]\n#a\n\n" + ",".join("abcdef"[: matrix.shape[1]]) + "\n \n" + csv(matrix).replace("\n", "\n # 1\n")
    ),
    "a byte order mark": lambda matrix: "\ufeff" + csv(matrix),
    "typographic minus": lambda matrix: csv(matrix).replace("-", "−"),
    "JSON": lambda matrix: json.dumps(matrix.tolist()),
    "JSON lines": lambda matrix: "\n".join(map(json.dumps, matrix.tolist())),
    "JSON indented": lambda matrix: json.dumps(matrix.tolist(), indent=1),
    "tuples": lambda matrix: repr(tuple(map(tuple, matrix.tolist()))),
    "trailing commas": lambda matrix: repr(matrix.tolist()).replace("]", ",]"),
    "NumPy repr": printout,
    "NumPy str": bare_printout,
    "NumPy scalars": lambda matrix: repr([list(row) for row in matrix]),
    "an assignment": lambda matrix: f"logits = np.{printout(matrix)};\n",
    "PyTorch": lambda matrix: printout(matrix).replace("array", "tensor")[:-1] + ",\n  grad_fn=<MmBackward0>)",
    "PyTorch on a GPU": lambda matrix: f"tensor({matrix.tolist()}, device='cuda:0', dtype=torch.float64)",
    "a PyTorch parameter": lambda matrix: f"Parameter containing:\ntensor({matrix.tolist()}, requires_grad=True)",
    "TensorFlow repr": lambda matrix: f"<tf.Tensor: shape={matrix.shape}, dtype=float64, numpy=\n{printout(matrix)}>",
    "TensorFlow str": lambda matrix: f"tf.Tensor(\n{bare_printout(matrix)}, shape={matrix.shape}, dtype=float64)",
    "a TensorFlow variable": lambda matrix: (
        f"<tf.Variable 'v:0' shape={matrix.shape} dtype=float64, numpy=\n{printout(matrix)}>"
    ),
    "JAX": lambda matrix: printout(matrix).replace("array", "Array")[:-1] + ", dtype=float64)",
}


@pytest.mark.parametrize("write", TEXTS.values(), ids=TEXTS)
@given(matrix=MATRICES)
@settings(max_examples=40)
def test_a_matrix_written_with_all_its_digits_reads_back_equal(write, matrix):
    text = write(matrix)
    for source in (text, text.encode()):
        assert read_matrix(source).tolist() == matrix.tolist()


@given(arrays(np.float64, SHAPES, elements=st.sampled_from([-np.inf, 0.5, -2e-300])))
def test_a_probability_of_zero_may_be_written_as_the_logit_minus_inf(matrix):
    matrix[:, 0] = 1
    as_shown = csv(matrix).replace("-inf", "−∞")
    for source in (csv(matrix), as_shown, printout(matrix), json.dumps(matrix.tolist()), npy(matrix)):
        np.testing.assert_array_equal(read_matrix(source), matrix)


@pytest.mark.parametrize("dtype", ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_floats_keep_their_dtype_in_either_byte_and_memory_order(dtype, order):
    matrix = np.array([[1, -2.5, 3], [0.125, -np.inf, 6]], dtype, order=order)
    read = read_matrix(npy(matrix))
    assert read.dtype == matrix.dtype.newbyteorder("=")
    assert read.dtype.isnative
    assert read.flags.c_contiguous
    assert read.flags.writeable
    np.testing.assert_array_equal(read, matrix)


@pytest.mark.parametrize("dtype", ["|b1", "|i1", "|u1", "<i2", ">u2", "<i4", ">u4", "<i8", ">i8", "<u8"])
def test_npy_integers_and_booleans_become_float64(dtype):
    matrix = np.array([[0, 1], [1, 0]], dtype)
    read = read_matrix(npy(matrix))
    assert read.dtype == np.float64
    np.testing.assert_array_equal(read, matrix)


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_npy_reads(version):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.float32([[1, 2]]), version=version)
    assert read_matrix(file.getvalue()).tolist() == [[1, 2]]


@pytest.mark.parametrize(
    "source", ["1,0,2", "1\t0\t2", "[1, 0, 2]", "(1, 0, 2)", "tensor([1, 0, 2])", "[1 0 2]", npy([1, 0, 2])]
)
def test_a_flat_list_is_one_row(source):
    assert read_matrix(source).tolist() == [[1, 0, 2]]


def test_names_may_hold_points_and_commas_between_semicolons():
    for numbers in ("0,5;1", "0.5;1"):
        assert read_matrix(f"St. Bernard;cat, striped\n{numbers}").tolist() == [[0.5, 1]]


def test_a_class_may_be_called_none_and_have_a_comma_in_quotes():
    assert read_matrix('none,"cat, striped"\n1,2').tolist() == [[1, 2]]


def test_the_separator_that_excel_names_is_taken_whatever_the_names_hold():
    assert read_matrix("sep=,\na;b,c;d\n1,2").tolist() == [[1, 2]]


@pytest.mark.parametrize("source", ['"1,2,3"\n"4,5,6"', '"1,2,3"\n4,5,6'])
def test_quotes_around_a_whole_line_are_the_spreadsheets(source):
    assert read_matrix(source).tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_quoted_comma_before_three_digits_is_decimal_if_another_can_stand_for_nothing_else():
    assert read_matrix('"1,234","0,500"').tolist() == [[1.234, 0.5]]


@pytest.mark.parametrize("source", ["0,1,2\n2,1,0", "0,1,2,7\n0.5,1,2,3", "0.0,1,2\n0.5,1,2", "0,1\n0.5,0.5"])
def test_a_first_row_that_can_be_no_column_numbers_is_a_row(source):
    assert len(read_matrix(source)) == 2


# The sentence


GOOD = np.array([[0.5, -1.25, 3.0], [2.0, 0.1, -7.5], [1.0, 0.0, 4.0]])
WITH_PLACES = ["commas", "semicolons", "tabs", "spaces", "Windows lines", "JSON", "NumPy repr", "PyTorch"]


MISSING = ["NA", "n/a", "None", "null", "-", "?", "#N/A", "#DIV/0!", "1/2", "50%", "0.5f"]


@pytest.mark.parametrize("wrong", MISSING)
@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
@pytest.mark.parametrize("line", [1, 2, 3])
def test_no_row_is_lost_because_none_of_its_entries_is_a_number(wrong, separator, line):
    rows = [f"{i}{separator}7" for i in range(3)]
    rows[line - 1] = wrong + separator + wrong
    assert f"Line {line}, column 1: found “{wrong}”, expected a number." in refusal(read_matrix, "\n".join(rows))


@pytest.mark.parametrize("wrong", ["x", "NaN", "inf", "∞", "1e999", "-1e999", "1.2.3", "0x1F", "1_0", "?" * 99])
@pytest.mark.parametrize("form", WITH_PLACES)
@given(row=st.integers(0, 2), column=st.integers(0, 2))
@settings(max_examples=9)
def test_the_sentence_says_the_line_the_column_and_the_start_of_what_is_wrong(form, wrong, row, column):
    matrix = GOOD.copy()
    matrix[row, column] = 77
    text = re.sub(r"77\.0*", wrong, TEXTS[form](matrix))
    place = re.match(r"Line (\d+), column (\d+): found “(.*?)…?”", refusal(read_matrix, text))
    line = text.splitlines()[int(place[1]) - 1]
    assert line[int(place[2]) - 1 :].startswith(wrong)
    assert wrong.startswith(place[3])


TEN_BREAKAGES = {
    "a letter": (csv(GOOD).replace("0.1", "O.1"), "Line 2, column 5: found “O.1”, expected a number."),
    "a short row": (
        csv(GOOD).replace("2.0,", ""),
        "Line 2, column 1: found a row of 2 numbers, expected 3 as in the first row.",
    ),
    "nan": (
        printout(GOOD).replace("0.1", "nan"),
        "Line 2, column 17: found “nan”, expected a finite number up to 1.8e308.",
    ),
    "no rows": (
        "cat,dog,fox\n",
        "Line 1, column 1: found “cat”, expected a number, or rows of numbers under a line of names.",
    ),
    "UTF-16": (
        csv(GOOD).encode("utf-16"),
        "File: found what looks like UTF-16 text, expected text saved as UTF-8, such as CSV, "
        "or an NPY file from np.save.",
    ),
    "a pickle": (
        pickle.dumps(GOOD),
        "File: found what looks like a pickle, expected text saved as UTF-8, such as CSV, or an NPY file from np.save.",
    ),
    "an NPZ": (
        npz(GOOD),
        "File: found what looks like a zip archive (NPZ, Excel, PyTorch), expected text saved as UTF-8, "
        "such as CSV, or an NPY file from np.save.",
    ),
    "an abridged printout": (
        str(np.zeros((2000, 3))),
        "Line 4, column 2: found “...”, expected the whole array, printed with "
        "np.set_printoptions(threshold=np.inf) or torch.set_printoptions(profile='full').",
    ),
    "too large a number": (
        csv(GOOD).replace("-7.5", "1e999"),
        "Line 2, column 9: found “1e999”, expected a finite number up to 1.8e308.",
    ),
    "decimal commas between spaces": (
        "0,5 0,2 0,3",
        "Line 1, column 3: found “5 0”, expected a number "
        "(decimal commas need semicolons or tabs between the numbers).",
    ),
}


@pytest.mark.parametrize(("source", "sentence"), TEN_BREAKAGES.values(), ids=TEN_BREAKAGES)
def test_ten_breakages_of_a_good_file_give_ten_clear_sentences(source, sentence):
    assert refusal(read_matrix, source) == sentence


def test_the_ten_sentences_are_ten():
    assert len({sentence for _, sentence in TEN_BREAKAGES.values()}) == 10


REFUSED_TEXTS = {
    "nothing": ("", "Line 1, column 1: found no numbers, expected at least one row of them."),
    "50%": ("50% 50%", "Line 1, column 1: found “50%”, expected a number, or rows of numbers under"),
    "C floats": ("1.0f 2.0f", "Line 1, column 1: found “1.0f”, expected a number, or rows of numbers under"),
    "a row made a comment": ("1,2\n#3,4", "Line 2, column 1: found “#3”, expected a number (“# ” starts a comment)."),
    "thousands in quotes": ('"1,000","2"', "Line 1, column 2: found “1,000”, expected a number whose comma can't"),
    "prose": ("hello\nworld", "Line 2, column 1: found “world”, expected a number."),
    "one class": ("1\n2", "found “1”, expected a row of numbers for 2 or more classes."),
    "a row of zero probability": ("1,2\n-inf,-inf", "Line 2, column 1: found “-inf”, expected at least one"),
    "minus infinity by overflow": ("-inf,1,-1e999", "Line 1, column 8: found “-1e999”, expected a finite"),
    "a missing number": ("1,2,3\n4,,6", "Line 2, column 3: found nothing, expected a number."),
    "a missing number before a tab": ("\t31", "Line 1, column 1: found nothing, expected a number."),
    "a missing number between tabs": ("1\t2\t3\n4\t\t6", "Line 2, column 3: found nothing, expected a number."),
    "an empty list": ("[]", "Line 1, column 2: found nothing, expected a number."),
    "three levels": ("[[[1, 2]]]", "found “[[[1, 2]]]”, expected a list of numbers or one list of such rows."),
    "two matrices": ("[[1, 2]]\n[[3, 4]]", "Line 2, column 1: found “[[3, 4]]”, expected the end of"),
    "an open list": ("[1, 2", "Line 1, column 1: found “[1, 2”, expected a list that ends with “]”."),
    "an open outer list": ("[[1, 2],\n[3, 4],\n", "Line 3, column 1: found nothing, expected a row or “]”."),
    "a JSON object": ('{"logits": [[1, 2]]}', 'Line 1, column 1: found “{"logits": [[1, 2]]}”'),
    "JSON null": ("[1, null]", "Line 1, column 5: found “null”, expected a number."),
    "numbered rows": (",a,b\n0,1,2", "Line 1, column 1: found nothing, expected a name (row numbers"),
    "a name too few": ("a,b\n0,1,2", "Line 1, column 1: found 2 names above 3 columns, expected a name for each"),
    "names or scores": ("0,1,2\n0.5,0.1,3", "Line 1, column 1: found what may be column numbers, 0, 1, 2…"),
    "thousands or decimals": ("0.5;2\n1,000;3", "Line 2, column 2: found “,000;3”, expected a decimal point"),
    "an abridged row": ("tensor([1., 2., ..., 3.])", "Line 1, column 17: found “...”, expected the whole array"),
    "what can't be shown": ("1,\ud800\u202e\0", "Line 1, column 3: found “���”, expected a number."),
}


@pytest.mark.parametrize(("text", "part"), REFUSED_TEXTS.values(), ids=REFUSED_TEXTS)
def test_a_text_that_is_not_one_matrix_is_refused(text, part):
    assert part in refusal(read_matrix, text)


REFUSED_FILES = {
    "too large": (b"1" * (MAX_LENGTH + 1), "found 25,165,825 bytes, expected at most 25,165,824."),
    "too long": ("1" * (MAX_LENGTH + 1), "found 25,165,825 characters, expected at most 25,165,824."),
    "UTF-16 without mark": (csv(GOOD).encode("utf-16-le"), "looks like UTF-16 text or binary data"),
    "Latin-1": ("1,2\n3,é".encode("latin-1"), "Line 2, column 3: found the byte 0xE9, expected text saved as UTF-8."),
    "Latin-1 with old Mac lines": (b"1,2\r3,\xe9", "Line 2, column 3: found the byte 0xE9"),
    "a PDF": (b"%PDF-1.7", "looks like a PDF"),
    "a PNG": (b"\x89PNG\r\n\x1a\n", "looks like a PNG image"),
    "Python objects": (npy(np.array([[1, "a"]], object), allow_pickle=True), "found Python objects, as in a pickle"),
    "complex numbers": (npy(np.ones((2, 2), complex)), "found the type “<c16”, expected real numbers."),
    "text": (npy(np.array([["a", "b"]])), "found the type “<U1”, expected real numbers."),
    "records": (npy(np.zeros(2, [("a", "f4")])), "found damage, or an array of records"),
    "three axes": (npy(np.zeros((2, 3, 4))), "found the shape (2, 3, 4), expected rows × classes."),
    "no axes": (npy(np.float64(1)), "found the shape (), expected rows × classes."),
    "no rows": (npy(np.zeros((0, 3))), "found the shape (0, 3), expected rows × classes."),
    "one column": (npy(np.zeros((3, 1))), "Row 1, column 1: found 0, expected a row of numbers for 2 or more"),
    "nan": (npy(np.float16([[0, 1], [2, np.nan]])), "Row 2, column 2: found nan, expected a finite number"),
    "a tail cut off": (npy(GOOD)[:-1], "found 71 bytes of numbers, expected the 72 that its header promises"),
    "a tail added": (npy(GOOD) + b"\0", "found 73 bytes of numbers, expected the 72 that its header promises"),
}


@pytest.mark.parametrize(("source", "part"), REFUSED_FILES.values(), ids=REFUSED_FILES)
def test_a_file_that_is_not_one_matrix_is_refused(source, part):
    assert part in refusal(read_matrix, source)


def test_a_header_that_promises_terabytes_allocates_nothing():
    source = npy(GOOD).replace(b"(3, 3), }" + b" " * 11, b"(999999999999, 3), }")
    tracemalloc.start()
    try:
        sentence = refusal(read_matrix, source)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "expected the 23,999,999,999,976 that its header promises" in sentence
    assert peak < 100_000


def test_more_rows_of_text_than_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr(reading_text, "MAX_ROWS", 3)
    assert len(read_matrix("1,2\n" * 3)) == 3
    assert refusal(read_matrix, "1,2\n" * 4) == "Line 4, column 1: found row 4, expected at most 3 rows."


SEPARATORS = {"commas": ",", "semicolons": ";", "tabs": "\t", "spaces": " "}
WIDE_LINES = {
    "names": "a{0}a{0}a{0}a",
    "numbers": "1.5{0}1{0}1{0}1",
    "numbers under names": "a{0}b\n1{0}1{0}1{0}1",
    "a later row": "1{0}2{0}3\n1{0}1{0}1{0}1",
    "a list": "[1{0}1{0}1{0}1]",
}


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
@pytest.mark.parametrize("text", WIDE_LINES.values(), ids=WIDE_LINES)
def test_more_columns_of_text_than_the_limit_are_refused(text, separator, monkeypatch):
    monkeypatch.setattr(reading_text, "MAX_COLUMNS", 3)
    if text.startswith("[") and separator in ";\t":
        separator = ", "
    sentence = "found more than 3 columns, expected one for each class, at most 3."
    assert sentence in refusal(read_matrix, text.format(separator))


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
def test_as_many_columns_of_text_as_the_limit_are_read(separator, monkeypatch):
    monkeypatch.setattr(reading_text, "MAX_COLUMNS", 3)
    lines = [["a", "b", "c"], ["1", "22", "3"]]
    assert read_matrix("\n".join(map(separator.join, lines))).tolist() == [[1, 22, 3]]


def test_as_many_labels_as_there_may_be_rows_may_stand_on_one_line():
    assert reading_text.MAX_COLUMNS >= reading_text.MAX_ROWS


class Counted:
    """A pattern that counts what is found."""

    def __init__(self, pattern):
        self.pattern = pattern
        self.found = 0

    def finditer(self, text):
        for match in self.pattern.finditer(text):
            self.found += 1
            yield match


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
@pytest.mark.parametrize("field", ["a", "1", "1.5"])
def test_a_line_that_is_too_wide_is_refused_before_its_fields_are_looked_at(field, separator, monkeypatch):
    counted = Counted(reading_text.FIELD[separator])
    monkeypatch.setattr(reading_text, "MAX_COLUMNS", 100)
    monkeypatch.setitem(reading_text.FIELD, separator, counted)
    refusal(read_matrix, (field + separator) * 10_000 + "x")
    assert counted.found <= (101 if separator == " " else 0)


# Hostile input

SYNTAX = "01239.,;:-+eE[](){}<>='\"#_x …−\t\n\r\0\ufeff\ud800"
WORDS = ["...", "nan", "-inf", "1e999", "1.5, ", "[[", "],[", "]]", "array(", "tensor(", "np.float64(", "<tf.Tensor:"]
TOKENS = st.sampled_from([*SYNTAX, *WORDS, "numpy=", "dtype=f"])
HOSTILE_TEXTS = st.text() | st.lists(TOKENS, max_size=40).map("".join)
GOOD_FILES = [npy(GOOD), npy(GOOD > 0), npy(np.float16([1, 2])), *(w(GOOD).encode() for w in TEXTS.values())]


@st.composite
def mutated_files(draw):
    """Good files with bytes replaced, cut out or put in."""
    source = bytearray(draw(st.sampled_from(GOOD_FILES)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(source)))
        end = start + draw(st.sampled_from([0, 1, 1, 1, 2, 30, len(source)]))
        source[start:end] = draw(st.binary(max_size=3) | TOKENS.map(lambda t: t.encode("utf-8", "surrogatepass")))
    return bytes(source)


def read_or_refuse(read, *arguments):
    try:
        return read(*arguments)
    except ReadingError:
        return refusal(read, *arguments)


@given(HOSTILE_TEXTS | st.binary() | st.binary().map(b"\x93NUMPY".__add__) | mutated_files())
@example("[" * 100_000)
@example("\x93NUMPY")
@example(b"\x93NUMPY\x01\x00")
@settings(max_examples=1500)
def test_whatever_is_given_becomes_a_matrix_or_one_sentence(source):
    matrix = read_or_refuse(read_matrix, source)
    if not isinstance(matrix, str):
        assert matrix.ndim == 2
        assert matrix.shape[1] >= 2
        assert np.isfinite(matrix).any(axis=1).all()
        assert (matrix < np.inf).all()


@given(HOSTILE_TEXTS | mutated_files(), st.integers(1, 4), st.integers(2, 4))
@settings(max_examples=800)
def test_whatever_is_given_becomes_targets_or_one_sentence(source, rows, classes):
    targets = read_or_refuse(read_targets, source, rows, classes)
    if not isinstance(targets, str):
        assert targets.shape == (rows, classes)
        np.testing.assert_allclose(targets.sum(axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("field", [b"'descr': '", b"'fortran_order': ", b"'shape': ("])
@given(st.data())
@settings(max_examples=200)
def test_no_npy_header_is_evaluated_or_crashes(field, data):
    source = npy(GOOD)
    start = source.index(field) + len(field)
    junk = data.draw(st.binary(max_size=40) | st.text("0123456789, ()[]'{}<>|=fiuO", max_size=60).map(str.encode))
    read_or_refuse(read_matrix, source[:start] + junk + source[start + len(junk) :])


REPEATED = [
    "1", "1,", "1 ", "1\n", " ", "\n", "\r", "#\n", "a", "a,", "a.", "[", "]", "[1", "[1 2]", "[]", "(",
    "(1)", '"', "np.", "np.f(", "np.f(1", "<tf.", "numpy=", ", a=", ", a=(", ", a=1", "-inf,", "...", "e",
    ";", "1;", "\t", "−",
]  # fmt: skip


def long_texts(unit, length):
    """Texts of about that length which repeat a unit, with and without something before and after it."""
    for head, tail in product(["", "[[1, 2]", "<tf."], ["", "x", "[1, 2]"]):
        yield head + unit * (length // len(unit)) + tail


@pytest.mark.parametrize("unit", REPEATED)
def test_whatever_is_repeated_a_long_text_is_read_or_refused(unit):
    for text in long_texts(unit, 20_000):  # that the time is linear, tests/benchmarks/reading.py measures
        read_or_refuse(read_matrix, text)


# Below the limit on columns, so that every field is looked at; lists of matches took up to 150 bytes a character.
HUNGRY = [
    ",", ";", "\t", "a,", "a;", "a ", "1,", "1.5,", '"', '",', '"1,5",', '"1,500",', '"1,2"\n', "[", "[1,", "[1,2],",
    "(1,2),", "a b ", "1\n", "1,2\n", "1,2\r", "\n", " \n", "#", "##\n", "# ", "1 # 2\n", "np.f(1) ", "np.f(1),",
    "-inf,", "-1e999,", "1,000;", "1,5;", "N/A,", "#N/A ", "\0", '{"a":[1,2]},', ", a=b",
]  # fmt: skip
BYTES_A_CHARACTER = 20


def peak_of_reading(text):
    """Bytes taken at once to read a text or to refuse it."""
    tracemalloc.start()
    try:
        read_or_refuse(read_matrix, text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("unit", HUNGRY)
@pytest.mark.parametrize(("head", "tail"), [("", ""), ("1,2\n", "x"), ("x[", "]")])
def test_whatever_is_repeated_a_long_text_takes_few_times_its_own_memory(unit, head, tail):
    text = head + unit * (60_000 // len(unit)) + tail
    assert peak_of_reading(text) < BYTES_A_CHARACTER * len(text)


# Targets


@pytest.mark.parametrize(
    "source",
    [
        "2\n0\n1",
        "label\n2\n0\n1\n",
        "2,0,1",
        "2 0 1",
        "[2, 0, 1]",
        "array([[2], [0], [1]])",
        "tensor([2, 0, 1], device='cuda:0')",
        "2.0\n0.0\n1.0",
        npy(np.array([2, 0, 1])),
        npy(np.array([[2], [0], [1]], ">i2")),
        "0,0,1,0\n1,0,0,0\n0,1,0,0",
        npy(np.eye(4, dtype=bool)[[2, 0, 1]]),
    ],
)
def test_labels_and_one_hot_rows_are_the_same_targets(source):
    targets = read_targets(source, 3, 4)
    assert targets.dtype == np.float64
    assert targets.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0]]


@given(st.integers(1, 5), st.integers(2, 5), st.data())
def test_labels_on_one_line_and_one_on_each_are_the_same_whatever_the_shape(rows, classes, data):
    labels = data.draw(st.lists(st.integers(0, classes - 1), min_size=rows, max_size=rows))
    expected = np.eye(classes)[labels].tolist()
    for separator in (",", "\n"):
        assert read_targets(separator.join(map(str, labels)), rows, classes).tolist() == expected


@pytest.mark.parametrize("printed", ["1", "tensor(1)", "tensor(1, device='cuda:0')", "np.int64(1)", "y = 1"])
def test_for_one_row_a_single_number_is_its_label_however_it_is_printed(printed):
    assert read_targets(printed, 1, 3).tolist() == [[0, 1, 0]]


def test_for_one_row_several_numbers_are_its_distribution():
    assert read_targets("0 1 0", 1, 3).tolist() == [[0, 1, 0]]


def test_distributions_keep_their_values_in_float64():
    targets = read_targets(npy(np.float32([[0.25, 0.75]])), 1, 2)
    assert targets.dtype == np.float64
    assert targets.tolist() == [[0.25, 0.75]]
    assert read_targets("0.9,0.05,0.05\n0,0,1", 2, 3).tolist() == [[0.9, 0.05, 0.05], [0, 0, 1]]


REFUSED_TARGETS = {
    "a label too large": (
        "0\n1\n1000",
        "Line 3, column 1: found “1000”, expected a label from 0 to 999 (1,000 classes).",
    ),
    "a negative label": ("0\n-1\n2", "Line 2, column 1: found “-1”, expected a label from 0 to 999"),
    "a fraction": ("[0, 1, 1.5]", "Line 1, column 8: found “1.5”, expected a label from 0 to 999"),
    "nan": ("0,1,nan", "Line 1, column 5: found “nan”, expected a label from 0 to 999"),
    "a label in NPY": (npy(np.array([0, 1, 1000])), "Row 1, column 3: found 1000, expected a label from 0 to 999"),
    "too few": ("0\n1", "Targets: found 2 rows of 1 number, expected 3 labels or 3 rows of 1,000 probabilities."),
    "too many": ("0,1,2,3", "Targets: found 1 row of 4 numbers, expected 3 labels or 3 rows of 1,000 probabilities."),
    "words": ("cat,dog", "Line 1, column 1: found “cat”, expected a number, or rows of numbers under a line of names."),
    "a word": ("0\ncat\n1", "Line 2, column 1: found “cat”, expected a number."),
}


@pytest.mark.parametrize(("source", "part"), REFUSED_TARGETS.values(), ids=REFUSED_TARGETS)
def test_targets_that_do_not_belong_to_the_batch_are_refused(source, part):
    assert part in refusal(read_targets, source, 3, 1000)


def test_rows_of_targets_that_are_not_distributions_are_refused_by_their_line():
    sentence = refusal(read_targets, "# p\n1,0,0\n0.5,0.4,0", 2, 3)
    assert sentence == "Line 3, column 1: found a row with the sum 0.9, expected probabilities with the sum 1."
    sentence = refusal(read_targets, "1,0,0\n-0.5,1.5,0", 2, 3)
    assert sentence == "Line 2, column 1: found “-0.5”, expected a probability from 0 to 1."


# Probabilities


@given(MATRICES)
def test_every_row_divided_by_its_sum_passes_as_probabilities(matrix):
    weights = 1 + np.abs(np.tanh(matrix))
    for dtype in (np.float64, np.float32, np.float16):
        check_probabilities((weights / weights.sum(axis=1, keepdims=True)).astype(dtype))


def test_probabilities_printed_with_four_decimals_pass():
    check_probabilities(read_matrix("tensor([[0.3333, 0.3333, 0.3333], [0.6652, 0.2447, 0.0900]])"))


@pytest.mark.parametrize("value", [-0.1, 1.5, np.nan, np.inf, -np.inf])
def test_an_entry_that_is_no_probability_is_named_by_row_and_column(value):
    sentence = refusal(check_probabilities, np.array([[0.5, 0.5], [1.0, value]]))
    assert sentence == f"Row 2, column 2: found {value:g}, expected a probability from 0 to 1."


def test_a_row_of_probabilities_that_does_not_sum_to_one_is_named():
    sentence = refusal(check_probabilities, np.array([[0.5, 0.5], [0.5, 0.498]]))
    assert sentence == "Row 2, column 1: found a row with the sum 0.998, expected probabilities with the sum 1."
    check_probabilities(np.array([[0.5, 0.5], [0.5, 0.4991]]))
