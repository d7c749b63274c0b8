"""Distortion, rate, ELBO, NLL by importance sampling, active units and squared error, in nats per image, with fixed noise."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.distributions import Distribution

from vae_core.checkpoint_checks import Figures
from vae_core.config import Target
from vae_core.data import Split, to_input
from vae_core.errors import UserError
from vae_core.metrics.confidence_intervals import Estimate, mean_of, student_quantile
from vae_core.models.posteriors import sample
from vae_core.models.vae import VAE, evaluation

BATCH = 1000
AT_ONCE = 1000  # images decoded at a time for the importance weights
Batch = tuple[Tensor, Tensor | None]


def batches(vae: VAE, split: Split, target: Target, generator: Generator, size: int = BATCH) -> Iterator[Batch]:
    """The split in batches of at most `size`: model inputs x (B, *shape), and labels (B,) for a conditional model."""
    for start in range(0, len(split), size):
        x = to_input(split.x[start : start + size], target, generator)
        yield x, split.labels[start : start + size] if vae.config.classes else None


def posterior_of(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> tuple[Tensor, Tensor]:
    """Means and standard deviations of q(z|x) for all images of a split, (N, L) each."""
    generator = Generator().manual_seed(seed)
    with evaluation(vae):
        found = [(q.mean, q.stddev) for q in (vae.encode(x, y) for x, y in batches(vae, split, target, generator))]
    mean, scale = zip(*found, strict=True)
    return torch.cat(mean), torch.cat(scale)


def means_of(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> Tensor:
    """The means of q(z|x) only, (N, L); for a flow posterior this is much faster than `posterior_of`."""
    generator = Generator().manual_seed(seed)
    with evaluation(vae):
        return torch.cat([vae.encode(x, y).mean for x, y in batches(vae, split, target, generator)])


@dataclass(frozen=True)
class Bound:
    """The terms of the ELBO for each image of a split: `distortion` (N,) and `rate` (N,) in nats.

    `kl` (L,) is the mean rate of each dimension, or (1,) where dimensions depend on each other; `kl_margin` (L,) is half the width of
    its 95 % interval, NaN for a single image. `rate`, `kl` and `kl_margin` are None for a plain autoencoder.
    """

    distortion: Tensor
    rate: Tensor | None
    kl: Tensor | None
    kl_margin: Tensor | None

    @property
    def elbo(self) -> Tensor | None:
        """-(distortion + rate) of each image, (N,) nats."""
        return None if self.rate is None else -(self.distortion + self.rate)

    @property
    def loss(self) -> Tensor:
        """-elbo of each image, or its distortion where there is no rate, (N,) nats."""
        return self.distortion if self.rate is None else self.distortion + self.rate


def terms_of(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> Bound:
    """Distortion and rate of each image with one posterior sample z; `seed` makes the figures repeatable.

    The rate is in closed form where there is one, else it is estimated at the same z.
    """
    generator = Generator().manual_seed(seed)
    count, distortion, rate, kl, squares = len(split), [], [], [], []
    with evaluation(vae):
        for x, y in batches(vae, split, target, generator):
            q = vae.encode(x, y)
            z = sample(q, generator)
            distortion.append(-vae.decode(z, y).log_prob(x).double())
            if vae.posterior.has_density:
                each = vae.kl(q, z).double()
                rate.append(each.sum(1))
                kl.append(each.sum(0))
                squares.append(each.square().sum(0))
    if not rate:
        return Bound(torch.cat(distortion), None, None, None)
    mean = torch.stack(kl).sum(0) / count
    variance = (torch.stack(squares).sum(0) / count - mean.square()).clamp(min=0) / max(1, count - 1)
    return Bound(torch.cat(distortion), torch.cat(rate), mean, student_quantile(count - 1) * variance.sqrt())


def evaluate(
    vae: VAE,
    split: Split,
    target: Target = "grey",
    *,
    nll_samples: int = 0,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Figures:
    """The model's figures on a split, in nats per image; `nll` if `nll_samples`, the number of importance samples, is not 0.

    The terms of the ELBO use one posterior sample per image from a fixed seed, so that they are repeatable; a plain autoencoder
    has distortion and mse only. `mse` is the mean squared error of the reconstruction per pixel.
    `active_units` counts dimensions whose posterior mean varies by more than 0.01 over the split (Burda et al. 2016, sec. 5.1).
    `bits_per_dim` is -elbo / (ln 2 * number of pixels). The figure NAME_margin is half the width of the 95 % interval of NAME over
    images (value +- margin); None for a single image.
    """
    found = terms_of(vae, split, target, seed)
    mean = means_of(vae, split, target, seed)
    nll_values = None
    if nll_samples and found.rate is not None:
        nll_values = nll_each(vae, split, target, samples=nll_samples, seed=seed, progress=progress)
    elbo = None if found.elbo is None else mean_of(found.elbo)
    return {
        **_with_margin("elbo", elbo),
        **_with_margin("distortion", mean_of(found.distortion)),
        **_with_margin("rate", None if found.rate is None else mean_of(found.rate)),
        **_with_margin("nll", None if nll_values is None else mean_of(nll_values)),
        "nll_samples": nll_samples if found.rate is not None else 0,
        **_with_margin("bits_per_dim", None if elbo is None else bits_per_dim(elbo, vae)),
        "active_units": int(active_units(mean).sum()),
        **_with_margin("mse", mean_of(squared_errors(vae, split, target, seed))),
        "images": len(split),
    }


def _with_margin(name: str, estimate: Estimate | None) -> Figures:
    if estimate is None:
        return {name: None, f"{name}_margin": None}
    return {name: estimate.value, f"{name}_margin": estimate.margin if math.isfinite(estimate.margin) else None}


def bound(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> tuple[float, Tensor | None]:
    """Distortion in nats per image, and the mean KL(q(z_i|x) to p(z_i)) of each dimension in nats, (L,).

    The KL is None for a plain autoencoder.
    """
    found = terms_of(vae, split, target, seed)
    return found.distortion.mean().item(), found.kl


def active_units(mean: Tensor, threshold: float = 0.01) -> Tensor:
    """Which dimensions are in use, (L,): Var_x(E[z_i|x]) > 0.01 for posterior means (N, L) (Burda et al. 2016, sec. 5.1)."""
    return mean.var(0, correction=min(1, len(mean) - 1)) > threshold


def bits_per_dim(elbo: Estimate, vae: VAE) -> Estimate:
    """-elbo / (ln 2 * channels * height * width): bits per dimension, from an ELBO or a -nll in nats per image.

    It is the size of a compressed file only where p(x|z) is a probability of the stored values: see metrics.compression.
    """
    return elbo.times(-1 / (math.log(2) * math.prod(vae.config.shape)))


def squared_errors(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> Tensor:
    """Mean squared error per pixel of each image's reconstruction, (N,)."""
    generator = Generator().manual_seed(seed)
    parts = [
        (vae.reconstruct(x, y) - x).double().square().flatten(1).mean(1)
        for x, y in batches(vae, split, target, generator)
    ]
    return torch.cat(parts)


def log_weights(vae: VAE, x: Tensor, y: Tensor | None, q: Distribution, samples: int, generator: Generator) -> Tensor:
    """ln w = ln p(x|z) + ln p(z) - ln q(z|x) in nats, (samples, B), for `samples` samples z of q."""
    z = sample(q, generator, (samples,))
    return vae.log_likelihood(x, z, y) + vae.prior().log_prob(z) - q.log_prob(z)


def nll(
    vae: VAE,
    split: Split,
    target: Target = "grey",
    *,
    samples: int,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> float:
    """An estimate of -ln p(x) in nats per image, the mean of `nll_each`."""
    return nll_each(vae, split, target, samples=samples, seed=seed, progress=progress).mean().item()


def nll_each(
    vae: VAE,
    split: Split,
    target: Target = "grey",
    *,
    samples: int,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Tensor:
    """-ln p(x) of each image in nats, (N,), by k = `samples` importance samples: -ln 1/k sum w (Burda et al. 2016, eq. 8).

    In expectation this is an upper bound that decreases with k; k = 1 is -ELBO. Memory does not grow with k or with the split: at most
    AT_ONCE images are decoded at a time. `progress` is called with the share of images done, in [0, 1].
    Raises UserError for a model whose posterior has no density.
    """
    if not vae.posterior.has_density:
        raise UserError("A plain autoencoder has no bound of the likelihood, only distortion and mse.")
    generator = Generator().manual_seed(seed)
    images = max(1, min(100, AT_ONCE // samples))
    draws = max(1, AT_ONCE // images)
    found = []
    with evaluation(vae):
        for done, (x, y) in enumerate(batches(vae, split, target, generator, images)):
            q = vae.encode(x, y)
            parts = [
                log_weights(vae, x, y, q, min(draws, samples - start), generator).double().logsumexp(0)
                for start in range(0, samples, draws)
            ]
            found.append(math.log(samples) - torch.stack(parts).logsumexp(0))
            if progress:
                progress(min(1.0, (done + 1) * images / len(split)))
    return torch.cat(found)
