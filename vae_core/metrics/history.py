"""What the doctor sees, gathered from a run's record, its checkpoint, and the data where they are at hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Generator, Tensor

from vae_core.datasets import Dataset, Split
from vae_core.metrics.bounds import terms_of
from vae_core.metrics.decomposition import samples_of
from vae_core.metrics.doctor import Seen
from vae_core.metrics.estimates import Estimate, mean_of
from vae_core.metrics.quality import manifolds
from vae_core.posteriors import sample
from vae_core.vae import VAE, evaluation

if TYPE_CHECKING:
    from vae_core.checkpoints import Checkpoint
    from vae_core.runs.curves import Series
    from vae_core.runs.store import RunRow

SOME = 2000
NORMALS = ("normal", "point", "planar", "autoregressive")


def of_run(row: RunRow, series: Series, checkpoint: Checkpoint | None = None) -> Seen:
    """What a run's row and curves tell, while it trains too; with its checkpoint also what the codes tell."""
    kl = series.epochs.get("kl")
    last = kl[-1] if kl is not None and kl.ndim == 2 and len(kl) and np.isfinite(kl[-1]).all() else None
    seen = Seen(row.run, series.steps, series.epochs, row.message, row.knobs.get("beta"), last)
    return (
        seen
        if checkpoint is None
        else replace(of_checkpoint(checkpoint), steps=seen.steps, epochs=seen.epochs, beta=seen.beta)
    )


def of_checkpoint(checkpoint: Checkpoint, data: Dataset | None = None, seed: int = 0) -> Seen:
    """What a checkpoint's codes tell; with its data also KL by dimension, whatever the prior, and how training images fare."""
    latents, vae, run = checkpoint.latents, checkpoint.vae, checkpoint.info.run
    codes = _codes(checkpoint, data, seed) if len(latents.mean) > 20 else None
    covered = None if codes is None else coverage(vae, codes, seed)
    seen = Seen(run, mean=latents.mean, scale=latents.scale, coverage=covered)
    if data is None:
        return replace(seen, kl=_closed_kl(vae, latents.mean, latents.scale))
    target = run.data.target
    learnt, unseen = (terms_of(vae, _some(part), target, seed) for part in (data.train, data.test))
    kl = None if unseen.kl is None else unseen.kl.numpy()
    return replace(seen, kl=kl, losses=(mean_of(learnt.loss), mean_of(unseen.loss)))


def coverage(vae: VAE, codes: Tensor, seed: int = 0) -> Estimate:
    """The share of codes z ~ q(z|x) (N, L) near which a sample of p(z) falls (Naeem et al. 2020): about 0.97 where the aggregate
    posterior is the prior. A plain autoencoder's prior is a normal of its codes' own mean and deviation."""
    generator = Generator().manual_seed(seed)
    z = codes[torch.randperm(len(codes), generator=generator)[:SOME]]
    if not vae.posterior.has_density:
        return manifolds(z, z.mean(0) + z.std(0) * torch.randn(z.shape, generator=generator)).coverage
    with evaluation(vae):
        return manifolds(z, sample(vae.prior(), generator, (len(z),))).coverage


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
