"""What the doctor sees, gathered from a run's record, its checkpoint, and the data where they are at hand."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Generator, Tensor

from vae_core.data import Dataset, Split
from vae_core.metrics.confidence_intervals import mean_of
from vae_core.metrics.diagnosis import Columns, Evidence, Finding
from vae_core.metrics.elbo_nll import terms_of
from vae_core.metrics.rate_decomposition import samples_of
from vae_core.metrics.samples.prior_coverage import coverage
from vae_core.models.vae import VAE
from vae_core.objectives.kl_warmup import KlWarmup

if TYPE_CHECKING:
    from vae_core.checkpoints import Checkpoint
    from vae_core.runs.curves import Series
    from vae_core.runs.store import RunRow

SOME = 2000
# A training is judged after so many epochs and updates, and this share of it or so many seconds: codes lie idle at first.
EPOCHS, STEPS, SHARE, SECONDS = 10, 1000, 0.2, 60.0
CODES = ("mean", "scale", "coverage")
NORMALS = ("normal", "point", "planar", "autoregressive")


def of_run(row: RunRow, series: Series, checkpoint: Checkpoint | None = None) -> Evidence:
    """What a run's row and curves tell, while it trains too; with its checkpoint also what the codes tell.

    Of a run that has only just begun nothing is told, and of its code's price nothing before that has come to its full height.
    """
    told = Evidence(row.run, broken=broken(row), beta=row.controls.get("beta"))
    if not _judged(row, series.epochs):
        return told
    kl = series.epochs.get("kl") if _full_price(row) else None
    told = replace(
        told, steps=series.steps, epochs=series.epochs, kl=None if kl is None or kl.ndim != 2 else _carried(kl)
    )
    if checkpoint is None:
        return told
    codes = of_checkpoint(checkpoint)
    return replace(told, kl=told.kl if codes.kl is None else codes.kl, **{n: getattr(codes, n) for n in CODES})


def _judged(row: RunRow, epochs: Columns) -> bool:
    if not all(len(epochs.get(name, ())) for name in ("epoch", "step", "seconds")):
        return False
    first = getattr(row.run.objective, "share", 0.0)  # of the training, in which another model learns
    learnt = epochs["step"][-1] * max(0.0, 1 - first / max(row.progress, 1e-9))
    enough = epochs["epoch"][-1] >= EPOCHS and learnt >= STEPS
    return bool(enough) and bool(row.progress >= SHARE or epochs["seconds"][-1] >= SECONDS)


def _full_price(row: RunRow) -> bool:
    """Whether the weight of the rate, or the capacity held to, has stopped rising."""
    objective, progress = row.run.objective, 1.0 if row.state == "done" else row.progress
    warm = objective.weight(progress) >= 1 if isinstance(objective, KlWarmup) else True
    return warm and progress >= getattr(objective, "rise", 0.0)


def _carried(kl: np.ndarray) -> np.ndarray | None:
    """The most that each dimension carried in the last third of the epochs, ten at least, from (T, L) to (L,)."""
    late: np.ndarray = kl[-max(EPOCHS, len(kl) // 3) :]
    return late.max(0) if np.isfinite(late).all() else None


def broken(row: RunRow) -> Finding | None:
    """What the training found out when it failed; None where it did not, or the record is not whole."""
    record = row.latest.get("failed") if row.state == "failed" else None
    told = record.get("finding") if isinstance(record, dict) else None
    names = {field.name for field in fields(Finding)}
    if not isinstance(told, dict) or told.keys() != names:
        return None
    return Finding(**{name: str(text) for name, text in told.items()})


def of_checkpoint(checkpoint: Checkpoint, data: Dataset | None = None, seed: int = 0) -> Evidence:
    """What a checkpoint's codes tell; with its data also KL by dimension, whatever the prior, and how training images fare."""
    latents, vae, run = checkpoint.latents, checkpoint.vae, checkpoint.info.run
    codes = _codes(checkpoint, data, seed) if len(latents.mean) > 20 else None
    covered = None if codes is None else coverage(vae, codes, seed)
    seen = Evidence(run, mean=latents.mean, scale=latents.scale, coverage=covered)
    if data is None:
        return replace(seen, kl=_closed_kl(vae, latents.mean, latents.scale))
    target = run.data.target
    learnt, unseen = (terms_of(vae, _some(part), target, seed) for part in (data.train, data.test))
    kl = None if unseen.kl is None else unseen.kl.numpy()
    return replace(seen, kl=kl, losses=(mean_of(learnt.loss), mean_of(unseen.loss)))


def _codes(checkpoint: Checkpoint, data: Dataset | None, seed: int) -> Tensor | None:
    """One code for each image, (N, L): from its kept mean and deviation where q(z|x) is about normal, else from q(z|x) itself.

    None where that needs data that are not at hand, and for a codebook, whose prior is made of the codes' own entries.
    """
    config, latents = checkpoint.vae.config, checkpoint.latents
    if config.posterior in NORMALS:
        noise = torch.randn(latents.mean.shape, generator=Generator().manual_seed(seed))
        return torch.from_numpy(latents.mean) + torch.from_numpy(latents.scale) * noise
    if data is None or config.posterior == "quantised":
        return None
    return samples_of(checkpoint.vae, data.test, checkpoint.info.run.data.target, seed)


def _closed_kl(vae: VAE, mean: np.ndarray, scale: np.ndarray) -> np.ndarray | None:
    """Nats by dimension of kept codes under a standard normal prior, (L,); None for any other prior, or without a density."""
    if not vae.posterior.has_density or vae.config.prior != "normal" or vae.config.posterior != "normal":
        return None
    kl: np.ndarray = (0.5 * (mean**2 + scale**2 - 1) - np.log(np.maximum(scale, 1e-12))).mean(0)
    return kl


def _some(part: Split) -> Split:
    rows = torch.linspace(0, len(part) - 1, min(SOME, len(part))).long()
    return Split(part.x[rows], part.labels[rows])
