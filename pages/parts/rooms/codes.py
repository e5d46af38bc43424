"""The code of a room: eight letters, no vowel (so they are no word) and none that looks or sounds like V, Z, L or Q."""

import re
import secrets

LETTERS = "BCDFGHJKMNPRSTWX"  # sixteen, so that eight hold 32 bits
LENGTH = 8


def new_code() -> str:
    """A code that nobody can foresee, such as "BCDF-GHJK"."""
    return spelled("".join(secrets.choice(LETTERS) for _ in range(LENGTH)))


def spelled(letters: str) -> str:
    """Two words of four letters, which are easier to say and to type than one of eight."""
    return f"{letters[:4]}-{letters[4:]}"


def read_code(text: str) -> str:
    """A code as it is kept, from what somebody typed: in small letters, in one word, or with a blank.

    >>> read_code("bcdf ghjk")
    'BCDF-GHJK'
    """
    letters = re.sub(r"[\s–-]", "", text[:40]).upper()
    if len(text) > 40 or not re.fullmatch(f"[{LETTERS}]{{{LENGTH}}}", letters):
        raise ValueError("a code such as BCDF-GHJK was expected, of eight letters without vowels")
    return spelled(letters)
