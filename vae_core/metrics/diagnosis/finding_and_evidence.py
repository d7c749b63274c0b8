"""Evidence and Finding: what the checks of a diagnosis read of a run, and what each of them says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vae_core.messages import Message
from vae_core.metrics.confidence_intervals import Estimate
from vae_core.presets.run_config import RunConfig

Array = NDArray[np.floating]
Columns = Mapping[str, NDArray[np.float64]]

DEAD = 0.01  # nats of KL below which a dimension counts as unused
WITH_BETA = ("elbo", "beta", "tc")  # objectives whose beta is the weight of the rate or of a part of it


@dataclass(frozen=True)
class Finding:
    """The `name` of a problem, the `figure` that shows it, a `sentence` that says what it means, and `advice` on what to try."""

    name: Message
    figure: Message
    sentence: Message
    advice: Message


@dataclass(frozen=True)
class Evidence:
    """The input of the checks; what is unknown is empty or None, and checks that need it find nothing.

    `steps`, `epochs`: the run's curves (T,) by name, as in runs.curves. `broken`: the finding of a failed training. `beta`: the live
    value, where it was changed during training. `kl` (L,): nats per dimension. `mean`, `scale` (N, L): q(z|x) of the test images.
    `coverage`: the share of codes with a prior sample nearby. `losses`: -ELBO (or the distortion) of training and of test images.
    """

    run: RunConfig
    steps: Columns = field(default_factory=dict)
    epochs: Columns = field(default_factory=dict)
    broken: Finding | None = None
    beta: float | None = None
    kl: Array | None = None
    mean: Array | None = None
    scale: Array | None = None
    coverage: Estimate | None = None
    losses: tuple[Estimate, Estimate] | None = None

    @property
    def has_beta(self) -> bool:
        """Whether the objective has a beta that weighs the rate or a part of it."""
        return self.run.objective.name in WITH_BETA

    @property
    def weight(self) -> float:
        """The weight of the rate at the end of training: the live value, else the objective's beta, else 1."""
        if not self.has_beta:
            return 1.0
        return float(self.beta if self.beta is not None else getattr(self.run.objective, "beta", 1.0))

    @property
    def used(self) -> NDArray[np.bool_] | None:
        """Which dimensions have a KL above DEAD, (L,)."""
        return None if self.kl is None else self.kl > DEAD
