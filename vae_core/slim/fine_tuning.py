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

# Of the training's learning rate: the best of 0.1, 0.3, 1 and 3 on validation pictures of MNIST, for pruned weights and for removed
# units of two models (`python -m benchmarks.slim --choose`).
LEARNING_RATE = 1.0


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
    share: float = LEARNING_RATE,
) -> Iterator[Event]:
    """Train `vae` further for so many seconds and yield the events of `fit`; its weights are masked afterwards, not yet rounded."""
    parts = layers(vae)
    for name, module in parts.items():
        parametrize.register_parametrization(module, "weight", _Slim(masks.get(name), roundings.get(name)))
    try:
        yield from fit(vae, data, tuned(run, seconds, share), controls=controls, trained=True)
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


def tuned(run: RunConfig, seconds: float, share: float) -> RunConfig:
    """The settings of a fine-tuning: those of the training, with an objective that is the same from start to end.

    `share` of the training's learning rate is where that of the fine-tuning starts.
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
    changes["lr"] = share * run.train.lr
    return run.replace(train=run.train.replace(**changes), objective=objective)
