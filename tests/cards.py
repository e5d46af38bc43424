"""Make the pictures that a shared link shows of each page, into pages/parts/browser/cards: python -m tests.cards"""

import io

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from pages.parts.page.contents import CONTENTS, Entry
from pages.parts.page.modules import BROWSER
from tests.browser.support import Server, frame, launch, visit, visit_answered

SIZE = {"width": 1200, "height": 630}  # as those who show links expect it
STEPS = {"start": 3, "softmax": 1, "two_forms": 2, "clipping": 4, "batches": 3, "gradients": 1, "training": 3}
STEPS |= {"thousand_classes": 2}
QUERIES = {"identify": "?loss=23.02585"}
COLOURS = 128


def card(page: Page, url: str, entry: Entry) -> bytes:
    """One page as a PNG of few colours: a stage at a step that says what it is about."""
    if entry.staged:
        visit_answered(page, f"{url}/{entry.path}?step={STEPS[entry.name]}&present=1")
    else:
        visit(page, f"{url}/{entry.path}{QUERIES.get(entry.name, '')}")
        frame(page)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Make them all."""
    with Server() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        for entry in CONTENTS:
            page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
            file = BROWSER / "cards" / entry.card_file
            file.write_bytes(card(page, server.url, entry))
            print(f"{file.name:24} {file.stat().st_size / 1000:6.1f} kB")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
