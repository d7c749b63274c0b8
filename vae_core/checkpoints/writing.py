"""Writes a checkpoint, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vae_core.checkpoints.checks import LATENTS, RUN, WEIGHTS, Figures
from vae_core.checkpoints.contents import FORMAT, ROUNDED_FORMAT, Latents
from vae_core.data.own_caption import OwnCaption
from vae_core.data.tables.columns import Columns
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.presets.run_config import RunConfig
from vae_core.utils.files import write_atomically
from vae_core.utils.lazy import Lazy, torch

if TYPE_CHECKING:
    from safetensors import torch as tensor_files

    from vae_core import rounded_weights
    from vae_core.models.vae import VAE
    from vae_core.rounded_weights import Rounding
else:
    tensor_files, rounded_weights = Lazy("safetensors.torch"), Lazy("vae_core.rounded_weights")


def save(
    folder: Path,
    vae: VAE,
    run: RunConfig,
    figures: Figures,
    latents: Latents,
    classes: tuple[str, ...] = (),
    training: dict[str, Any] | None = None,
    columns: Columns = (),
    vocabulary: Vocabulary | None = None,
    own_caption: OwnCaption | None = None,
    roundings: Mapping[str, Rounding] | None = None,
) -> None:
    """Write a checkpoint, with fewer bits for the weights that `roundings` names.

    Where writing fails it raises OSError, and an older checkpoint there is unchanged.
    """
    archive = io.BytesIO()
    np.savez_compressed(
        archive, mean=latents.mean, scale=latents.scale.astype(np.float16), labels=latents.labels.astype(np.int16)
    )
    content = {WEIGHTS: weights_file(vae, roundings or {}), LATENTS: archive.getvalue()}
    contents = {
        "format": ROUNDED_FORMAT if roundings else FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "config": run.model_dump(mode="json"),
        "classes": list(classes),
        **({"columns": [column.model_dump(mode="json") for column in columns]} if columns else {}),
        **({} if vocabulary is None else {"vocabulary": vocabulary.model_dump(mode="json")}),
        **({} if own_caption is None else {"caption": own_caption.model_dump(mode="json")}),
        "training": training or {},
        "figures": figures,
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in content.items()},
    }
    text = json.dumps(contents, indent=1, allow_nan=False) + "\n"
    write_atomically({folder / name: data for name, data in content.items()} | {folder / RUN: text.encode()})


def weights_file(vae: VAE, roundings: Mapping[str, Rounding]) -> bytes:
    """The content of the weights file of a checkpoint, with fewer bits for the weights that `roundings` names."""
    state = {
        name: tensor.cpu() for name, tensor in vae.state_dict().items()
    }  # it can be loaded where there is no such device
    return tensor_files.save(rounded_weights.pack(state, roundings))
