"""Fine-tuning of a slim model by the project's own training, with pruned weights held at zero.

Weights are rounded afterwards. With the rounding in each step (Bengio, Leonard and Courville 2013, arXiv:1308.3432) the same time has
fewer steps, and little to gain: 8 bits, in which the weights of a layer make up for each other's rounding, cost less than 0.1 nats.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from torch import Tensor, nn
from torch.nn.utils import parametrize

from vae_core.config import LARGEST_BATCH
from vae_core.data import Dataset, Split
from vae_core.devices.choice import chosen
from vae_core.models.vae import VAE
from vae_core.presets.run_config import RunConfig
from vae_core.slim.pruning import Masks
from vae_core.slim.rounding_choice import layers
from vae_core.training.events import Event
from vae_core.training.fit import Clock, fit
from vae_core.training.live_controls import LiveControls
from vae_core.training.precision import bf16_is_fast


@dataclass(frozen=True)
class Recipe:
    """The learning rate at the start and the batch size, as multiples of those of the model's training; the weight decay of AdamW.

    What is left of a model has little time to learn again. Larger batches stand a higher learning rate, and the decay keeps it from
    learning the training data by heart, of which the larger model knows more.
    """

    lr: float = 2.0
    batch: int = 2
    decay: float = 0.05


FOLLOWED = 1000  # validation examples on which epochs are measured: nothing is chosen by them, and all take time
RECIPE = Recipe()  # `python -m benchmarks.slim --choose` compares it with others on validation data


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
    followed = replace(data, val=Split(data.val.x[:FOLLOWED], data.val.labels[:FOLLOWED]))
    parts = {name: module for name, module in layers(vae).items() if name in masks}
    for name, module in parts.items():
        parametrize.register_parametrization(module, "weight", _Masked(masks[name]))
    try:
        yield from fit(vae, followed, tuned(run, seconds, recipe), controls=controls, trained=True, clock=clock)
    finally:
        for module in parts.values():
            parametrize.remove_parametrizations(module, "weight")  # which leaves the masked weight


def tuned(run: RunConfig, seconds: float, recipe: Recipe) -> RunConfig:
    """The settings of a fine-tuning: those of the training, with an objective that is the same from start to end.

    A model that was trained in bf16 stays with it, unless this machine would only imitate it.
    """
    device = chosen(run.train.device)
    train = run.train.replace(
        seconds=seconds,
        epochs=None,
        patience=None,
        schedule="linear",
        precision="fp32" if run.train.precision == "bf16" and not bf16_is_fast(device) else run.train.precision,
        optimizer="adamw",
        weight_decay=recipe.decay,
        lr=recipe.lr * run.train.lr,
        batch_size=min(LARGEST_BATCH, recipe.batch * run.train.batch_size),
    )
    objective = run.objective
    if hasattr(objective, "kl_schedule"):
        objective = objective.replace(kl_schedule="constant")
    return run.replace(train=train, objective=objective)
