"""Words apart from logic: nothing is decided by what a sentence, a title, a formula or a call says."""

import ast
import re

import pytest

from tests.unit.test_imports import sources

MATCHERS = {
    "startswith",
    "endswith",
    "removeprefix",
    "removesuffix",
    "index",
    "find",
    "count",
    "get",
    "match",
    "search",
}
PROSE = re.compile(r"[^\W\d_][’']?(?: |[,.:;] )[(]?[^\W\d_]|\\[a-z]{3,}")
"""Two words with a space or a stop between them, or a command of LaTeX."""
TELLERS = {"Choice"}
"""What is called with pairs of sentences, an answer and its reply: they are told in their order."""
ALLOWED = {"all entries"}
"""What the core's users write for a reduction, as in `train(…, reduction="all entries")`."""
OF_THE_LOG = {"xent_core/identify/log.py"}
"""What reads the words of others' logs."""


def constants(node):
    """The strings that stand in a node as they are: not those of calls and formatted texts inside it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for element in node.elts:
            yield from constants(element)


def deciding(tree):
    """The strings that decide: compared, looked for, asked after, matched, or keys."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    told = [argument for call in calls if call.func.id in TELLERS for argument in call.args]
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                yield from constants(side)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MATCHERS:
            for argument in node.args[:1]:
                yield from constants(argument)
        elif isinstance(node, ast.Dict) and node not in told:
            for key in node.keys:
                yield from constants(key) if key else ()
        elif isinstance(node, ast.Subscript):
            yield from constants(node.slice)
        elif isinstance(node, ast.MatchValue):
            yield from constants(node.value)


def prose(text):
    return [string for string in deciding(ast.parse(text)) if PROSE.search(string) and string not in ALLOWED]


@pytest.mark.parametrize("path", sorted(path for path in sources() if path not in OF_THE_LOG))
def test_no_prose_decides_anything(path):
    assert prose(sources()[path]) == []


@pytest.mark.parametrize(
    "text",
    [
        'reason.startswith("exp overflows")',
        'if library == "By hand": pass',
        'x = "Nothing known" in title',
        r'formula == r"-\sum_j p_j"',
        'TITLES = {"A zero": 1}',
        'table["The example"]',
        'match look:\n    case "The batch": pass',
        'kind in ("Two forms", "b")',
    ],
)
def test_prose_that_decides_is_found(text):
    assert prose(text)


@pytest.mark.parametrize(
    "text",
    ['x = "Nothing is known."', 'kind == "logits"', 'names["keras_categorical"]', 'print("By hand")', '"." in text'],
)
def test_ids_and_words_that_are_only_told_are_not(text):
    assert prose(text) == []
