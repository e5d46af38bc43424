"""Where the app is, by what a request says."""

import pytest
from starlette.requests import Request

from pages.parts.page import origin


def request(**headers):
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    raw = [(name.encode(), text.encode()) for name, text in names.items()]
    return Request({"type": "http", "scheme": "http", "server": ("inside", 80), "path": "/", "headers": raw})


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"host": "explain.example"}, "http://explain.example/a"),
        ({"host": "explain.example:8501", "x_forwarded_proto": "https"}, "https://explain.example:8501/a"),
        ({"host": "[::1]:8501"}, "http://[::1]:8501/a"),
        ({"host": 'a"><script>'}, ""),
        ({"host": "a.example", "x_forwarded_proto": "javascript"}, ""),
        ({}, ""),
    ],
)
def test_it_is_what_the_readers_browser_and_the_proxy_in_front_say(monkeypatch, headers, expected):
    monkeypatch.setattr(origin.st, "get_option", {"server.baseUrlPath": "a/"}.__getitem__)
    assert origin.origin_of(request(**headers)) == expected


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("https://a.example/b", True),
        ("http://10.0.0.3:8501", True),
        ("http://127.0.0.1:8501", False),
        ("http://localhost:8501/b", False),
        ("http://[::1]:8501", False),
        ("", False),
    ],
)
def test_a_name_that_only_this_machine_knows_leads_nobody_here(address, reached):
    assert origin.reaches_others(address) == reached
