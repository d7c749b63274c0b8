"""The evidence for a diagnosis, collected from a run's records, its checkpoint, and its data where they are available."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Generator, Tensor

from vae_core.data import Dataset, Split
from vae_core.messages import recorded
from vae_core.metrics.confidence_intervals import mean_of
from vae_core.metrics.diagnosis.finding_and_evidence import Columns, Evidence, Finding
from vae_core.metrics.elbo_nll_bits_per_dim import terms_of
from vae_core.metrics.encoded_split import Encoded, samples_of
from vae_core.metrics.samples.prior_coverage import coverage
from vae_core.models.vae import VAE
from vae_core.objectives.kl_warmup_free_bits import KlWarmup

if TYPE_CHECKING:
    from vae_core.checkpoints import Checkpoint
    from vae_core.runs.curves import Series
    from vae_core.runs.store import RunRow

SUBSET = 2000  # images of a split whose loss is computed
# A training is diagnosed after so many epochs and steps, and after this share of it or so many seconds: in every training the
# codes carry little information at first.
EPOCHS, STEPS, SHARE, SECONDS = 10, 1000, 0.2, 60.0
CODES = ("mean", "scale", "coverage")
NORMALS = ("normal", "point", "planar", "autoregressive")


def evidence_of_run(row: RunRow, series: Series, checkpoint: Checkpoint | None = None) -> Evidence:
    """Evidence from a run's row and curves, also while it trains; with its checkpoint, also from its codes.

    A run that began recently gives no evidence from its curves, and none from its KL before the weight of the rate is final.
    """
    found = Evidence(row.run, broken=failure_finding(row), beta=row.controls.get("beta"))
    if not _is_long_enough(row, series.epochs):
        return found
    kl = series.epochs.get("kl") if _rate_weight_is_final(row) else None
    found = replace(
        found, steps=series.steps, epochs=series.epochs, kl=None if kl is None or kl.ndim != 2 else _late_kl(kl)
    )
    if checkpoint is None:
        return found
    codes = evidence_of_checkpoint(checkpoint)
    return replace(found, kl=found.kl if codes.kl is None else codes.kl, **{n: getattr(codes, n) for n in CODES})


def _is_long_enough(row: RunRow, epochs: Columns) -> bool:
    if not all(len(epochs.get(name, ())) for name in ("epoch", "step", "seconds")):
        return False
    first = getattr(row.run.objective, "share", 0.0)  # of the training, in which M1 learns and M2 does not
    learnt = epochs["step"][-1] * max(0.0, 1 - first / max(row.progress, 1e-9))
    enough = epochs["epoch"][-1] >= EPOCHS and learnt >= STEPS
    return bool(enough) and bool(row.progress >= SHARE or epochs["seconds"][-1] >= SECONDS)


def _rate_weight_is_final(row: RunRow) -> bool:
    """Whether the weight of the rate, or the capacity, has stopped rising."""
    objective, progress = row.run.objective, 1.0 if row.state == "done" else row.progress
    warm = objective.weight(progress) >= 1 if isinstance(objective, KlWarmup) else True
    return warm and progress >= getattr(objective, "rise", 0.0)


def _late_kl(kl: np.ndarray) -> np.ndarray | None:
    """The largest KL (L,) of each dimension over the last third of the epochs of kl (T, L), at least ten epochs."""
    late: np.ndarray = kl[-max(EPOCHS, len(kl) // 3) :]
    return late.max(0) if np.isfinite(late).all() else None


def failure_finding(row: RunRow) -> Finding | None:
    """The diagnosis of a failed training; None where it did not fail, or the record has none."""
    record = row.latest.get("failed") if row.state == "failed" else None
    values = record.get("finding") if isinstance(record, dict) else None
    names = {field.name for field in fields(Finding)}
    if not isinstance(values, dict) or values.keys() != names:
        return None
    return Finding(**{name: recorded(str(text)) for name, text in values.items()})


def evidence_of_checkpoint(
    checkpoint: Checkpoint, data: Dataset | None = None, seed: int = 0, encoded: Encoded | None = None
) -> Evidence:
    """Evidence from a checkpoint's codes; with its data, also KL by dimension for any prior, and the loss of training images.

    `encoded`: the data's test split, where it has been encoded already.
    """
    latents, vae, run = checkpoint.latents, checkpoint.vae, checkpoint.info.run
    codes = _codes(checkpoint, data, seed, encoded) if len(latents.mean) > 20 else None
    covered = None if codes is None else coverage(vae, codes, seed)
    found = Evidence(run, mean=latents.mean, scale=latents.scale, coverage=covered)
    if data is None:
        return replace(found, kl=_closed_kl(vae, latents.mean, latents.scale))
    target = run.data.target
    train = terms_of(vae, _subset(data.train), target, seed)
    test = terms_of(vae, _subset(data.test), target, seed) if encoded is None else encoded.bound
    kl = None if test.kl is None else test.kl.numpy()
    return replace(found, kl=kl, losses=(mean_of(train.loss), mean_of(test.loss)))


def _codes(checkpoint: Checkpoint, data: Dataset | None, seed: int, encoded: Encoded | None) -> Tensor | None:
    """One sample (N, L) of q(z|x) per test image: from the stored mean and deviation where q is nearly normal, else from q itself.

    None where this needs data that are not available, and for a codebook, whose prior consists of its own entries.
    """
    config, latents = checkpoint.vae.config, checkpoint.latents
    if config.posterior in NORMALS:
        noise = torch.randn(latents.mean.shape, generator=Generator().manual_seed(seed))
        return torch.from_numpy(latents.mean) + torch.from_numpy(latents.scale) * noise
    if data is None or config.posterior == "quantised":
        return None
    if encoded is not None:
        return encoded.z
    return samples_of(checkpoint.vae, data.test, checkpoint.info.run.data.target, seed)


def _closed_kl(vae: VAE, mean: np.ndarray, scale: np.ndarray) -> np.ndarray | None:
    """KL(q(z|x) || p(z)) in nats per dimension (L,), in closed form for normal q and p; None for any other posterior or prior."""
    if not vae.posterior.has_density or vae.config.prior != "normal" or vae.config.posterior != "normal":
        return None
    kl: np.ndarray = (0.5 * (mean**2 + scale**2 - 1) - np.log(np.maximum(scale, 1e-12))).mean(0)
    return kl


def _subset(part: Split) -> Split:
    rows = torch.linspace(0, len(part) - 1, min(SUBSET, len(part))).long()
    return Split(part.x[rows], part.labels[rows])
