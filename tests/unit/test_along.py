"""A page saved as one file: small, complete in itself, and with nothing in it that a reader wrote as markup."""

import json
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser

import pytest

from pages.parts.page.contents import CONTENTS
from pages.parts.page.modules import MODULES, text_of
from pages.parts.stage.component import LESSONS
from pages.parts.take import along, modules
from tests.run import ROOT

MOST = 400_000  # bytes
PAGES = [page for page in along.BY_PAGE if page != "training"]  # that one's runs take seconds: a browser test has it
HOSTILE = "</script><img src=x onerror=alert(1)>"[:24]


@cache
def page_of(page, **query):
    if page not in LESSONS:
        along.draw(page)
    return along.saved(page, query)


class Elements(HTMLParser):
    """What a browser makes of a file: its elements with their attributes, and what each holds that has an id."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.held, self.inside = [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.inside = dict(attributes).get("id") if tag == "script" else None

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.held[self.inside] = self.held.get(self.inside, "") + data


def test_every_page_with_a_stage_can_be_saved():
    assert [entry.file for entry in along.BY_PAGE.values()] == [entry.file for entry in CONTENTS if entry.staged]


@pytest.mark.parametrize("page", PAGES)
def test_a_saved_page_is_at_most_400_kB(page):
    assert len(page_of(page).encode()) <= MOST


@pytest.mark.parametrize("page", PAGES)
def test_a_saved_page_refers_to_nothing_outside_itself(page):
    elements = Elements(page_of(page))
    given = [(tag, name) for tag, attributes in elements.tags for name in attributes if name in ("src", "href")]
    assert not given
    assert "link" not in [tag for tag, _ in elements.tags]
    style = page_of(page).partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_a_saved_page_may_load_nothing_but_what_it_brings():
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', page_of("start"))[1]
    assert dict(part.split(" ", 1) for part in policy.split("; ")) == {
        "default-src": "'none'",
        "script-src": "'unsafe-inline' blob:",
        "style-src": "'unsafe-inline'",
        "img-src": "blob:",
        "connect-src": "blob:",
    }


def test_a_class_name_is_data_and_ends_no_script():
    plain, text = page_of("clipping"), page_of("clipping", names=f"{HOSTILE},<!--,<script>")
    elements = Elements(text)
    assert [tag for tag, _ in elements.tags] == [tag for tag, _ in Elements(plain).tags]
    assert json.loads(elements.held["sent"])["example"]["names"] == [HOSTILE, "<!--", "<script>"]
    assert not re.search("<(?!/script>)", "".join(elements.held[name] for name in ("sent", "files", "modules")))


def test_the_address_of_the_server_is_text_too():
    page_of("start")
    text = along.saved("start", {}, 'https://a.test/?step=2&names="><script>')
    assert '<a href="https://a.test/?step=2&amp;names=&quot;&gt;&lt;script&gt;">Start on its server</a>' in text


def test_a_saved_page_opens_with_what_its_address_asks_for():
    sent = json.loads(
        Elements(page_of("clipping", step="4", q="0.25,0.75", present="1", room="BCDF-GHJK")).held["sent"]
    )
    assert sent["view"] == {"step": 4, "show": [], "hide": False, "present": True, "room": ""}
    assert sent["example"]["logits"] == ["-1.3862943611198906", "-0.2876820724517809"]
    assert sent["own"]
    sent = json.loads(Elements(page_of("batches", batch="zero")).held["sent"])
    assert (sent["batch"]["ready"], sent["own_batch"]) == ("zero", True)
    sent = json.loads(
        Elements(page_of("thousand_classes", photo="own", network="squeezenet_1_1", wanted="3")).held["sent"]
    )
    assert sent["photo"] is None, "a reader’s own photo is in no file"


def test_a_saved_page_says_what_it_has_not_and_whose_data_it_has():
    assert "Your own numbers" in page_of("batches")
    assert "CC BY 2.0" in page_of("thousand_classes")
    assert "SqueezeNet" in page_of("thousand_classes")


def test_a_module_goes_along_as_it_is_but_for_the_names_of_its_imports():
    names = set()
    for module in MODULES:
        changed = modules.by_name(module)
        assert len(changed.splitlines()) == len(text_of(module).splitlines())
        names |= set(re.findall(r'(?:from|import)\s+"(.*?)"', changed))
        assert not re.search(r'(?:from|import)\s+"\.', changed)
    assert names == set(MODULES) - {"stage.js"}


def test_the_colours_of_both_themes_are_streamlits_settings():
    light, dark = modules.theme().split("@media (prefers-color-scheme: dark)")
    used = set(re.findall(r"var\((--st-[a-z-]*)", "".join(text_of(name) for name in modules.STYLES)))
    assert used <= set(re.findall(r"(--st-[a-z-]*):", light))
    assert "--st-background-color: #FFFFFF" in light
    assert "--st-background-color: #11161D" in dark


def test_the_file_can_be_made_by_a_command():
    command = [sys.executable, "-m", "pages.parts.take.along", "start", "step=2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == page_of("start", step="2")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["frameworks"], "page is 'frameworks': expected one of start, softmax,"),
        (["start", "z=1,a"], "z was ignored: entry 2 is “a”"),
        ([], "A page saved as one HTML file"),
    ],
)
def test_a_command_that_asks_for_what_is_not_there_is_told_so(arguments, sentence):
    command = [sys.executable, "-m", "pages.parts.take.along", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
