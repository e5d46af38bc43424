"""What is trained, and what of it is on the stage: two records that know no screen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from xent_core.training import OBJECTIVES, REDUCTIONS, Run, Start, train

LOSSES, WAYS = tuple(OBJECTIVES), tuple(REDUCTIONS)
STARTS = ("zero", "sure", "normal")
RATES, SIZES, SMOOTHINGS, EPOCHS = (0.001, 100.0), (8, 1437), (0.0, 0.9), (1, 600)
CERTAINTIES, DEVIATIONS = (0.0, 100.0), (0.0, 100.0)  # of the start: nats for class 0, or of the weights drawn


@dataclass(frozen=True)
class Training:
    """The settings of one run: `loss` of LOSSES, `start` as an address spells it ("zero", "sure:12", "normal:5"),
    `rate` of learning, examples in a `batch`, `reduction` of WAYS, label `smoothing`, and how many `epochs`.
    """

    loss: str = "cross_entropy"
    start: str = "zero"
    rate: float = 0.5
    batch: int = 32
    reduction: str = "mean"
    smoothing: float = 0.0
    epochs: int = 100

    def run(self, progress: Callable[[int], object] | None = None) -> Run:
        """The run with these settings; `progress` as `xent_core.training.train`."""
        return train(
            self.loss,
            start=start_of(self.start),
            learning_rate=self.rate,
            batch=self.batch,
            epochs=self.epochs,
            reduction=self.reduction,
            smoothing=self.smoothing,
            progress=progress,
        )


@dataclass(frozen=True)
class Played:
    """What the stage shows of training: one run, or up to three over each other, as they were after an `epoch` (by
    default the first run's last). The first is the one whose loss, weights and digits are shown.

    The curves are of the loss `trained`, or of the cross-entropy of the labels, in nats; they reach up to `top`, or as
    far as they need.
    """

    runs: tuple[Training, ...]
    epoch: int | None = None
    measure: Literal["trained", "cross_entropy"] = "cross_entropy"
    top: float | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        epoch = self.runs[0].epochs if self.epoch is None else self.epoch
        return {**vars(self), "runs": [vars(run) for run in self.runs], "epoch": epoch}


def start_of(text: str) -> Start:
    """A start as the core takes it."""
    kind, _, value = text.partition(":")
    return (kind, float(value)) if value else kind
