"""Set up what the tests need, check style and types, run the tests.

    python3 tests/run.py [pytest arguments]

Works from any folder with nothing but Python 3.11; paths among the arguments start at the project's root.
The packages go into `.venv` there, and are installed again only when a requirements file changes. The browser
is the one CHROMIUM names, or else the first Chromium or Chrome found; where there is none, one is fetched, unless
every argument is an option or a path in `tests/unit` or `tests/pages`, whose tests need none. HAProxy and Firefox,
which a few tests need, are fetched where root has apt; those are skipped elsewhere.
"""

from __future__ import annotations  # so that an older Python reaches the sentence that says what is needed

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
REQUIREMENTS = [ROOT / "requirements.txt", ROOT / "tests/requirements.txt"]
SCRIPTS = ["pages/parts/browser", "tests"]
DENO = ["--config", ".deno.json"]
OFFLINE = ["--no-remote", "--no-npm"]
MODULE = [PYTHON, "-m"]
QUICK_CHECKS = [
    [*MODULE, "ruff", "check"],
    [*MODULE, "ruff", "format", "--check"],
    [*MODULE, "mypy"],
    [str(Path(PYTHON).parent / "oxlint"), *SCRIPTS],
    [*MODULE, "deno", "fmt", "--check", "--permit-no-files", *DENO],
    [*MODULE, "deno", "check", *OFFLINE, *DENO, *SCRIPTS],
    [*MODULE, "deno", "test", "--permit-no-files", "--no-check", "--allow-read", *OFFLINE, *DENO],
]
BROWSERS = ["chromium", "google-chrome", "chrome", "chromium-browser", "google-chrome-stable"]
BROWSERS += ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
BROWSERS += [r"C:\Program Files\Google\Chrome\Application\chrome.exe"]
FIREFOXES = ["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"]
FIREFOXES += [r"C:\Program Files\Mozilla Firefox\firefox.exe"]
PRINT_PLAYWRIGHTS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path, end="")
"""


def attempt(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command from the project's root, without a terminal, and keep what it prints."""
    environment = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "NO_COLOR": "1",
        "DENO_NO_UPDATE_CHECK": "1",
        "DENO_DIR": str(VENV / "deno"),
    }
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.run(command, cwd=ROOT, env=environment, text=True, check=False, **streams)


def must(sentence: str, *command: str) -> None:
    """Run a command; if it fails, show what it printed and stop with the sentence."""
    done = attempt(*command)
    if done.returncode:
        sys.exit(f"{done.stdout}\n{sentence}")


def make_environment() -> None:
    """Make `.venv`, unless there is one whose Python is there."""
    if Path(PYTHON).exists():
        return
    if attempt(sys.executable, "-c", "import ensurepip").returncode:
        sys.exit("This Python can't make a virtual environment: on Debian, apt-get install python3-venv.")
    must(f"Could not make {VENV}.", sys.executable, "-m", "venv", "--clear", str(VENV))


def install_packages() -> None:
    """Install the requirements into `.venv`, unless just these were installed before."""
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in REQUIREMENTS)).hexdigest()
    stamp = VENV / "tests-requirements.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing the tests' packages into .venv …", flush=True)
    sentence = f"Could not install {REQUIREMENTS[-1]} into {VENV}: that takes Python 3.11 or newer, and pip."
    must(sentence, PYTHON, "-m", "pip", "install", "--quiet", "-r", str(REQUIREMENTS[-1]))
    stamp.write_text(wanted)


def need_a_browser(arguments: list[str]) -> bool:
    """Whether pytest may come to browser tests: unless it is given paths, and all where there are none."""
    given = [argument for argument in arguments if not argument.startswith("-")]
    return not given or not all(argument.startswith(("tests/unit", "tests/pages")) for argument in given)


def starts(browser: str) -> bool:
    """Whether the program runs: a stub does not, nor one that lacks its libraries."""
    # On Windows Chrome opens a window in place of printing its version.
    return os.name == "nt" or attempt(browser, "--version").returncode == 0


def candidates() -> Iterator[str]:
    """Where a browser may be: what CHROMIUM names, if set; or else the usual names, and Playwright's own."""
    if named := os.environ.get("CHROMIUM"):
        yield named
    else:
        yield from BROWSERS
        yield attempt(PYTHON, "-c", PRINT_PLAYWRIGHTS_OWN).stdout


def first_that_starts(programs: Iterable[str]) -> str | None:
    """The path of the first of these programs that is there and starts, or None."""
    return next((path for path in map(shutil.which, programs) if path and starts(path)), None)


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome that starts, or None."""
    return first_that_starts(candidates())


def fetch_chromium() -> str:
    """Fetch a Chromium by Playwright, or else by apt; stop if neither gives one that starts."""
    if named := os.environ.get("CHROMIUM"):
        sys.exit(f"CHROMIUM is {named}, which does not start.")
    print("Fetching Chromium for the browser tests …", flush=True)
    ways = [[PYTHON, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        ways += [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]]
    for way in ways:
        attempt(*way)
        if path := find_chromium():
            return path
    sys.exit("Found no Chromium or Chrome, and could fetch none: install one, or set CHROMIUM to its path.")


def find_haproxy() -> str | None:
    """The path of HAProxy, or None: Debian keeps it where only root looks."""
    return shutil.which("haproxy", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))


def find_firefox() -> str | None:
    """The path of a Firefox that starts, or None."""
    return first_that_starts(FIREFOXES)


def fetch_what_some_tests_need() -> None:
    """Fetch HAProxy and Firefox by apt, where that can be done; tests of what is missing say so and are skipped."""
    found = {"haproxy": find_haproxy(), "firefox-esr": find_firefox()}
    missing = [package for package, path in found.items() if not path]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        for command in (["update"], *(["install", "-y", "--no-install-recommends", package] for package in missing)):
            attempt("timeout", "300", "apt-get", *command)


def check_quickly() -> int:
    """Style, types and the browser's modules, side by side: print what those say that fail; return the exit code."""
    with ThreadPoolExecutor() as pool:
        checks = list(pool.map(lambda check: attempt(*check), QUICK_CHECKS))
    print(*(done.stdout for done in checks if done.returncode), sep="", end="", flush=True)
    return max(done.returncode for done in checks)


def main() -> int:
    """Do all of it; return the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(f"The tests need Python 3.11 or newer; this is Python {sys.version.split()[0]}.")
    make_environment()
    install_packages()
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1")  # several workers share the cores
    if need_a_browser(sys.argv[1:]):
        environment["CHROMIUM"] = find_chromium() or fetch_chromium()
        fetch_what_some_tests_need()
    quick = check_quickly()
    # Three at a time, for browser tests wait more than they work; each file on one worker, the quick ones first.
    pytest = [PYTHON, "-m", "pytest", "-n", "3", "--dist", "loadfile", *sys.argv[1:]]
    code = subprocess.call(pytest, cwd=ROOT, env=environment)
    return code or quick


if __name__ == "__main__":
    sys.exit(main())
