"""What one session of the server holds of the browser's example, and what a commit makes of it."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from pages.parts.stage.address import read_query
from pages.parts.stage.example import Example, View
from pages.parts.stage.photo import Shown
from pages.parts.stage.rows import Rows
from pages.parts.training.settings import Played


@dataclass(frozen=True)
class Held:
    """An example and its view as one session holds them.

    `own` says that the example came with the address; `revision` counts the changes made by Python. `rows` are the
    batch on the stage, or `ready` is its name; `own_rows` says that the address brought one, `played` is the training
    that it brought. `photo` is the photo that the address, a hand or Python brought.
    """

    session: str
    example: Example = field(default_factory=Example)
    view: View = field(default_factory=View)
    own: bool = False
    revision: int = 0
    rows: Rows | None = None
    ready: str = ""
    own_rows: bool = False
    photo: Shown | None = None
    played: Played | None = None

    @property
    def mark(self) -> str:
        """A short name of the example and the batch: what is drawn from them carries this."""
        return hashlib.sha256(repr((self.example, self.rows, self.ready, self.photo)).encode()).hexdigest()[:16]


def change(held: Held, **changes: Any) -> Held:
    """The same session after Python changed its example, view or rows: one revision on, so that the browser follows."""
    return replace(held, **changes, revision=held.revision + 1)


def commit(held: Held, message: Any) -> tuple[Held, list[str]]:
    """What the browser's message {session, revision, query} makes of what is held, and its faults as sentences.

    Ignored: a message of another session, one made on an older revision than Python's newest change, and what is no
    such message. The revision stays, for the browser shows this already; but one whose query has a fault leaves the
    example and raises the revision, so that the browser goes back to it.
    """
    match message:
        case {"session": held.session, "revision": int(revision), "query": str(query)} if revision >= held.revision:
            parameters = dict(parse_qsl(query, keep_blank_values=True))
            asked = read_query(parameters)
            if asked.faults:
                return change(held), asked.faults
            ready = parameters.get("batch", "")
            told = replace(held, example=asked.example, view=asked.view, photo=asked.photo)
            return (replace(told, rows=asked.rows, ready=ready) if asked.rows or ready else told), []
    return held, []
