"""Imports point one way: app → pages → pages.parts → xent_core."""

import ast
import configparser
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCREENS = {"streamlit", "plotly"}
OF_THE_CORE = {"numpy", *sys.stdlib_module_names}
LAYERS = ["xent_core", "pages.parts", "pages", "app"]  # each may import those before it


def layer(module):
    """The index of the layer that a module belongs to; None outside the project."""
    return next((i for i, name in enumerate(LAYERS) if f"{module}.".startswith(f"{name}.")), None)


def module_name(path):
    return ".".join(Path(path).with_suffix("").parts).removesuffix(".__init__")


def sources():
    """The text of every module, by its path from the root."""
    paths = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "xent_core").rglob("*.py")]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def screenless(paths):
    """Those that know no screen, beside the core: the list in .mypy.ini, of files and folders."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".mypy.ini", encoding="utf-8")
    listed = [Path(entry.strip()) for entry in config["mypy"]["files"].split(",")]
    assert all((ROOT / path).exists() for path in listed)
    return {path for path in paths if any(Path(path).is_relative_to(entry) for entry in listed)}


def imports(texts):
    """module → the modules that it imports anywhere, in a function too; others than the project's by their package."""
    trees = {module_name(path): ast.parse(text) for path, text in texts.items()}
    packages = {module_name(path) for path in texts if path.endswith("/__init__.py")}
    bound = {
        package: {
            alias.asname or alias.name for node in ast.walk(trees[package]) for alias in getattr(node, "names", ())
        }
        for package in packages
    }

    def named(node):
        if isinstance(node, ast.Import):
            return [alias.name for alias in node.names]
        assert not node.level, f"line {node.lineno}: a relative import"
        # What a package binds is its own, though a module may bear the same name: xent_core.softmax.
        modules = [
            f"{node.module}.{alias.name}" for alias in node.names if alias.name not in bound.get(node.module, ())
        ]
        return [module if module in trees else node.module for module in modules] or [node.module]

    return {
        module: {
            name if layer(name) is not None else name.partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in named(node)
        }
        for module, tree in trees.items()
    }


def broken(texts, without_screen):
    """Every rule that an import breaks, one line each."""
    found = imports(texts)
    no_screen = {module_name(path) for path in without_screen}
    for module, imported in found.items():
        for other in imported - {module}:
            inside, own = layer(other), layer(module)
            if other == "tests":
                yield f"{module} imports the tests"
            if inside is not None and inside > own:
                yield f"{module} imports {other}, which stands above it"
            if inside == own == LAYERS.index("pages"):
                yield f"{module} imports {other}: a page imports no other page"
            allowed = OF_THE_CORE | ({"PIL"} if f"{module}.".startswith("xent_core.networks.") else set())
            if own == 0 and inside is None and other not in allowed:
                yield f"{module} imports {other}: the core needs NumPy alone"
            if module in no_screen and (other in SCREENS or (inside is not None and other not in no_screen)):
                yield f"{module} imports {other}, but is to know no screen"
    below = {module: imported & found.keys() for module, imported in found.items() if layer(module) <= 1}
    try:
        TopologicalSorter({module: imported - {module} for module, imported in below.items()}).prepare()
    except CycleError as error:
        yield f"in a circle: {' → '.join(reversed(error.args[1]))}"


def test_imports_point_one_way():
    texts = sources()
    assert not sorted(broken(texts, screenless(texts)))


GOOD = {
    "app.py": "import streamlit\nimport pages.parts.a.screen",
    "pages/one.py": "from pages.parts.a import screen, plain\nimport xent_core",
    "pages/two.py": "",
    "pages/parts/a/screen.py": "import streamlit as st\nfrom pages.parts.a.plain import number",
    "pages/parts/a/plain.py": "from xent_core import softmax",
    "xent_core/__init__.py": "from xent_core.softmax import softmax",
    "xent_core/softmax.py": "import numpy.typing\nfrom collections.abc import Sequence",
    "xent_core/networks/images.py": "from PIL import Image",
}
NO_SCREEN = {"pages/parts/a/plain.py", *(path for path in GOOD if path.startswith("xent_core"))}


def test_a_good_tree_breaks_no_rule():
    assert not list(broken(GOOD, NO_SCREEN))


WRONG = [
    ("pages/one.py", "import app", "pages.one imports app, which stands above it"),
    ("pages/one.py", "from pages import two", "pages.one imports pages.two: a page imports no other page"),
    ("pages/parts/a/screen.py", "import pages.two", "pages.parts.a.screen imports pages.two, which stands above it"),
    ("pages/one.py", "from tests import run", "pages.one imports the tests"),
    ("xent_core/softmax.py", "from pages.parts.a import plain", "xent_core.softmax imports pages.parts.a.plain, which"),
    ("xent_core/softmax.py", "import streamlit", "xent_core.softmax imports streamlit: the core needs NumPy alone"),
    (
        "xent_core/softmax.py",
        "def draw():\n  from plotly import io",
        "xent_core.softmax imports plotly: the core needs",
    ),
    ("xent_core/softmax.py", "import pandas.io", "xent_core.softmax imports pandas: the core needs NumPy alone"),
    ("xent_core/softmax.py", "import PIL.Image", "xent_core.softmax imports PIL: the core needs NumPy alone"),
    ("xent_core/networks/images.py", "import scipy", "xent_core.networks.images imports scipy: the core needs NumPy"),
    ("pages/parts/a/plain.py", "import plotly", "pages.parts.a.plain imports plotly, but is to know no screen"),
    ("pages/parts/a/plain.py", "import pages.parts.a.screen", "pages.parts.a.plain imports pages.parts.a.screen, but"),
    ("pages/parts/a/plain.py", "import pages.parts.a.screen", "in a circle: pages.parts.a."),
    ("xent_core/softmax.py", "from xent_core import softmax", "in a circle: xent_core"),
]


@pytest.mark.parametrize(("path", "text", "sentence"), WRONG)
def test_each_rule_can_be_broken(path, text, sentence):
    found = list(broken({**GOOD, path: f"{GOOD[path]}\n{text}"}, NO_SCREEN))
    assert any(line.startswith(sentence) for line in found), found
