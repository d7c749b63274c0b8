"""Live controls: the settings that can change while a training runs."""

from dataclasses import dataclass
from typing import Literal


@dataclass
class LiveControls:
    """Settings that the training reads before each batch; None leaves the run's own setting.

    `lr` is the base learning rate; `dial_value` replaces the weight of the objective's dial (beta, gamma or alpha);
    `command` pauses or stops the training after the current batch.
    """

    lr: float | None = None
    dial_value: float | None = None
    command: Literal["", "pause", "stop"] = ""
