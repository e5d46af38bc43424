"""Opening a page as AppTest does: from pages/router.py, with an address."""

from pathlib import Path
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest

from pages.parts.batch.controls import NEW_TABLE, OWN_NUMBERS
from pages.parts.page.code import BEHIND, COPY
from pages.parts.photos.credits import KEY as CREDITS

ROUTER = Path(__file__).resolve().parents[2] / "pages" / "router.py"


def open_page(page: str = "start.py", query: str = "") -> AppTest:
    """The page of that file after its first run, with the address's query; no page may show an exception."""
    app = AppTest.from_file(ROUTER, default_timeout=30)
    for name, value in parse_qsl(query, keep_blank_values=True):
        app.query_params[name] = value
    app.run()
    if page != "start.py":
        app.switch_page(page).run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of that label and run the page again."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def unfold(app: AppTest) -> AppTest:
    """The page with all open that computes nothing while it is folded."""
    for expander in (COPY, BEHIND, OWN_NUMBERS, NEW_TABLE, CREDITS):
        app.session_state[expander] = True
    app.run()
    assert not app.exception
    return app


def example(app: AppTest):
    """The example that the session holds."""
    return app.session_state["held"].example


def words(app: AppTest) -> str:
    """All the Markdown on the page, as one text; tables written in HTML are not prose."""
    return "\n".join(element.value for element in app.markdown if not element.allow_html)
