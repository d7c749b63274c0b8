"""What may be turned while a training runs, and how its learning rate rises and falls."""

import math
from dataclasses import dataclass
from typing import Literal

from vae_core.config import TrainConfig


@dataclass
class LiveControls:
    """What may be turned while a training runs: base learning rate, weight of the rate, and a word to end it."""

    lr: float | None = None
    dial_value: float | None = None
    command: Literal["", "pause", "stop"] = ""


def learning_rate(config: TrainConfig, base: float, step: int, progress: float, steps: int | None = None) -> float:
    """`base` after a linear warm-up and along the schedule at `progress` in [0, 1].

    Where the number of `steps` in all is known, the warm-up takes at most a tenth of them.
    """
    decay = {"constant": 1.0, "cosine": 0.5 * (1 + math.cos(math.pi * progress)), "linear": 1.0 - progress}[
        config.schedule
    ]
    warmup = config.warmup_steps if steps is None else min(config.warmup_steps, steps // 10)
    rise = min(1.0, (step + 1) / warmup) if warmup else 1.0
    return base * rise * max(decay, 0.0)
