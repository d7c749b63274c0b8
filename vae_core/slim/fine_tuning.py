"""Fine-tuning of a slim model by the project's own training, with pruned weights held at zero.

Weights are rounded afterwards. With the rounding in each step (Bengio, Leonard and Courville 2013, arXiv:1308.3432) the same time has
fewer steps, and there is nothing to gain: in 8 bits the weights of a layer make up for each other's rounding.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn.utils import parametrize

from vae_core.data import Dataset
from vae_core.models.vae import VAE
from vae_core.presets.run_config import RunConfig
from vae_core.slim.pruning import Masks
from vae_core.slim.rounding_choice import layers
from vae_core.training.events import Event
from vae_core.training.fit import Clock, fit
from vae_core.training.live_controls import LiveControls


@dataclass(frozen=True)
class Recipe:
    """The learning rate at the start, as a share of the one that the model was trained with, and the weight decay of AdamW."""

    share: float = 1.0
    decay: float = 0.03


RECIPE = Recipe()  # chosen on validation data by `python -m benchmarks.slim --choose`


class _Masked(nn.Module):
    """The weight without what was pruned."""

    def __init__(self, kept: Tensor) -> None:
        super().__init__()
        self.kept = kept

    def forward(self, weight: Tensor) -> Tensor:
        return weight * self.kept


def fine_tune(
    vae: VAE,
    data: Dataset,
    run: RunConfig,
    seconds: float,
    masks: Masks,
    controls: LiveControls | None = None,
    recipe: Recipe = RECIPE,
    clock: Clock = time.perf_counter,
) -> Iterator[Event]:
    """Train `vae` further for so many seconds of the `clock` and yield the events of `fit`; what is not kept by `masks` stays zero."""
    parts = {name: module for name, module in layers(vae).items() if name in masks}
    for name, module in parts.items():
        parametrize.register_parametrization(module, "weight", _Masked(masks[name]))
    try:
        yield from fit(vae, data, tuned(run, seconds, recipe), controls=controls, trained=True, clock=clock)
    finally:
        for module in parts.values():
            parametrize.remove_parametrizations(module, "weight")  # which leaves the masked weight


def tuned(run: RunConfig, seconds: float, recipe: Recipe) -> RunConfig:
    """The settings of a fine-tuning: those of the training, with an objective that is the same from start to end."""
    train = run.train.replace(
        seconds=seconds,
        epochs=None,
        patience=None,
        schedule="linear",
        precision="auto",
        optimizer="adamw",
        weight_decay=recipe.decay,
        lr=recipe.share * run.train.lr,
    )
    objective = run.objective
    if hasattr(objective, "kl_schedule"):
        objective = objective.replace(kl_schedule="constant")
    return run.replace(train=train, objective=objective)
