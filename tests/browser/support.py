"""What browser tests and benchmarks share: a server of their own, Chromium, and what stands on a page."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.parts.page.contents import CONTENTS
from tests.run import BROWSERS

PAGES = [f"/{entry.path}" for entry in CONTENTS]
STAGES = [f"/{entry.path}" for entry in CONTENTS if entry.staged]
TABLES = [
    "/",
    "/softmax",
    "/two-forms",
    "/clipping",
    "/gradients",
]  # the stages of one example, with a table of classes
ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app.py"
SERVER_OPTIONS = ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
SECONDS_TO_START = 60
SECONDS_TO_RUN = 30
MILLISECONDS_TO_COME = 60_000  # what a step shows may have to be computed first: a long training
MILLISECONDS_TO_SEND = 220  # Streamlit's own sliders wait 200 ms before they send
# What came is gathered for 10 ms before React draws it, and what React drew may draw more: until nothing is left to do.
REST = """new Promise(done => setTimeout(() => requestAnimationFrame(() =>
    requestIdleCallback(done, { timeout: 2000 })), 20))"""
STREAMLITS_GUESSES = re.compile(r"//[^/]+(/[^/]+)+/_stcore/(health|host-config)$")
# No sandbox, because CI runs as root; nothing that Chromium asks of other servers by itself; and no other server.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    # Two pages of its own behind the address bar of each window, which nobody sees: a third of what opening one costs.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]


def launch(playwright: Playwright) -> Browser:
    """The Chromium that tests/run.py found; or else the one on PATH, or Playwright's own."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    return playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)


class Server:
    """`streamlit run` of a script, on a free port of this machine's own address.

    As a context manager it runs from entry to exit; in between it can be killed and started, on one port.
    """

    def __init__(self, script: Path = APP, *options: str, folder: Path | None = None) -> None:
        """Take a script, options of `streamlit run`, and the folder to run it in if not its own; nothing starts yet."""
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        base = next((option.partition("=")[2] for option in options if option.startswith("--server.baseUrlPath")), "")
        self._health = "/".join(filter(None, [self.url, base, "_stcore/health"]))
        self._folder = folder or script.parent
        self._command = [sys.executable, "-m", "streamlit", "run", str(script), *SERVER_OPTIONS]
        self._command += [f"--server.port={port}", *options]
        self._log = tempfile.TemporaryFile("a+b")  # noqa: SIM115  closed on exit

    def __enter__(self) -> "Server":
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """End it."""
        self.kill()
        self._log.close()

    def start(self) -> None:
        """Start it, and return as soon as it answers; RuntimeError with its output if it does not."""
        self._process = subprocess.Popen(
            self._command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self._command[4]} did not start. It printed:\n{self.output()}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._process.kill()
        self._process.wait()

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def output(self) -> str:
        """All that it has printed."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def _answers(self) -> bool:
        straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            return straight.open(self._health, timeout=1).status == 200
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def watch(context: BrowserContext) -> list[str]:
    """A list that grows by one line for everything that pages of the context do and should not.

    That is: logging an error, leaving an exception uncaught, and asking another server for anything. None can be
    reached, so those requests fail; to hear of all the others would be a sixth of what opening a page costs.
    Left out: on a deep link Streamlit's front end tries `/softmax/_stcore/health` before `/_stcore/health`.
    """
    wrongs: list[str] = []

    def on_console(message) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not STREAMLITS_GUESSES.search(url):
            wrongs.append(f"logged an error: {message.text} ({url})")

    def on_failure(request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and urlsplit(request.url).hostname != "127.0.0.1":
            wrongs.append(f"asked another server: {request.url}")

    context.on("console", on_console)
    context.on("weberror", lambda error: wrongs.append(f"left an exception uncaught: {error.error}"))
    context.on("requestfailed", on_failure)
    return wrongs


class Runs:
    """Follows a page's websocket: whether a run of the script is asked for or under way.

    The page's attribute `data-test-script-state` does not tell: a run shorter than a frame never shows there.
    """

    def __init__(self, page: Page) -> None:
        """Follow every websocket that the page opens from now on."""
        self.pending = True
        page.on("websocket", self._follow)

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: bytes) -> None:
        self.pending |= BackMsg.FromString(frame).WhichOneof("type") == "rerun_script"

    def _received(self, frame: bytes) -> None:
        message = ForwardMsg.FromString(frame)
        match message.WhichOneof("type"):
            case "new_session":
                self.pending = True
            case "script_finished":
                self.pending = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN


_RUNS: WeakKeyDictionary[Page, Runs] = WeakKeyDictionary()


def visit(page: Page, url: str) -> None:
    """Open an address, and return when its script has run, and again for what the modules told it when they came."""
    if page not in _RUNS:
        _RUNS[page] = Runs(page)
    _RUNS[page].pending = True
    page.goto(url)
    stage(page).wait_for(state="attached", timeout=MILLISECONDS_TO_COME)
    _finish(page)


def settle(page: Page) -> None:
    """Wait, after something was done on a page that `visit` opened, until the answer to it is shown."""
    page.wait_for_timeout(MILLISECONDS_TO_SEND)
    _finish(page)


_RULES_OF_COLOURS = ["color-contrast", "link-in-text-block"]  # those of axe whose answer another scheme can change
OF_COLOURS = {"runOnly": _RULES_OF_COLOURS}
BUT_COLOURS = {"rules": {name: {"enabled": False} for name in _RULES_OF_COLOURS}}


def violations(
    page: Page, scheme: str, on_stage: str = "", options: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """What axe finds once the page has turned light or dark: colours fade.

    On the whole page, or in what a selector finds `on_stage`; by all its rules, or as axe's own `options` say.
    """
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        """scheme => getComputedStyle(document.querySelector("[data-testid=stApp]")).colorScheme === scheme
            && document.getAnimations().every(one => one.effect.getComputedTiming().endTime === Infinity)""",
        arg=scheme,
    )
    frame(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    part = {"include": [{"fromShadowDom": ["[data-testid=stBidiComponentIsolated]", on_stage]}]}
    return page.evaluate(
        """([part, options]) => axe.run(part ?? document, { resultTypes: ['violations'], ...options })
            .then(({ violations }) => violations)""",
        [part if on_stage else None, options],
    )


def _finish(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    deadline = time.monotonic() + SECONDS_TO_RUN
    still = 0
    while still < 2:  # one rest may fall between two runs
        page.evaluate(REST)
        still = 0 if _RUNS[page].pending else still + 1
        assert time.monotonic() < deadline, f"The script still runs after {SECONDS_TO_RUN} s."


def connected(page: Page) -> None:
    """Wait until the page has a server again."""
    page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]").wait_for()


def query(page: Page) -> dict[str, str]:
    """What the address holds after its question mark."""
    return dict(parse_qsl(urlsplit(address(page)).query, keep_blank_values=True))


def address(page: Page) -> str:
    """What stands in the address bar; `page.url` hears of it later."""
    return page.evaluate("location.href")


def expect_query(page: Page, expected: dict[str, str]) -> None:
    """Wait until the address holds just this; it is written a moment after the answer is drawn."""
    deadline = time.monotonic() + SECONDS_TO_RUN
    while query(page) != expected and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert query(page) == expected


def expect_no_sideways_scroll(page: Page) -> None:
    """Wait until the page is no wider than its window."""
    page.wait_for_function(
        """width => {
            const main = document.querySelector("[data-testid=stMain]");
            return main.scrollWidth <= Math.min(main.clientWidth, width);
        }""",
        arg=page.viewport_size["width"],
    )


def stage(page: Page) -> Locator:
    """The stage on the page."""
    return page.locator("[data-part=stage]")


def visit_stage(page: Page, url: str) -> None:
    """Open the address of a page with a stage, and return when its story is there."""
    visit(page, url)
    stage_is_there(page)


def visit_answered(page: Page, url: str) -> None:
    """Open a step and skip its question, if it asks one: what it shows is on screen."""
    visit_stage(page, url)
    if waits(page):
        act(page, "next")
    frame(page)


def stage_is_there(page: Page, step: int | None = None) -> None:
    """Wait until a story is on the stage, at that step if one is given, and nothing moves."""
    at = "" if step is None else f'="{step}"'
    page.locator(f"[data-part=stage][data-step{at}][data-moving=false]").wait_for(timeout=MILLISECONDS_TO_COME)


def expect_step(page: Page, step: int, *, waiting: bool | None = None) -> None:
    """Wait until the stage stands at a step and has come to rest, asking or not."""
    stage_is_there(page, step)
    if waiting is not None:
        expect(stage(page)).to_have_attribute("data-waiting", str(waiting).lower())


def steps(page: Page) -> int:
    """How many steps the story has."""
    return int(stage(page).get_attribute("data-steps") or 0)


def waits(page: Page) -> bool:
    """Whether the step on the stage asks for a prediction."""
    return stage(page).get_attribute("data-waiting") == "true"


def act(page: Page, name: str) -> None:
    """Press the button of that act, and return when what it plays is over."""
    page.locator(f"[data-act={name}]").click()
    stage_is_there(page)


def press(page: Page, name: str, step: int, *, waiting: bool | None = False) -> None:
    """Press the button of that act by a script, and return when the step that it leads to has come to rest.

    For walks over many steps; that a hand can press it is tested by `act`.
    """
    page.locator(f"[data-act={name}]").evaluate("button => button.click()")
    asking = "" if waiting is None else f"[data-waiting={str(waiting).lower()}]"
    page.locator(f"[data-part=stage][data-step='{step}'][data-moving=false]{asking}").wait_for(
        timeout=MILLISECONDS_TO_COME
    )


def each_state(page: Page) -> Iterator[tuple[int, bool]]:
    """Go through the story from its first step by Next: each step, and whether it is seen as it waits."""
    last = steps(page)
    stage_is_there(page, 1)
    for step in range(1, last + 1):
        if waits(page):
            yield step, True
            press(page, "next", step)
        yield step, False
        if step < last:
            press(page, "next", step + 1, waiting=None)


def turn_to(page: Page, title: str) -> None:
    """Follow the navigation's link to the page of that title."""
    page.get_by_test_id("stTopNavLink").filter(has_text=title).click()
    page.wait_for_function("title => document.title.startsWith(title) || title === 'Start'", arg=title)
    settle(page)


def frame(page: Page) -> None:
    """Let the page paint once: what was done is on screen after that."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def resize(page: Page, width: int, height: int) -> None:
    """Give the window another size: it is heard of in one frame, and painted in the next."""
    page.set_viewport_size({"width": width, "height": height})
    frame(page)
    frame(page)


def slider(page: Page, name: str) -> Locator:
    """The slider of that name."""
    return page.get_by_role("slider", name=name, exact=True)


def box(page: Page, name: str) -> Locator:
    """The box beside the slider of that name."""
    return page.get_by_label(f"{name}, typed", exact=True)


@contextmanager
def dragging(page: Page, name: str) -> Iterator[Callable[[float], None]]:
    """Hold the slider called `name`; yields a function that moves it to a share of its length."""
    held = slider(page, name)
    held.scroll_into_view_if_needed()
    where = held.bounding_box()
    thumb = float(held.evaluate("s => parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.125"))
    y = where["y"] + where["height"] / 2

    def to(share: float) -> None:
        page.mouse.move(where["x"] + thumb / 2 + share * (where["width"] - thumb), y)
        frame(page)

    to(float(held.evaluate("s => (s.value - s.min) / (s.max - s.min)")))
    page.mouse.down()
    yield to
    page.mouse.up()


def drag(page: Page, name: str, share: float) -> None:
    """Drag the slider called `name` to a share of its length."""
    with dragging(page, name) as to:
        to(share)


def type_in(page: Page, name: str, text: str) -> None:
    """Type into the box beside a slider, as a hand does."""
    place = box(page, name)
    place.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    frame(page)


def open_settings(page: Page) -> Locator:
    """Open the settings."""
    page.locator("[data-act=settings]").click()
    panel = page.get_by_role("group", name="Settings", exact=True)
    expect(panel).to_be_visible()
    return panel


def unfold(page: Page, title: str) -> None:
    """Open one of the expanders below the stage, once nothing else is on its way."""
    settle(page)
    page.get_by_test_id("stExpander").filter(has_text=title).locator("summary").click()
    page.get_by_test_id("stExpander").filter(has_text=title).locator("details[open]").wait_for()


def number(page: Page, quantity: str, row: int | str = "total") -> float:
    """A number on the stage, in full precision, as the next frame shows it; nan where there is none."""
    found = page.locator(f'[data-quantity="{quantity}"][data-row="{row}"]')
    return float(
        found.evaluate("found => new Promise(done => requestAnimationFrame(() => done(found.dataset.value || 'nan')))")
    )


def everything(page: Page) -> dict[str, str]:
    """Every number on the stage, by its quantity and row, as it stands there in full precision."""
    frame(page)
    found = "all => all.map(({ dataset }) => [`${dataset.quantity} ${dataset.row}`, dataset.value])"
    return dict(page.locator("[data-quantity]").evaluate_all(found))


def numbers(page: Page, quantity: str) -> list[float]:
    """A number of every class, in their order."""
    frame(page)
    found = page.locator(f'[data-quantity="{quantity}"]:not([data-row=total])')
    return [float(text) for text in found.evaluate_all("all => all.map(one => one.dataset.value)")]
