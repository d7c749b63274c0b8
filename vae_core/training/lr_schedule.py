"""The learning-rate schedule: linear warm-up, then constant, cosine or linear decay."""

import math

from vae_core.config import TrainConfig


def learning_rate(config: TrainConfig, base: float, step: int, progress: float, steps: int | None = None) -> float:
    """The learning rate at `step`: `base` times the warm-up factor and the decay at `progress` in [0, 1].

    Where the total number of `steps` is known, the warm-up takes at most a tenth of them.
    """
    decay = {"constant": 1.0, "cosine": 0.5 * (1 + math.cos(math.pi * progress)), "linear": 1.0 - progress}[
        config.schedule
    ]
    warmup = config.warmup_steps if steps is None else min(config.warmup_steps, steps // 10)
    rise = min(1.0, (step + 1) / warmup) if warmup else 1.0
    return base * rise * max(decay, 0.0)
