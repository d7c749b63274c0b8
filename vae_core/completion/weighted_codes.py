"""Codes of what is known of an example, o, by a mixture of Gaussians that is fitted to it, weighted by importance.

What is known often leaves several readings open, so one Gaussian is fitted from the encoder's q(z|x) and others from those draws of the
prior that explain o best. Codes are drawn from their equal mixture, z_k ~ r(z), and weighted by w_k in proportion to
p(o|z_k) p(z_k) / r(z_k): sum_k w_k f(z_k) estimates E[f(z)|o] and gets exact as K grows, however good the fit. This is self-normalised
importance sampling, by which MIWAE fills in missing cells (Mattei and Frellsen 2019, arXiv:1812.02633).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from vae_core.completion.code_posterior import DRAWS, MANY, RATE, LogLikelihood, fit_code
from vae_core.distributions.normal_and_point import DiagonalNormal
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.models.vae import VAE, evaluation

COMPONENTS = 4  # Gaussians that are fitted, the first from the encoder's q(z|x)
FROM_PRIOR = 64  # draws of the prior among which the starts of the others are chosen
CODES = 1000  # that are weighted
DECODED = 4096  # codes that are decoded at once
Mixture = Sequence[DiagonalNormal]  # with equal weights; each has batch (B,) and event (L,)


@dataclass(frozen=True)
class WeightedCodes:
    """Codes z (K, B, L) of B examples, and weights (K, B) that sum to 1 over the codes of each."""

    z: Tensor
    weights: Tensor

    def mean(self, of: Callable[[Tensor], Tensor]) -> Tensor:
        """The weighted mean (B, ...) of what `of` makes of codes (B, L)."""
        with torch.no_grad():
            each = (torch.einsum("b,b...->b...", w, of(z)) for w, z in zip(self.weights, self.z, strict=True))
            return sum(each, start=torch.zeros(()))


def fitted_mixture(
    vae: VAE,
    start: DiagonalNormal,
    log_likelihood: LogLikelihood,
    y: Tensor | None = None,
    *,
    steps: int = MANY,
    seed: int = 0,
    components: int = COMPONENTS,
    rate: float = RATE,
    draws: int = DRAWS,
) -> Mixture:
    """Gaussians q(z), each of batch (B,), fitted to the known part of B examples, which `log_likelihood` rates.

    `start`, batch (B,), is where the first one begins; its standard deviations are the first ones of all.
    """
    means = [start.mean, *likely_prior_draws(vae, log_likelihood, y, len(start.mean), components - 1, seed)]
    starts = DiagonalNormal(torch.cat(means), start.stddev.repeat(components, 1))
    labels = None if y is None else y.repeat(components)
    q = fit_code(vae, starts, log_likelihood, labels, steps=steps, seed=seed, rate=rate, draws=draws)
    return [DiagonalNormal(*part) for part in zip(q.mean.chunk(components), q.stddev.chunk(components), strict=True)]


def drawn_in_turn(mixture: Mixture, count: int, seed: int) -> Tensor:
    """Codes (count, B, L), one of each component in turn."""
    generator = Generator().manual_seed(seed)
    rounds = torch.stack([sample(q, generator, (-(-count // len(mixture)),)) for q in mixture], 1)
    return rounds.flatten(0, 1)[:count]


def likely_prior_draws(
    vae: VAE, log_likelihood: LogLikelihood, y: Tensor | None, examples: int, count: int, seed: int = 0
) -> Tensor:
    """Of FROM_PRIOR draws of p(z) those that explain each example's known part best, (count, B, L)."""
    with evaluation(vae):
        z = vae.sample_prior(FROM_PRIOR, Generator().manual_seed(seed))
        known = _known(vae, z[:, None].expand(-1, examples, -1), log_likelihood, y)
        return z[known.topk(count, dim=0).indices]


def weighted_codes(
    vae: VAE,
    mixture: Mixture,
    log_likelihood: LogLikelihood,
    y: Tensor | None = None,
    *,
    codes: int = CODES,
    seed: int = 0,
) -> WeightedCodes:
    """Codes of a mixture, equally many of each component, weighted by importance."""
    with evaluation(vae):
        z = drawn_in_turn(mixture, codes, seed)
        log_r = torch.stack([q.log_prob(z) for q in mixture]).logsumexp(0) - math.log(len(mixture))
        known = _known(vae, z, log_likelihood, y)
        return WeightedCodes(z, (known + vae.prior().log_prob(z) - log_r).softmax(0))


def _known(vae: VAE, z: Tensor, log_likelihood: LogLikelihood, y: Tensor | None) -> Tensor:
    """ln p(o|z) of codes z (K, B, L), (K, B)."""
    found = []
    for part in z.split(max(1, DECODED // z.shape[1])):
        labels = None if y is None else y.repeat(len(part))
        found.append(log_likelihood(vae.decode(part.flatten(0, 1), labels)).reshape(len(part), -1))
    return torch.cat(found)
