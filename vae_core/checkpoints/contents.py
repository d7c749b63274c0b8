"""What a checkpoint holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vae_core.checkpoints.checks import Figures
from vae_core.data.own_caption import OwnCaption, caption_of
from vae_core.data.tables.columns import Columns
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.data.words import Caption
from vae_core.presets.run_config import RunConfig

if TYPE_CHECKING:
    from vae_core.models.vae import VAE

FORMAT, ROUNDED_FORMAT = 1, 2  # of weights in float32, and of weights in fewer bits, which older versions cannot read


@dataclass(frozen=True)
class Latents:
    """q(z|x) of the test images: `mean` and `scale` (N, L) float32; and their `labels` (N,) int64."""

    mean: np.ndarray
    scale: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class CheckpointInfo:
    """The contents of run.json, from which a checkpoint is listed without loading its weights."""

    folder: Path
    run: RunConfig
    figures: Figures
    training: dict[str, str | int | float | None]
    classes: tuple[str, ...]
    hashes: dict[str, str]
    columns: Columns = ()  # of a table: units and names
    vocabulary: Vocabulary | None = None  # of sentences: the words
    own_caption: OwnCaption | None = None  # of a person's own pictures: their words
    is_rounded: bool = False  # whether the weights are stored in fewer bits

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def title(self) -> str:
        return self.run.title or self.name

    @property
    def caption(self) -> Caption | None:
        """The words beside each picture of a model of pairs; None for every other model."""
        return caption_of(self.run.data.dataset, self.classes, self.own_caption) if self.run.model.words else None


@dataclass(frozen=True)
class Checkpoint:
    """A loaded checkpoint."""

    info: CheckpointInfo
    vae: VAE
    latents: Latents
