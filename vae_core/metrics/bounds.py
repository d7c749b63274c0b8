"""Distortion, rate, ELBO, the importance-weighted likelihood and the units in use: nats per image, the same noise each time."""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Generator, Tensor
from torch.distributions import Distribution

from vae_core.config import Target
from vae_core.datasets import Split, to_input
from vae_core.errors import UserError
from vae_core.posteriors import sample
from vae_core.vae import VAE, evaluation

CHUNK = 1000
Figures = dict[str, float | int | str | None]
Chunk = tuple[Tensor, Tensor | None]


def chunks(vae: VAE, split: Split, target: Target, generator: Generator, size: int = CHUNK) -> Iterator[Chunk]:
    """The split as model inputs x (B, *shape) and labels (B,), at most `size` at a time: larger batches are slower."""
    for start in range(0, len(split), size):
        x = to_input(split.x[start : start + size], target, generator)
        yield x, split.labels[start : start + size] if vae.config.classes else None


def posterior_of(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> tuple[Tensor, Tensor]:
    """Means and standard deviations of q(z|x) for a whole split, (N, L) each."""
    generator = Generator().manual_seed(seed)
    with evaluation(vae):
        found = [(q.mean, q.stddev) for q in (vae.encode(x, y) for x, y in chunks(vae, split, target, generator))]
    mean, scale = zip(*found, strict=True)
    return torch.cat(mean), torch.cat(scale)


def evaluate(
    vae: VAE,
    split: Split,
    target: Target = "grey",
    *,
    nll_samples: int = 0,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Figures:
    """The model's figures on a split, in nats per image; `nll` only when asked for, by `nll_samples` importance samples.

    The bound's terms use one posterior sample per image from a fixed seed, so that they print the same each time;
    a plain autoencoder has distortion and mse alone. `mse` is the mean squared error of the reconstruction, per pixel.
    `active_units` counts dimensions whose posterior mean varies by more than 0.01 over the split (Burda et al. 2016, sec. 5.1).
    """
    distortion, kl = bound(vae, split, target, seed)
    mean, _ = posterior_of(vae, split, target, seed)
    rate = None if kl is None else kl.sum().item()
    return {
        "elbo": None if rate is None else -(distortion + rate),
        "distortion": distortion,
        "rate": rate,
        "nll": nll(vae, split, target, samples=nll_samples, seed=seed, progress=progress)
        if nll_samples and kl is not None
        else None,
        "nll_samples": nll_samples if kl is not None else 0,
        "active_units": int((mean.var(0) > 0.01).sum()),
        "mse": _mse(vae, split, target, seed),
        "images": len(split),
    }


def bound(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> tuple[float, Tensor | None]:
    """Distortion in nats per image, and the mean KL(q(z_i|x) to p(z_i)) of each dimension (L,): what each one carries.

    The KL is None for a plain autoencoder.
    """
    generator = Generator().manual_seed(seed)
    distortion, kl = 0.0, torch.zeros((), dtype=torch.float64)
    with evaluation(vae):
        for x, y in chunks(vae, split, target, generator):
            q = vae.encode(x, y)
            distortion -= vae.decode(sample(q, generator), y).log_prob(x).double().sum().item()
            if vae.posterior.has_density:
                kl = kl + vae.prior_module.kl(q).double().sum(0)
    return distortion / len(split), kl / len(split) if vae.posterior.has_density else None


def _mse(vae: VAE, split: Split, target: Target, seed: int) -> float:
    generator = Generator().manual_seed(seed)
    squares = sum(
        (vae.reconstruct(x, y) - x).double().square().sum().item() for x, y in chunks(vae, split, target, generator)
    )
    return squares / (len(split) * math.prod(vae.config.shape))


def log_weights(vae: VAE, x: Tensor, y: Tensor | None, q: Distribution, samples: int, generator: Generator) -> Tensor:
    """log p(x|z) + log p(z) - log q(z|x) for `samples` draws of z from q, (samples, B) in nats."""
    z = sample(q, generator, (samples,))
    repeated = None if y is None else y.repeat(samples)
    p = vae.decode(z.flatten(0, 1), repeated)
    likelihood = p.log_prob(x.repeat(samples, *(1 for _ in x.shape[1:]))).unflatten(0, (samples, -1))
    return likelihood + vae.prior().log_prob(z) - q.log_prob(z)


def nll(
    vae: VAE,
    split: Split,
    target: Target = "grey",
    *,
    samples: int,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> float:
    """-log p(x) in nats per image, estimated with k = `samples` importance samples: -mean log 1/k sum w (Burda et al. 2016, eq. 8).

    An upper bound in expectation that falls with k; k = 1 is -ELBO. Memory is bounded whatever k is.
    Raises UserError for a model whose posterior has no density.
    """
    if not vae.posterior.has_density:
        raise UserError("A plain autoencoder has no likelihood bound: it has distortion and mse alone.")
    generator = Generator().manual_seed(seed)
    images = max(1, min(100, 4000 // samples))
    at_once = max(1, 4000 // images)
    total = 0.0
    with evaluation(vae):
        for done, (x, y) in enumerate(chunks(vae, split, target, generator, images)):
            q = vae.encode(x, y)
            parts = [
                log_weights(vae, x, y, q, min(at_once, samples - start), generator).double().logsumexp(0)
                for start in range(0, samples, at_once)
            ]
            total += (torch.stack(parts).logsumexp(0) - math.log(samples)).sum().item()
            if progress:
                progress(min(1.0, (done + 1) * images / len(split)))
    return -total / len(split)
