"""What one session of the server holds of the browser's example, and what a commit makes of it."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from pages.parts.stage.address import read_query
from pages.parts.stage.example import Example, View


@dataclass(frozen=True)
class Held:
    """An example and its view as one session holds them.

    `own` says that the example came with the address; `revision` counts the changes made by Python.
    """

    session: str
    example: Example = field(default_factory=Example)
    view: View = field(default_factory=View)
    own: bool = False
    revision: int = 0

    @property
    def mark(self) -> str:
        """A short name of the example: what is drawn from it carries this."""
        return hashlib.sha256(repr(self.example).encode()).hexdigest()[:16]


def change(held: Held, example: Example | None = None, view: View | None = None) -> Held:
    """The same session after Python changed its example or view: one revision on, so that the browser follows."""
    return replace(held, example=example or held.example, view=view or held.view, revision=held.revision + 1)


def commit(held: Held, message: Any) -> tuple[Held, list[str]]:
    """What the browser's message {session, revision, query} makes of what is held, and its faults as sentences.

    Ignored: a message of another session, one made on an older revision than Python's newest change, and what is no
    such message. The revision stays, for the browser shows this already; but one whose query has a fault leaves the
    example and raises the revision, so that the browser goes back to it.
    """
    match message:
        case {"session": held.session, "revision": int(revision), "query": str(query)} if revision >= held.revision:
            asked = read_query(dict(parse_qsl(query, keep_blank_values=True)))
            if asked.faults:
                return change(held), asked.faults
            return replace(held, example=asked.example, view=asked.view), []
    return held, []
