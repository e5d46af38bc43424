"""What a vote is about: a few choices, or a number in a range; which answers it takes, and how they are counted."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pages.parts.rooms.refused import Refused

MOST_CHOICES = 10
LONGEST_CHOICE = 300  # characters
FARTHEST = 1e9  # of a number that is typed
LARGEST = 1e18  # that is read as a number at all
BINS = 10


@dataclass(frozen=True)
class Question:
    """The texts of the `choices`, or none and the `range` in which most numbers are expected."""

    choices: tuple[str, ...] = ()
    range: tuple[float, float] = (0.0, 1.0)

    def take(self, answer: Any) -> float:
        """The answer as it is kept: the number of a choice, 0 the first, or the number typed; else `Refused`."""
        if not _is_number(answer):
            raise Refused(400, "A vote is a number: that of a choice, or the one asked for.")
        if self.choices and not (answer == int(answer) and 0 <= answer < len(self.choices)):
            raise Refused(400, f"There are {len(self.choices)} choices, from 0 to {len(self.choices) - 1}.")
        if abs(answer) > FARTHEST:
            raise Refused(400, "A number from −10⁹ to 10⁹ was expected.")
        return float(answer)

    def counted(self, answers: Sequence[float]) -> list[int]:
        """How many gave each choice; or how many numbers fall into each of ten equal parts of the range.

        Numbers beyond the range count at its ends.
        """
        places = [self._place(answer) for answer in answers]
        return [places.count(i) for i in range(len(self.choices) or BINS)]

    def _place(self, answer: float) -> int:
        if self.choices:
            return int(answer)
        low, high = self.range
        return int(min(max((answer - low) / (high - low) * BINS, 0), BINS - 1))


def read_question(given: Any) -> Question:
    """A question from JSON, {"choices": [texts]} or {"range": [low, high]}; else `Refused`."""
    match given:
        case {"choices": [*texts]} if 2 <= len(texts) <= MOST_CHOICES and all(
            isinstance(text, str) and 0 < len(text) <= LONGEST_CHOICE and _is_a_line(text) for text in texts
        ):
            return Question(choices=tuple(texts))
        case {"range": [low, high]} if _is_number(low) and _is_number(high) and -FARTHEST <= low < high <= FARTHEST:
            return Question(range=(float(low), float(high)))
    raise Refused(400, f"A question has 2 to {MOST_CHOICES} choices, or a range from a number to a larger one.")


def _is_a_line(text: str) -> bool:
    return not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in text)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST
