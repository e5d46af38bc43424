"""Whether the stage follows the hand: each kind of slider is dragged, on every page that has it.

Counted are the frames in which the slider moved, and those of them whose last value stood on the stage, with
what follows from it, within two frames; and the messages sent before the slider was let go: none may be.
"""

import math
import statistics
import time

from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser.support import STAGES, Server, launch, visit_stage

BAR = 34  # milliseconds: two frames at 60 a second
SECONDS = 2
KINDS = ["logit", "target"]
DERIVED = '[data-quantity="categorical"][data-row="total"]'

# Notes each input event of a slider with its frame, and when the stage shows its value: once the number that
# follows from it has changed and that change is drawn. The stage writes in an animation frame, so a message
# posted on the change is delivered right after the browser has drawn that frame.
FOLLOW = """
(slider, [kind, derived]) => {
  const root = slider.getRootNode(), box = root.querySelector(`[data-quantity=${kind}][data-row="0"]`);
  const total = root.querySelector(derived);
  const moves = window.moves = [], drawn = new MessageChannel();
  let frame = 0;
  requestAnimationFrame(function count() { frame += 1; requestAnimationFrame(count); });
  slider.addEventListener("input", () =>
    moves.push({ frame, value: Number(slider.value), began: performance.now() }));
  new MutationObserver(() => drawn.port2.postMessage(Number(box.dataset.value)))
    .observe(total, { attributeFilter: ["data-value"] });
  drawn.port1.onmessage = ({ data }) => {
    for (const move of moves) if (move.value === data) move.shown ??= performance.now();
  };
}
"""


def drag(page: Page, slider: Locator) -> None:
    """Move the pointer to and fro along a slider, with its button down, and leave it down."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    middle, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    thumb = float(slider.evaluate("s => parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.125"))
    at = float(slider.evaluate("s => (s.value - s.min) / (s.max - s.min)"))
    page.mouse.move(box["x"] + thumb / 2 + at * (box["width"] - thumb), y)
    page.mouse.down()
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < SECONDS:
        page.mouse.move(middle + 0.4 * box["width"] * math.sin(2 * math.pi * passed / SECONDS), y)


def delays(moves: list[dict]) -> list[float]:
    """Milliseconds until the last value of each frame was shown; infinite where it never was."""
    last = {move["frame"]: move for move in moves}
    return [move.get("shown", math.inf) - move["began"] for move in last.values()]


def measure(page: Page, url: str, kind: str) -> str | None:
    """One line about a drag of the first slider of a kind, or None on a page that has none with its number."""
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    visit_stage(page, url)
    slider = page.locator(f"[role=row] input[type=range].{kind}").first
    if not slider.count() or not page.locator(f'[data-quantity="{kind}"][data-row="0"]').count():
        return None
    slider.evaluate(FOLLOW, [kind, DERIVED])
    before = len(sent)
    drag(page, slider)
    messages = len(sent) - before
    page.mouse.up()
    page.wait_for_timeout(200)  # for the last frame
    waits = delays(page.evaluate("moves"))
    in_time = sum(wait <= BAR for wait in waits)
    figures = f"median {statistics.median(waits):.1f} ms, longest {max(waits):.1f} ms"
    return f"{in_time} of {len(waits)} frames within {BAR} ms ({figures}); {messages} messages before release"


def main() -> None:
    """Measure and tell."""
    with Server() as app, sync_playwright() as playwright:
        browser = launch(playwright)
        for path in STAGES:
            for kind in KINDS:
                with browser.new_context() as context:
                    if line := measure(context.new_page(), app.url + path, kind):
                        print(f"{path:12} {kind:7} {line}")


if __name__ == "__main__":
    main()
