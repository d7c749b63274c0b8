"""Fine-tuning of a slim model by the project's own training, with the rounding in the loop and pruned weights held at zero."""

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from vae_core.data import Dataset
from vae_core.models.vae import VAE
from vae_core.presets.run_config import RunConfig
from vae_core.rounded_weights import Rounding, rounded
from vae_core.slim.pruning import Masks
from vae_core.slim.rounding_choice import layers
from vae_core.training.events import Event
from vae_core.training.fit import fit
from vae_core.training.live_controls import LiveControls

LEARNING_RATE = 0.3  # of that of the training


class _Slim(nn.Module):
    """The weight as it will be stored: masked and rounded. The gradient goes to the weight before rounding as if there were none.

    That is the straight-through estimator (Bengio, Leonard and Courville 2013, arXiv:1308.3432).
    """

    def __init__(self, kept: Tensor | None, rounding: Rounding | None) -> None:
        super().__init__()
        self.kept, self.rounding = kept, rounding

    def forward(self, weight: Tensor) -> Tensor:
        weight = self.masked(weight)
        if self.rounding is None:
            return weight
        return weight + (rounded(weight.detach(), self.rounding) - weight.detach())

    def masked(self, weight: Tensor) -> Tensor:
        return weight if self.kept is None else weight * self.kept


def fine_tune(
    vae: VAE,
    data: Dataset,
    run: RunConfig,
    seconds: float,
    roundings: Mapping[str, Rounding],
    masks: Masks,
    controls: LiveControls | None = None,
) -> Iterator[Event]:
    """Train `vae` further for so many seconds and yield the events of `fit`; its weights are masked afterwards, not yet rounded."""
    parts = layers(vae)
    for name, module in parts.items():
        parametrize.register_parametrization(module, "weight", _Slim(masks.get(name), roundings.get(name)))
    try:
        yield from fit(vae, data, tuned(run, seconds), controls=controls, trained=True)
    finally:
        for module in parts.values():
            _bake(module)


def _bake(module: Any) -> None:
    """Replace a layer's weight before masking and rounding by the masked one."""
    weight = module.parametrizations.weight
    masked = weight[0].masked(weight.original.detach())
    parametrize.remove_parametrizations(module, "weight")
    with torch.no_grad():
        module.weight.copy_(masked)


def tuned(run: RunConfig, seconds: float) -> RunConfig:
    """The settings of a fine-tuning: those of the training, with an objective that is the same from start to end.

    The learning rate starts at a part of that of the training: pruning leaves little to mend, since the weights that stay make up for
    the others. With the whole of it a model that is near the optimum first moves away, and the seconds may not suffice to come back.
    """
    changes: dict[str, Any] = {
        "seconds": seconds,
        "epochs": None,
        "patience": None,
        "schedule": "linear",
        "precision": "fp32",
    }
    objective = run.objective
    if hasattr(objective, "kl_schedule"):
        objective = objective.replace(kl_schedule="constant")
    changes["lr"] = LEARNING_RATE * run.train.lr
    return run.replace(train=run.train.replace(**changes), objective=objective)
