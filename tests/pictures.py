"""Make the pictures of the README, into .readme: python -m tests.pictures

The screenshots of each page are those that a shared link shows (tests/cards.py).
"""

import io
from collections.abc import Iterator

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.support import ROOT, Server, dragging, frame, launch, visit_answered, visit_stage

FOLDER = ROOT / ".readme"
MILLISECONDS = 60  # a frame of the moving picture
SIZE = {"width": 1200, "height": 675}
COLOURS = 64
STILL = {
    "phone.png": ("/?step=5", {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}),
    "photos.png": ("/thousand-classes?step=2", {"viewport": {"width": 1280, "height": 800}}),
}


def picture(page: Page) -> Image.Image:
    """What is on screen, in true colours."""
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def stills(browser: Browser, url: str) -> None:
    """A step of two pages, with its question answered."""
    for name, (path, options) in STILL.items():
        page = browser.new_page(reduced_motion="reduce", **options)
        visit_answered(page, url + path)
        picture(page).quantize(256, dither=Image.Dither.NONE).save(FOLDER / name, optimize=True)
        page.close()


def moments(page: Page, url: str) -> Iterator[tuple[Image.Image, int]]:
    """Frames and their milliseconds: a question on Clipping is answered, the step plays, and a hand drags the gap."""
    page.clock.install()
    visit_stage(page, f"{url}/clipping?step=3&present=1")
    yield picture(page), 1500
    page.locator("[data-choice='0']").hover()
    yield picture(page), 600
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    page.locator("[data-choice='0']").evaluate("button => button.click()")
    for _ in range(10):
        page.clock.run_for(MILLISECONDS)
        yield picture(page), MILLISECONDS
    page.clock.resume()
    yield picture(page), 2500
    with dragging(page, "logit gap of the target") as to:
        for share in [0.29 + 0.5 * k / 16 for k in range(17)] + [0.79 - 0.6 * k / 24 for k in range(25)]:
            to(share)
            frame(page)
            yield picture(page), MILLISECONDS
        yield picture(page), 2500


def moving(browser: Browser, url: str) -> None:
    """The moving picture."""
    page = browser.new_page(viewport=SIZE)
    frames, milliseconds = zip(*moments(page, url), strict=True)
    page.close()
    palette = frames[-1].quantize(COLOURS, dither=Image.Dither.NONE)
    narrow = [one.quantize(COLOURS, palette=palette, dither=Image.Dither.NONE) for one in frames]
    narrow[0].save(
        FOLDER / "moving.gif",
        save_all=True,
        append_images=narrow[1:],
        duration=list(milliseconds),
        loop=0,
        optimize=True,
    )


def main() -> None:
    """Make them all."""
    with Server() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        stills(browser, server.url)
        moving(browser, server.url)
        browser.close()
    for file in sorted(FOLDER.iterdir()):
        print(f"{file.name:16} {file.stat().st_size / 1000:6.1f} kB")


if __name__ == "__main__":
    main()
