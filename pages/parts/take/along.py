"""A page saved as one HTML file, which needs no server: its stage with the story, as it was on screen.

python -m pages.parts.take.along clipping > clipping.html
python -m pages.parts.take.along clipping "step=3&z=-28,0,-1&names=cat,dog,fox" > clipping.html
"""

import html
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

from pages.parts.batch.batch import READY
from pages.parts.page.contents import CONTENTS, Entry
from pages.parts.page.modules import text_of
from pages.parts.photos import credits
from pages.parts.photos.ready import HASH, NETWORKS, PHOTOS
from pages.parts.stage.address import read_query
from pages.parts.stage.component import LESSONS, sent
from pages.parts.stage.held import Held
from pages.parts.take.files import files, shown
from pages.parts.take.modules import modules, theme
from xent_core.digits import SOURCE

HERE = Path(__file__).parent
BY_PAGE = {entry.name: entry for entry in CONTENTS if entry.staged}
HOLDS = (
    "This file holds the picture and its story, with questions, tasks, keys and the projector view. It works without a "
    "network and sends nothing to anybody. Only the page on its server leads on to other pages, and shows the example "
    "as a program and the functions that computed it."
)
LIMITS = {
    "batches": "Your own numbers, pasted or uploaded, are read only there.",
    "trains": "The runs of the story are here, and those one change away from where the task begins; weights and "
    "digits are shown at every tenth part of a run. Only there is a run of any other setting trained.",
    "photos": "Of the networks, those that the story shows are here, two of them untrained with what they say of one "
    "photo only. Only there are the others, and your own photo is read.",
}


def saved(page: str, query: Mapping[str, str], home: str = "") -> str:
    """The file of a page that this process has drawn before, with what an address asks for on its stage.

    `home` is the address of that page on a server, where it is known.
    """
    entry, lesson = BY_PAGE[page], LESSONS[page][0].plain()
    story = lesson["story"]
    asked = read_query(query)
    ready = READY.get(query.get("batch", ""))
    rows = asked.rows or (ready().on_stage if ready else None)
    photo = asked.photo if asked.photo and asked.photo.photo in PHOTOS and asked.photo.network in NETWORKS else None
    view = replace(asked.view, room="")  # a class is met on the server only
    held = Held("saved", asked.example, view, asked.own, photo=photo, played=asked.played)
    data = sent(
        held,
        page,
        listening=False,
        address={},
        faults=[],
        batch=rows.plain() if rows else None,
        own_batch=rows is not None,
        photos={"at": HASH, "networks": sorted({network for network, _ in shown(story, photo)}), "own": None}
        if story["photos"]
        else None,
        training=asked.played.plain() if asked.played else None,
        **lesson,
    )
    return _filled(
        title=html.escape(entry.heading),
        style=f"{theme()}\n{(HERE / 'frame.css').read_text(encoding='utf-8')}\n{text_of('frame.css')}",
        about=_about(entry, story, home),
        sent=_as_data(data),
        files=_as_data(files(story, photo, asked.played)),
        modules=_as_data(modules()),
    )


def _about(entry: Entry, story: Mapping[str, object], home: str) -> str:
    """What the file holds and what not, whose the data in it are, and where the page itself is."""
    sources = {"trains": f"Digits: {SOURCE}.", "photos": credits.told(), "batches": credits.told()}
    paragraphs = [f"<p>{html.escape(' '.join([HOLDS, *(LIMITS[kind] for kind in LIMITS if story[kind])]))}</p>"]
    if home:
        paragraphs.append(f'<p><a href="{html.escape(home)}">{html.escape(entry.title)} on its server</a></p>')
    paragraphs += [f"<p><small>{html.escape(sources[kind])}</small></p>" for kind in sources if story[kind]]
    return "\n".join(paragraphs)


def _as_data(data: object) -> str:
    """As JSON in which nothing can end the script that holds it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _filled(**parts: str) -> str:
    """The page with its parts put in, each once."""
    pieces = (HERE / "page.html").read_text(encoding="utf-8").split("{{")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}}")
        filled += [parts[name], rest]
    return "".join(filled)


def draw(page: str) -> None:
    """Let a page run once in this process, without a browser."""
    from streamlit.testing.v1 import AppTest

    AppTest.from_file(HERE.parents[1] / f"{page}.py", default_timeout=60).run()


def main(page: str, query: str = "") -> None:
    """Write the file of a page to where the output goes."""
    if page not in BY_PAGE:
        sys.exit(f"page is {page!r}: expected one of {', '.join(BY_PAGE)}")
    asked = dict(parse_qsl(query, keep_blank_values=True))
    if faults := read_query(asked).faults:
        sys.exit("\n".join(faults))
    draw(page)
    sys.stdout.buffer.write(saved(page, asked).encode())


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
