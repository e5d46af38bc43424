"""A small batch as the stage shows it and as an address holds it: rows of probabilities, and what each wants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MAX_ROWS = 12


@dataclass(frozen=True)
class Rows:
    """`probabilities` and `targets`, [m][n], both rows that sum to 1.

    `names` [n] of the classes; `counts` [m], false for padding; `sequences` [m], which sequence a row is a token of;
    `weights` [n] of the classes. Where they are empty all rows count, all are of one sequence, and no class weighs
    more. `ready` is the name of a batch that an address asks for by it.

    A row may tell only some of its `classes` (0: as many as it has entries): `segments` [m][n] then name what it tells,
    `titles` [m] the rows, `right` [m] whether the label comes first, and nothing can be moved. `others` is what the
    rows not shown add: their losses in nats, how many they are, and how many of them are right.
    """

    probabilities: tuple[tuple[float, ...], ...]
    targets: tuple[tuple[float, ...], ...]
    names: tuple[str, ...] = ()
    counts: tuple[bool, ...] = ()
    sequences: tuple[int, ...] = ()
    weights: tuple[float, ...] = ()
    ready: str = ""
    titles: tuple[str, ...] = ()
    segments: tuple[tuple[str, ...], ...] = ()
    classes: int = 0
    right: tuple[bool, ...] = ()
    others: tuple[float, int, int] = (0.0, 0, 0)

    def plain(self) -> dict[str, Any]:
        """As JSON, a record a row."""
        return {
            "ready": self.ready,
            "names": self.names,
            "weights": self.weights or None,
            "classes": self.classes or len(self.names),
            "fixed": bool(self.segments),
            "others": dict(zip(("loss", "count", "right"), self.others, strict=True)),
            "rows": [self._row(i) for i in range(len(self.probabilities))],
        }

    def _row(self, i: int) -> dict[str, Any]:
        return {
            "q": self.probabilities[i],
            "targets": self.targets[i],
            "counts": self.counts[i] if self.counts else True,
            "sequence": self.sequences[i] if self.sequences else 0,
            "title": self.titles[i] if self.titles else "",
            "segments": self.segments[i] if self.segments else None,
            "right": self.right[i] if self.right else None,
        }


def wants(labels: Sequence[int], classes: int) -> tuple[tuple[float, ...], ...]:
    """Labels as rows of targets."""
    return tuple(tuple(float(k == label) for k in range(classes)) for label in labels)
