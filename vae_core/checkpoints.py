"""Checkpoints: a folder with weights.safetensors, run.json and latents.npz, all that it takes to explore a model.

Nothing in it is ever unpickled, and a folder that is damaged, foreign or newer is refused in one sentence.
"""

import hashlib
import io
import json
import platform
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as tensor_bytes
from torch import Tensor

from vae_core.config import RunConfig
from vae_core.errors import UserError
from vae_core.files import write_whole
from vae_core.metrics import Figures
from vae_core.paths import app_root
from vae_core.vae import VAE, build

FORMAT = 1
WEIGHTS, RUN, LATENTS = "weights.safetensors", "run.json", "latents.npz"


@dataclass(frozen=True)
class Latents:
    """The test split seen by the encoder: `mean` and `scale` (N, L) float32, `labels` (N,) int64."""

    mean: np.ndarray
    scale: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Info:
    """What run.json says: enough to list a checkpoint without loading it."""

    folder: Path
    run: RunConfig
    figures: Figures
    training: dict[str, Any]
    classes: tuple[str, ...]
    hashes: dict[str, str]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def title(self) -> str:
        return self.run.title or self.name


@dataclass(frozen=True)
class Checkpoint:
    """A loaded checkpoint."""

    info: Info
    vae: VAE
    latents: Latents


def bundled() -> Path:
    """The folder of the models that come with the app."""
    return app_root() / "checkpoints"


def save(
    folder: Path,
    vae: VAE,
    run: RunConfig,
    figures: Figures,
    latents: Latents,
    classes: tuple[str, ...] = (),
    training: dict[str, Any] | None = None,
) -> None:
    """Write a checkpoint; raises OSError and leaves an older one whole when it cannot be written."""
    archive = io.BytesIO()
    np.savez_compressed(
        archive, mean=latents.mean, scale=latents.scale.astype(np.float16), labels=latents.labels.astype(np.int16)
    )
    weights = {name: tensor.detach().contiguous() for name, tensor in vae.state_dict().items()}
    content = {WEIGHTS: tensor_bytes(weights), LATENTS: archive.getvalue()}
    document = {
        "format": FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "config": run.model_dump(mode="json"),
        "classes": list(classes),
        "training": training or {},
        "figures": figures,
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in content.items()},
    }
    text = json.dumps(document, indent=1, allow_nan=False) + "\n"
    write_whole({folder / name: data for name, data in content.items()} | {folder / RUN: text.encode()})


def info(folder: Path) -> Info:
    """Read run.json; raises UserError for a folder that holds none, a damaged one, or one of a newer version."""
    path = folder / RUN
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise UserError(f"There is no checkpoint in {folder}: {RUN} is missing or cannot be read.") from None
    except ValueError:
        raise UserError(f"{path} is damaged: it is not JSON. Make the checkpoint again.") from None
    if not isinstance(document, dict) or not isinstance(document.get("format"), int):
        raise UserError(f"{path} is not a checkpoint's {RUN}: it has no format number.")
    if document["format"] > FORMAT:
        raise UserError(
            f"{path} was made by a newer version (format {document['format']}, this one reads {FORMAT}): update the app."
        )
    try:
        return Info(
            folder,
            RunConfig.parse(document["config"]),
            dict(document["figures"]),
            dict(document["training"]),
            tuple(map(str, document["classes"])),
            {str(name): str(value) for name, value in document["sha256"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path} is damaged: {error} is missing or wrong. Make the checkpoint again.") from None
    except UserError as error:
        raise UserError(f"{path} holds settings that this version does not know: {error}") from None


def load(folder: Path) -> Checkpoint:
    """Load a checkpoint; raises UserError in one sentence for anything that is not whole and right."""
    found = info(folder)
    vae = build(found.run.model)
    _put(vae, read_tensors(folder / WEIGHTS), folder / WEIGHTS)
    latents = _read_latents(folder / LATENTS, found.run.model.latent_dim)
    for name, expected in found.hashes.items():
        if name in (WEIGHTS, LATENTS) and hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
            raise UserError(
                f"{folder / name} is not the file that {RUN} describes: copy or make the whole checkpoint again."
            )
    return Checkpoint(found, vae.eval(), latents)


def find(*roots: Path) -> Iterator[Info]:
    """The readable checkpoints directly below the folders, by name; others are left out."""
    for root in roots:
        for path in sorted(root.glob(f"*/{RUN}")):
            try:
                yield info(path.parent)
            except UserError:
                continue


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file; raises UserError for one that is missing, truncated or something else."""
    try:
        return load_tensors(path.read_bytes())
    except OSError:
        raise UserError(f"{path} is missing or cannot be read: copy or make the whole checkpoint again.") from None
    except SafetensorError:
        raise UserError(f"{path} is truncated or not a safetensors file: copy or make the checkpoint again.") from None


def _put(vae: VAE, tensors: dict[str, Tensor], path: Path) -> None:
    wanted = vae.state_dict()
    for name in wanted.keys() - tensors.keys():
        raise UserError(f"{path} lacks the tensor '{name}' that its settings call for.")
    for name in tensors.keys() - wanted.keys():
        raise UserError(f"{path} holds a tensor '{name}' that its settings do not know.")
    for name, tensor in wanted.items():
        if tensors[name].shape != tensor.shape:
            raise UserError(
                f"{path}: the tensor '{name}' has shape {tuple(tensors[name].shape)}, not {tuple(tensor.shape)}."
            )
    vae.load_state_dict(tensors)


def _read_latents(path: Path, latent_dim: int) -> Latents:
    try:
        with np.load(path, allow_pickle=False) as archive:
            mean, scale, labels = (archive[name] for name in ("mean", "scale", "labels"))
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        raise UserError(
            f"{path} is missing, truncated or not an archive of codes: copy or make the checkpoint again."
        ) from None
    if mean.ndim != 2 or mean.shape[1] != latent_dim or scale.shape != mean.shape or labels.shape != mean.shape[:1]:
        raise UserError(f"{path} holds codes of shape {mean.shape}, which do not fit a code of {latent_dim} numbers.")
    return Latents(mean.astype(np.float32), scale.astype(np.float32), labels.astype(np.int64))
