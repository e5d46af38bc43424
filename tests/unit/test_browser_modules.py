"""What no tool checks of the modules that run in the browser; deno and oxlint, from tests/run.py, check the rest."""

from tests.run import EXEMPT, ROOT

LONGEST = 250  # lines


def test_no_module_is_too_long_to_be_one_idea():
    modules = set((ROOT / "pages/parts/browser").rglob("*.js")) - {ROOT / path for path in EXEMPT}
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert not {path: count for path, count in lines.items() if count > LONGEST}


def test_what_is_exempt_is_still_there():
    assert all((ROOT / path).exists() for path in EXEMPT)
