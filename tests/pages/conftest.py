"""What tests of pages look at beside the page."""

import json

import pytest

from pages.parts.stage import component


@pytest.fixture
def sent(monkeypatch):
    """What went down to the browser, a record a run."""
    kept = []
    draw = component._COMPONENT

    def keep(**given):
        kept.append(json.loads(given["data"]))
        return draw(**given)

    monkeypatch.setattr(component, "_COMPONENT", keep)
    return kept
