"""What a room refuses: the status of the answer, and one sentence."""


class Refused(Exception):
    """A request to a room that is not granted."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
