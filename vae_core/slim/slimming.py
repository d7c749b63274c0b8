"""`slim`: a trained model made smaller, measured before and after in nats per image and in bytes of its weights file."""

import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from vae_core import checkpoints
from vae_core.checkpoints import Checkpoint, Latents, weights_file
from vae_core.config import Target
from vae_core.data import Dataset, Split
from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.metrics.elbo_nll_bits_per_dim import figures_of
from vae_core.metrics.encoded_split import Encoded
from vae_core.models.vae import VAE
from vae_core.presets.run_config import RunConfig
from vae_core.rounded_weights import Bits
from vae_core.slim.compensation import inputs_of
from vae_core.slim.fine_tuning import RECIPE, Recipe, fine_tune
from vae_core.slim.pruning import Masks, prune, without_units
from vae_core.slim.rounding_choice import Roundings, all_in, mean_loss, mixed, rounded_copy
from vae_core.training.events import Event, Failed
from vae_core.training.fit import Clock
from vae_core.training.live_controls import LiveControls

PRUNED_OVER = (
    4000  # examples on which layers are looked at before they are pruned: more than for rounding, which changes less
)


class SlimSettings(Frozen):
    """What is done to a model; fine-tuning needs seconds."""

    bits: Bits = Field(
        8,
        title="Bits",
        description="Bits of a weight. 8: integers with a scale for each unit, and 16 bits where 8 cost too much; 16: half precision; "
        "32: as trained.",
    )
    prune: float = Field(
        0.0,
        ge=0,
        le=0.95,
        title="Pruned weights",
        description="Share of each layer's weights that is set to zero; the others make up for it as well as they can.",
    )
    units: float = Field(
        0.0,
        ge=0,
        le=0.95,
        title="Removed units",
        description="Share of the hidden units of each dense layer that is removed.",
    )
    seconds: float = Field(
        0.0,
        ge=0,
        le=3600,
        title="Fine-tuning",
        description="Seconds of further training, in which pruned weights stay zero; 0: none.",
    )

    @property
    def changes_nothing(self) -> bool:
        return self.bits == 32 and not (self.prune or self.units or self.seconds)


@dataclass(frozen=True)
class Slimmed:
    """A slim model with its rounded weights, and its figures on the test split beside those of the model that it was made from.

    `loss_before` and `loss` are -ELBO in nats per image, or the distortion of a plain autoencoder; `bytes_before` and `bytes` are
    the sizes of the weights files.
    """

    vae: VAE
    run: RunConfig
    roundings: Roundings
    settings: SlimSettings
    loss_before: float
    loss: float
    bytes_before: int
    bytes: int

    @property
    def cost(self) -> float:
        """What the smaller size costs, in nats per image."""
        return self.loss - self.loss_before

    @property
    def in_half_precision(self) -> list[str]:
        """The weights that need 16 bits beside those of 8."""
        return [name for name, rounding in self.roundings.items() if self.settings.bits < rounding.bits]


def slim(
    checkpoint: Checkpoint,
    data: Dataset,
    settings: SlimSettings,
    controls: LiveControls | None = None,
    recipe: Recipe = RECIPE,
    clock: Clock = time.perf_counter,
) -> Iterator[Event | Slimmed]:
    """Make a copy of a model smaller: yields the events of its fine-tuning, and last the Slimmed.

    Pruning comes first, then fine-tuning, for seconds of the `clock`, then the choice of bits on validation data. Raises UserError
    where nothing is to be done, where units cannot be removed, and where fine-tuning fails.
    """
    if settings.changes_nothing:
        raise UserError("Nothing would change: choose fewer bits, pruning or fine-tuning.")
    target = checkpoint.info.run.data.target
    vae, masks = pruned_copy(checkpoint.vae, data.train, settings, target)
    run = checkpoint.info.run.replace(model=vae.config)
    if settings.seconds:
        for event in fine_tune(vae, data, run, settings.seconds, masks, controls, recipe, clock):
            if isinstance(event, Failed):
                raise UserError("Fine-tuning failed: {why}", why=event.message)
            yield event
    vae.eval()
    made, roundings = in_bits(vae, settings.bits, data.val, target)
    yield Slimmed(
        made,
        run,
        roundings,
        settings,
        mean_loss(checkpoint.vae, data.test, target),
        mean_loss(made, data.test, target),
        len(weights_file(checkpoint.vae, {})),
        len(weights_file(made, roundings)),
    )


def pruned_copy(vae: VAE, split: Split, settings: SlimSettings, target: Target) -> tuple[VAE, Masks]:
    """A copy without the units and weights that the settings remove, and the masks of the weights that it keeps."""
    made, masks = deepcopy(vae), {}
    if settings.units:
        made = without_units(made, settings.units, inputs_of(made, split, target, examples=PRUNED_OVER))
    if settings.prune:
        masks = prune(made, settings.prune, inputs_of(made, split, target, examples=PRUNED_OVER))
    return made, masks


def in_bits(vae: VAE, bits: Bits, split: Split, target: Target) -> tuple[VAE, Roundings]:
    """A rounded copy, and the bits of each weight: with 8 those that are `mixed` on `split`, else the same everywhere."""
    if bits == 8:
        return mixed(vae, split, target)
    roundings = all_in(bits, vae)
    return rounded_copy(vae, roundings), roundings


def save(folder: Path, slimmed: Slimmed, checkpoint: Checkpoint, data: Dataset, title: str = "") -> None:
    """Write a slim model as a checkpoint, with the codes and figures of the test split under its own weights.

    Where writing fails it raises OSError.
    """
    settings = slimmed.settings
    encoded = Encoded(slimmed.vae, data.test, slimmed.run.data.target)
    latents = Latents(encoded.mean.numpy(), encoded.scale.numpy(), data.test.labels.numpy())
    facts = {"bits": settings.bits, "pruned": settings.prune, "removed_units": settings.units}
    training = {**checkpoint.info.training, **facts, "fine_tuning_seconds": settings.seconds}
    run = slimmed.run.replace(title=title) if title else slimmed.run
    checkpoints.save(
        folder,
        slimmed.vae,
        run,
        figures_of(encoded),
        latents,
        checkpoint.info.classes,
        training,
        checkpoint.info.columns,
        checkpoint.info.vocabulary,
        checkpoint.info.own_caption,
        slimmed.roundings,
    )
