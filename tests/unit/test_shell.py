"""What the server answers beside Streamlit: each page's HTML, and the browser's modules, to be kept for ever."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette

from pages.parts.page import shell
from pages.parts.page.contents import CONTENTS, NAME
from pages.parts.page.modules import MODULES, PATH, SERVED

TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}
PATHS = [entry.path for entry in CONTENTS]


@dataclass
class Answer:
    """What came back, its headers by name in small letters."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self):
        return self.content.decode()


def ask(base, address, **headers):
    """The answer to a GET of an address, from the routes as they are made under a base path."""
    path, _, query = f"/{base.strip('/')}/{address}".replace("//", "/").partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()],
    }
    received = []

    async def receive():
        await asyncio.Event().wait()  # the client stays

    async def keep(message):
        received.append(message)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shell.st, "get_option", {"server.baseUrlPath": base}.__getitem__)
        application = Starlette(routes=shell.routes())
        with ThreadPoolExecutor(1) as other:  # a browser in use keeps this thread from running a loop of its own
            other.submit(asyncio.run, application(scope, receive, keep)).result()
    start, *bodies = received
    headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(body.get("body", b"") for body in bodies))


BASES = pytest.mark.parametrize("base", ["", "a", "/a/b/"])


@pytest.mark.parametrize("path", [path.relative_to(shell.BROWSER).as_posix() for path in SERVED])
def test_every_module_and_style_is_served_as_it_is_to_be_kept_for_ever(path):
    answer = ask("", f"{PATH}/{path}")
    assert answer.status == 200
    assert answer.content == (shell.BROWSER / path).read_bytes()
    assert answer.headers["cache-control"] == "public, immutable, max-age=31536000"
    assert answer.headers["content-type"].startswith(TYPES[path[path.rindex(".") :]])


@BASES
def test_modules_and_pages_are_served_under_any_base_path(base):
    for address in (f"{PATH}/stage.js", f"{PATH}/xent_core/losses.js", *PATHS):
        assert ask(base, address).status == 200


@BASES
@pytest.mark.parametrize(
    "path",
    [f"{PATH}/none.js", f"{PATH}/", f"{PATH}/../stage.js", "browser/0123456789abcdef/stage.js", "browser/stage.js"],
)
def test_what_is_not_there_is_not_found_and_not_kept(base, path):
    answer = ask(base, path)
    assert answer.status == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


@BASES
@pytest.mark.parametrize("path", ["%2e%2e/page/shell.py", "..%2fpage%2fshell.py", "xent_core/%2e%2e/%2e%2e/preload.py"])
def test_nothing_beside_the_modules_is_served(base, path):
    assert ask(base, f"{PATH}/{path}").status == 404


@pytest.mark.parametrize("entry", CONTENTS, ids=lambda entry: entry.file)
@BASES
def test_a_pages_html_says_what_a_shared_link_shows(base, entry):
    answer = ask(base, f"{entry.path}?z=1,2,3")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    metas = {
        name: unescape(text)
        for name, text in re.findall(r'<meta (?:name|property)="(.*?)" content="(.*?)"', answer.text)
    }
    assert re.findall("<title>(.*?)</title>", answer.text) == [shell.html.escape(entry.heading)]
    assert metas["description"] == metas["og:description"] == entry.description
    assert metas["og:title"] == entry.heading
    assert metas["og:type"] == "website"


@pytest.mark.parametrize("entry", CONTENTS, ids=lambda entry: entry.file)
def test_a_shared_link_shows_a_picture_of_its_page_by_a_whole_address(entry):
    pages = [
        ask("a/b", entry.path, host="explain.example", x_forwarded_proto="https").text,
        ask("a/b", entry.path, host='"><script>').text,
    ]
    address, none = (re.findall('<meta property="og:image" content="(.*?)">', page) for page in pages)
    assert address == [f"https://explain.example/a/b/{PATH}/cards/{entry.card_file}"]
    assert none == []
    picture = ask("a/b", address[0].partition("/a/b/")[2]).content
    assert len(picture) <= 100_000
    assert picture.startswith(b"\x89PNG")
    assert [int.from_bytes(picture[at : at + 4]) for at in (16, 20)] == [1200, 630]


@pytest.mark.parametrize("entry", CONTENTS, ids=lambda entry: entry.file)
def test_a_pages_html_asks_for_every_module_at_once_and_for_styles_that_are_there(entry):
    head = shell.page_of(entry)
    assert re.findall(rf'<link rel="modulepreload" crossorigin href="\./{PATH}/(.*?)">', head) == MODULES
    styles = re.findall(rf'<link rel="stylesheet" href="\./{PATH}/(.*?)">', head)
    assert styles == list(shell.STYLES)
    assert all((shell.BROWSER / style).exists() for style in styles)


@pytest.mark.parametrize("entry", CONTENTS, ids=lambda entry: entry.file)
def test_a_pages_html_is_streamlits_own_with_relative_links(entry):
    page, own = shell.page_of(entry), shell.STREAMLITS_PAGE.read_text(encoding="utf-8")
    before, rest = own.split("<title>Streamlit</title>")
    scripts, body = rest.split("</head>")
    assert page.startswith(before)
    assert page.endswith(f"</head>{body}")
    assert -1 < page.index(scripts) < page.index('rel="modulepreload" crossorigin href="./browser/')  # needed first
    assert not re.search(r"""(?:href|src)=["'](?:/|https?:|//)""", page)


def test_no_module_or_style_asks_another_server():
    # A namespace is a name; an address in a comment is read by nobody.
    for path in [path for path in SERVED if path.suffix in (".js", ".css")]:
        text = re.sub(r"/\*.*?\*/|^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        assert set(re.findall(r"https?://[^\"'`)\s]*", text)) <= {"http://www.w3.org/2000/svg"}, path
        assert not re.search(r"""(?:url\(|import\(?|from|src=)\s*["']?//""", text), path


def test_pages_have_paths_headings_and_descriptions_of_their_own():
    for values in (PATHS, [entry.heading for entry in CONTENTS], [entry.description for entry in CONTENTS]):
        assert len(set(values)) == len(CONTENTS)
    assert PATHS[0] == ""
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", path) for path in PATHS[1:])
    assert all(NAME in entry.heading for entry in CONTENTS)
    assert all(40 < len(entry.description) <= 160 and entry.description.endswith(".") for entry in CONTENTS)
