"""Live controls: the settings that can change while a training runs."""

from dataclasses import dataclass
from typing import Literal


@dataclass
class LiveControls:
    """Settings that the training reads before each batch; None leaves the run's own setting.

    `lr` is the base learning rate; `dial_value` replaces the weight of the objective's dial (beta, gamma or alpha);
    `command` pauses or stops the training after the current batch. `until_step` and `until_epoch` end it once so many steps or
    epochs are done in all, which is how a training goes one step, or one epoch, at a time. `most_seconds` of training are allowed:
    then it ends as if it had been stopped.
    """

    lr: float | None = None
    dial_value: float | None = None
    command: Literal["", "pause", "stop"] = ""
    until_step: int | None = None
    until_epoch: int | None = None
    most_seconds: float | None = None
