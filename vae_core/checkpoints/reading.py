"""Finds and reads checkpoints; each is checked whole before it is used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vae_core.axes.model_size_limit import WEIGHTS as MOST_WEIGHTS
from vae_core.checkpoints import checks
from vae_core.checkpoints.checks import LATENTS, RUN, WEIGHTS
from vae_core.checkpoints.contents import ROUNDED_FORMAT, Checkpoint, CheckpointInfo, Latents
from vae_core.config import ModelConfig
from vae_core.errors import UserError
from vae_core.presets.run_config import RunConfig
from vae_core.utils import npz, strict_json
from vae_core.utils.files import read_file
from vae_core.utils.lazy import Lazy, torch
from vae_core.utils.paths import app_root

if TYPE_CHECKING:
    from safetensors import torch as tensor_files
    from torch import Tensor

    from vae_core import rounded_weights
    from vae_core.models import build as building
    from vae_core.models.vae import VAE
else:
    tensor_files, building = Lazy("safetensors.torch"), Lazy("vae_core.models.build")
    rounded_weights = Lazy("vae_core.rounded_weights")

RUN_BYTES, ARRAY_BYTES = 2**20, 2**28  # run.json takes 2 KB; the codes of 60,000 images of 512 numbers 120 MB
HEAD_BYTES = 2**22  # the most bytes of names and shapes in the weights file
KINDS = {"mean": np.float32, "scale": np.float32, "labels": np.int64}
CHECKED_CODES = 8  # codes that are decoded and encoded as a test when a model is loaded
ADVICE = "Copy or make the whole checkpoint again."


@dataclass(frozen=True)
class DamagedCheckpoint:
    """A folder with a run.json that is not a valid checkpoint, and why, in one sentence."""

    folder: Path
    why: str

    @property
    def name(self) -> str:
        return self.folder.name


def bundled() -> Path:
    """The folder of the models that come with the app."""
    return app_root() / "checkpoints"


def info(folder: Path) -> CheckpointInfo:
    """Read run.json; raises UserError where it is missing, damaged, or of a newer version."""
    path = folder / RUN
    with _named_errors(path):
        found = strict_json.parse(_read_bytes(path, RUN_BYTES))
        if not isinstance(found, dict) or not isinstance(found.get("format"), int):
            raise ValueError("it has no format number")
    if found["format"] > ROUNDED_FORMAT:
        raise UserError(
            "{path} was made by a newer version (format {found}, this one reads {format}): update the app.",
            path=path,
            found=found["format"],
            format=ROUNDED_FORMAT,
        )
    with _named_errors(path):
        for part in ("config", "figures", "training", "classes", "sha256"):
            if part not in found:
                raise ValueError(f"{part} is missing")
        run = _parse_config(path, found["config"])
        checks.drawable(run.model)
        found_info = CheckpointInfo(
            folder,
            run,
            checks.figures(found["figures"], is_autoencoder=run.model.posterior == "point"),
            checks.training(found["training"]),
            checks.classes(found["classes"], run.model),
            checks.hashes(found["sha256"]),
            checks.columns(found.get("columns", []), run.model),
            checks.vocabulary(found.get("vocabulary"), run.model),
            checks.own_caption(found.get("caption")),
            found["format"] >= ROUNDED_FORMAT,
        )
        checks.caption(found_info.caption, run.model)
        return found_info


def load(folder: Path) -> Checkpoint:
    """Load a checkpoint; raises UserError, one sentence, for anything missing or wrong in it."""
    found = info(folder)
    model = found.run.model
    vae = _build_model(folder / RUN, model)
    wanted = vae.state_dict()
    with _named_errors(folder / WEIGHTS):
        limit = sum(tensor.numel() * tensor.element_size() for tensor in wanted.values()) + HEAD_BYTES
        data = _read_bytes(folder / WEIGHTS, limit)
        tensors = rounded_weights.unpack(_tensors(data), wanted) if found.is_rounded else _tensors(data)
        checks.weights(tensors, wanted)
        _check_hash(data, found, WEIGHTS)
    vae.load_state_dict(tensors)
    latents = _latents(found)
    with _named_errors(folder / WEIGHTS):
        _check_round_trip(vae.eval(), latents)
    return Checkpoint(found, vae, latents)


def without_network(folder: Path) -> WithoutNetwork:
    """A checkpoint whose network is loaded when it is asked for; raises UserError as `load`, but for what is wrong in the network.

    Needs no torch. Its weights are the file that run.json describes: where `load` has accepted that once, it does so again.
    """
    found = info(folder)
    with _named_errors(folder / WEIGHTS):
        _check_hash(_read_bytes(folder / WEIGHTS, 4 * MOST_WEIGHTS + HEAD_BYTES), found, WEIGHTS)
    return WithoutNetwork(found, _latents(found))


@dataclass(frozen=True)
class WithoutNetwork:
    """A checkpoint whose network is loaded each time when it is asked for, which raises UserError as `load`."""

    info: CheckpointInfo
    latents: Latents

    @property
    def vae(self) -> VAE:
        found = load(self.info.folder)
        if found.info.hashes != self.info.hashes:
            raise UserError(
                "The model in {folder} was written again meanwhile: load the page again.", folder=self.info.folder
            )
        return found.vae


def _latents(found: CheckpointInfo) -> Latents:
    path = found.folder / LATENTS
    with _named_errors(path):
        data = _read_bytes(path, 3 * ARRAY_BYTES)
        arrays = npz.read(data, {"mean": "f", "scale": "f", "labels": "iu"}, ARRAY_BYTES)
        checks.latents(arrays, found.run.model, len(found.classes))
        _check_hash(data, found, LATENTS)
    return Latents(*(arrays[name].astype(kind) for name, kind in KINDS.items()))


def scan(*roots: Path) -> tuple[list[CheckpointInfo], list[DamagedCheckpoint]]:
    """The valid checkpoints directly below the folders, by name, and the damaged ones."""
    whole, damaged = [], []
    for path in (path for root in roots for path in sorted(root.glob(f"*/{RUN}"))):
        try:
            whole.append(info(path.parent))
        except UserError as error:
            damaged.append(DamagedCheckpoint(path.parent, error.message))
    return whole, damaged


def find(*roots: Path) -> Iterator[CheckpointInfo]:
    """The valid checkpoints directly below the folders, by name."""
    return iter(scan(*roots)[0])


@contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    """Turns a ValueError of a check into a UserError that names the file, the problem and what to do."""
    try:
        yield
    except UserError:
        raise
    except ValueError as error:
        raise UserError("{path} is damaged: {error}. {advice}", path=path, error=error, advice=ADVICE) from None


def _read_bytes(path: Path, limit: int) -> bytes:
    try:
        return read_file(path, limit)
    except OSError:
        raise UserError(
            "There is no checkpoint in {parent}: {name} is missing or cannot be read. {advice}",
            parent=path.parent,
            name=path.name,
            advice=ADVICE,
        ) from None


def _parse_config(path: Path, config: Any) -> RunConfig:
    if not isinstance(config, dict):
        raise ValueError("its settings are not a JSON object")
    try:
        return RunConfig.parse(config)
    except UserError as error:
        raise UserError(
            "{path} holds settings that this version does not know: {error}", path=path, error=error
        ) from None


def _build_model(path: Path, model: ModelConfig) -> VAE:
    try:
        return building.build(model)
    except UserError as error:
        raise UserError("{path} describes a model that cannot be built: {error}", path=path, error=error) from None


def _tensors(data: bytes) -> dict[str, Tensor]:
    try:
        return tensor_files.load(data)
    except Exception:  # noqa: BLE001  the library raises many kinds of errors for damaged bytes
        raise ValueError("it is truncated or not a safetensors file") from None


def _check_hash(data: bytes, found: CheckpointInfo, name: str) -> None:
    if hashlib.sha256(data).hexdigest() != found.hashes[name]:
        raise ValueError(f"it is not the file that {RUN} describes")


def _check_round_trip(vae: VAE, latents: Latents) -> None:
    """Decode and encode a few codes: finite weights can still give NaN or infinite outputs."""
    rows = np.linspace(0, len(latents.mean) - 1, min(CHECKED_CODES, len(latents.mean))).astype(int)
    z = torch.from_numpy(latents.mean[rows])
    y = torch.from_numpy(latents.labels[rows]) if vae.config.classes else None
    with torch.inference_mode():
        x = vae.decode(z, y).mean
        q = vae.encode(x, y)
        if not all(torch.isfinite(part).all() for part in (x, q.mean, q.stddev)):
            raise ValueError("its weights give pictures or codes that are NaN or infinite")
