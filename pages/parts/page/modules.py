"""The browser's modules: where they stand, under which address they are served, and the few lines that load them.

The address holds a hash of all their content, so that a browser may keep them for ever.
"""

import hashlib
from functools import cache
from pathlib import Path

BROWSER = Path(__file__).parents[1] / "browser"
SERVED = sorted(path for path in BROWSER.rglob("*") if path.suffix in (".js", ".css", ".png"))
HASH = hashlib.sha256(
    b"".join(str(path.relative_to(BROWSER)).encode() + path.read_bytes() for path in SERVED)
).hexdigest()[:16]
PATH = f"browser/{HASH}"
MODULES = [path.relative_to(BROWSER).as_posix() for path in SERVED if path.suffix == ".js"]

# Streamlit's own script tells where the app is served, under any base path; the page asks for all modules at once.
LOADER = f"""
const script = document.querySelector('script[type=module][src*="static/js/"]');
const base = new URL("../../{PATH}/", script.src);
const stage = import(new URL("stage.js", base).href);
export default component => {{
  let leave = () => {{}};
  const data = JSON.parse(new TextDecoder().decode(component.data));
  stage.then(({{ mount }}) => {{ leave = mount({{ ...component, data }}); }});
  return () => leave();
}}
"""


@cache
def text_of(name: str) -> str:
    """The text of one of the files."""
    return (BROWSER / name).read_text(encoding="utf-8")
