"""What no tool checks of the modules that run in the browser; deno and oxlint, from tests/run.py, check the rest."""

from tests.run import ROOT

LONGEST = 250  # lines


def test_no_module_is_too_long_to_be_one_idea():
    modules = (ROOT / "pages/parts/browser").rglob("*.js")
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert not {path: count for path, count in lines.items() if count > LONGEST}
