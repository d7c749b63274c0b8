"""How a quantised model uses its codebook."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator

from vae_core.config import Target
from vae_core.data import Split
from vae_core.distributions.discrete import Quantized
from vae_core.metrics.confidence_intervals import Estimate, jackknife, within
from vae_core.metrics.elbo_nll import chunks
from vae_core.models.vae import VAE, evaluation


def choices_of(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> NDArray[np.int64]:
    """The entries that each image of a split is given, (N, G), by a quantised model."""
    with evaluation(vae):
        found = [vae.encode(x, y) for x, y in chunks(vae, split, target, Generator().manual_seed(seed))]
    return torch.cat([q.indices for q in found if isinstance(q, Quantized)]).numpy()


def shares(choices: NDArray[np.int64], entries: int) -> NDArray[np.float64]:
    """How often each of `entries` is chosen among choices (N, G), (entries,): they sum to one."""
    return np.bincount(choices.ravel(), minlength=entries) / choices.size


def even(used: NDArray[np.float64]) -> float:
    """exp of the entropy of `shares` (entries,): how many entries, all chosen as often, would tell as much."""
    known = used[used > 0]
    return float(np.exp(-(known * np.log(known)).sum()))


def perplexity(choices: NDArray[np.int64], entries: int, seed: int = 0) -> Estimate:
    """`even` of the choices (N, G) of a split, 1 to `entries`, less the bias that few images have: not all entries are seen.

    The interval is over images, whose places depend on each other.
    """
    found = jackknife(lambda rows: even(shares(choices[rows], entries)), len(choices), seed, corrected=True)
    return within(found, 1.0, float(entries))
