"""The browser's modules and styles as a saved page brings them along: the same files, with their imports by name."""

import base64
import gzip
import json
import posixpath
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pages.parts.page.modules import MODULES, text_of

STYLES = tuple(re.findall(r'"(\w+\.css)"', text_of("screen/frame.js")))  # which the stage asks for
FONTS = {"font": 'Narrow, "Source Sans 3", sans-serif', "code-font": "ui-monospace, Consolas, monospace"}
_THEME = Path(__file__).parents[3] / ".streamlit/config.toml"
_IMPORT = re.compile(r'(\bfrom|\bimport)(\s+)"(\.[^"]*)"')


def packed(data: bytes) -> str:
    """Bytes as text, compressed."""
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def by_name(module: str) -> str:
    """A module's text: what it imports is called by its path from the folder, for a page's map of imports."""
    folder = posixpath.dirname(module)

    def named(found: re.Match[str]) -> str:
        return f'{found[1]}{found[2]}"{posixpath.normpath(posixpath.join(folder, found[3]))}"'

    return _IMPORT.sub(named, text_of(module))


@cache
def modules() -> str:
    """All modules by their names, packed."""
    return packed(json.dumps({module: by_name(module) for module in MODULES}, ensure_ascii=False).encode())


@cache
def theme() -> str:
    """The colours that Streamlit gives to the stage, from its own settings, for both schemes."""
    given = tomllib.loads(_THEME.read_text(encoding="utf-8"))["theme"]
    both = {name: value for name, value in given.items() if name.endswith("Color")}
    return (
        f":root {{ {_variables(both | given['light'])}; "
        f"{'; '.join(f'--st-{name}: {value}' for name, value in FONTS.items())} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_variables(given['dark'])} }} }}"
    )


def _variables(colours: dict[str, Any]) -> str:
    return "; ".join(f"--st-{_parted(name)}: {value}" for name, value in colours.items())


def _parted(name: str) -> str:
    return re.sub("([A-Z])", r"-\1", name).lower()
