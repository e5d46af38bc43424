"""Firefox for tests, as it is installed: Playwright drives only its own build of it, so this speaks WebDriver BiDi."""

import json
import re
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import connect

from tests.browser.support import MILLISECONDS_TO_COME, SECONDS_TO_START

# No motion; and what Firefox asks of other servers by itself goes to a port where nobody is.
PREFERENCES = {
    "ui.prefersReducedMotion": 1,
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": 1,
}
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)\s")
KEYS = {"ArrowRight": "\ue014", "PageDown": "\ue00f", "PageUp": "\ue00e"}
# The stage, which stands in a shadow tree, once there is one and nothing moves on it.
STAGE = """
(async () => {
  const find = (root) => root.querySelector("[data-part=stage][data-step]") ??
    [...root.querySelectorAll("*")].map(({ shadowRoot }) => shadowRoot && find(shadowRoot)).find(Boolean);
  for (;;) {
    const stage = find(document);
    if (stage?.dataset.moving === "false") return stage;
    await new Promise(requestAnimationFrame);
  }
})()
"""


class Firefox:
    """Firefox without a window, on a new profile, with one page. As a context manager it runs from entry to exit."""

    def __init__(self, program: str, profile: Path) -> None:
        """Take the program and an empty folder; nothing starts yet."""
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("".join(lines))
        self._command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"]
        self._log = profile / "log"
        self._commands = 0
        self.asked: list[str] = []
        """Where its page asked for something since `open`; of the disk Firefox does not tell it."""
        self.wrongs: list[str] = []
        """What its page logged as an error since then: an exception uncaught too, and what a policy forbids."""

    def __enter__(self) -> "Firefox":
        """Start it, and return as soon as it answers; RuntimeError with its output if it does not."""
        with ExitStack() as stack:
            log = stack.enter_context(self._log.open("wb"))
            self._process = stack.enter_context(subprocess.Popen(self._command, stdout=log, stderr=log))
            stack.callback(self._process.kill)
            self._socket = stack.enter_context(connect(f"{self._address()}/session", max_size=None, proxy=None))
            self._tell("session.new", capabilities={})
            self._tell("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
            self._page = self._tell("browsingContext.getTree")["contexts"][0]["context"]
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        """End it."""
        self._stack.close()

    def open(self, url: str) -> None:
        """Leave what its page showed and did, and open an address."""
        self.leave()
        self.asked.clear()
        self.wrongs.clear()
        self._tell("browsingContext.navigate", context=self._page, url=url, wait="complete")

    def leave(self) -> None:
        """Show nothing any more: all that the page did wrong is known after that."""
        self._tell("browsingContext.navigate", context=self._page, url="about:blank", wait="complete")

    def on_stage(self, function: str) -> Any:
        """What a function of the stage returns, awaited, once a story is there and nothing moves."""
        answer = self._tell(
            "script.evaluate",
            expression=f"{STAGE}.then({function}).then((told) => JSON.stringify(told ?? null))",
            target={"context": self._page},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        strokes = [{"type": kind, "value": KEYS[key]} for kind in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": strokes}
        self._tell("input.performActions", context=self._page, actions=[keyboard])

    def _address(self) -> str:
        deadline = time.monotonic() + SECONDS_TO_START
        while not (found := LISTENS.search(self._log.read_text(errors="replace"))):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self._command[0]} did not start. It printed:\n{self._log.read_text()}")
            time.sleep(0.05)
        return found[1]

    def _tell(self, method: str, **params: Any) -> Any:
        self._commands += 1
        self._socket.send(json.dumps({"id": self._commands, "method": method, "params": params}))
        while (heard := json.loads(self._socket.recv(MILLISECONDS_TO_COME / 1000))).get("id") != self._commands:
            if heard["type"] == "event":
                self._hear(heard["method"], heard["params"])
        if heard["type"] == "error":
            raise RuntimeError(f"{method}: {heard['message']}")
        return heard["result"]

    def _hear(self, event: str, told: dict[str, Any]) -> None:
        if event == "network.beforeRequestSent":
            if (parts := urlsplit(told["request"]["url"])).scheme not in ("data", "blob"):
                self.asked.append(parts.geturl())
        elif told["level"] == "error":
            self.wrongs.append(told["text"])
