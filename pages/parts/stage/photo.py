"""A photo as the stage shows it and as an address holds it."""

from dataclasses import dataclass
from typing import Any

TOP = 5  # classes that are told beside the wanted one
LOSSES = ("cross_entropy", "squared_error")  # that a last layer is taught by


@dataclass(frozen=True)
class Shown:
    """`photo` and `network` by name, the `wanted` class, and how many of the likeliest classes are told beside it.

    `moved` are the logits of the rows where a hand changed them. `taught` says how the last layer was taught before:
    (photo, wanted class, loss, steps).
    """

    photo: str
    network: str
    wanted: int
    top: int = TOP
    moved: tuple[float, ...] = ()
    taught: tuple[str, int, str, int] | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {**vars(self), "moved": [str(logit) for logit in self.moved] or None}
