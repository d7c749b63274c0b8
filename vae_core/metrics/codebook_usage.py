"""How many entries of its codebook a quantised model (VQ-VAE) uses: perplexity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vae_core.metrics.confidence_intervals import Estimate, clipped, jackknife
from vae_core.utils.arrays import Int64
from vae_core.utils.lazy import Lazy, torch

if TYPE_CHECKING:
    from vae_core.distributions import vector_quantisation
    from vae_core.metrics.encoded_split import Encoded
else:
    vector_quantisation = Lazy("vae_core.distributions.vector_quantisation")


def entry_indices(encoded: Encoded) -> Int64:
    """Indices of the codebook entries that a quantised model assigns to each image of a split, (N, G)."""
    return (
        torch.cat([q.indices for q in encoded.posteriors if isinstance(q, vector_quantisation.Quantized)]).cpu().numpy()
    )


def usage_shares(choices: Int64, entries: int) -> NDArray[np.float64]:
    """The share of each of `entries` codebook entries among indices (N, G), shape (entries,); the shares sum to one."""
    return np.bincount(choices.ravel(), minlength=entries) / choices.size


def effective_entries(used: NDArray[np.float64]) -> float:
    """exp of the entropy of `usage_shares` (entries,): the number of equally used entries with the same entropy."""
    known = used[used > 0]
    return float(np.exp(-(known * np.log(known)).sum()))


def perplexity(choices: Int64, entries: int, seed: int = 0) -> Estimate:
    """exp of the entropy of the entries in use, from 1 to `entries`, for entry indices (N, G) of a split.

    Few images do not show every entry, so the jackknife's estimate of that bias is taken off. The interval is over images, since the
    G entries of one image depend on each other.
    """
    found = jackknife(
        lambda rows: effective_entries(usage_shares(choices[rows], entries)), len(choices), seed, corrected=True
    )
    return clipped(found, 1.0, float(entries))
