"""Distortion, rate, ELBO, NLL by importance sampling, bits per dimension and squared error, in nats per image, with fixed noise."""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor

from vae_core.checkpoints.checks import Figures
from vae_core.config import Target
from vae_core.data import Split
from vae_core.errors import UserError
from vae_core.metrics.active_units import active_units
from vae_core.metrics.confidence_intervals import Estimate, mean_of
from vae_core.metrics.encoded_split import Bound, Encoded, batches
from vae_core.metrics.figures import margin_key
from vae_core.models.vae import VAE, evaluation
from vae_core.objectives import importance_weights

AT_ONCE = 1000  # images decoded at a time for the importance weights


def terms_of(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> Bound:
    """Distortion and rate of each image with one posterior sample z; `seed` makes the figures repeatable.

    The rate is in closed form where there is one, else it is estimated at the same z.
    """
    return Encoded(vae, split, target, seed).bound


def evaluate(
    vae: VAE,
    split: Split,
    target: Target = "grey",
    *,
    nll_samples: int = 0,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Figures:
    """The model's figures on a split, see `figures_of`."""
    return figures_of(Encoded(vae, split, target, seed), nll_samples=nll_samples, progress=progress)


def figures_of(encoded: Encoded, *, nll_samples: int = 0, progress: Callable[[float], None] | None = None) -> Figures:
    """A model's figures on a split, in nats per image; `nll` if `nll_samples`, the number of importance samples, is not 0.

    The terms of the ELBO use one posterior sample per image from a fixed seed, so that they are repeatable; a plain autoencoder
    has distortion and mse only. `mse` is the mean squared error of the reconstruction per pixel.
    `active_units` counts dimensions whose posterior mean varies by more than 0.01 over the split (Burda et al. 2016, sec. 5.1).
    `bits_per_dim` is -elbo / (ln 2 * number of pixels). The figure NAME_margin is half the width of the 95 % interval of NAME over
    images (value +- margin); None for a single image. Sentences have neither mse nor bits per dimension: see metrics.text.
    """
    found, vae, split = encoded.bound, encoded.vae, encoded.split
    nll_values = None
    if nll_samples and found.rate is not None:
        nll_values = nll_each(vae, split, encoded.target, samples=nll_samples, seed=encoded.seed, progress=progress)
    elbo = None if found.elbo is None else mean_of(found.elbo)
    of_numbers = vae.config.kind != "tokens"
    return {
        **_with_margin("elbo", elbo),
        **_with_margin("distortion", mean_of(found.distortion)),
        **_with_margin("rate", None if found.rate is None else mean_of(found.rate)),
        **_with_margin("nll", None if nll_values is None else mean_of(nll_values)),
        "nll_samples": nll_samples if found.rate is not None else 0,
        **_with_margin("bits_per_dim", bits_per_dim(elbo, vae) if elbo is not None and of_numbers else None),
        "active_units": int(active_units(encoded.mean).sum()),
        **_with_margin("mse", mean_of(encoded.squared_errors) if of_numbers else None),
        "images": len(split),
    }


def _with_margin(name: str, estimate: Estimate | None) -> Figures:
    if estimate is None:
        return {name: None, margin_key(name): None}
    return {name: estimate.value, margin_key(name): estimate.margin if math.isfinite(estimate.margin) else None}


def bound(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> tuple[float, Tensor | None]:
    """Distortion in nats per image, and the mean KL(q(z_i|x) to p(z_i)) of each dimension in nats, (L,).

    The KL is None for a plain autoencoder.
    """
    found = terms_of(vae, split, target, seed)
    return found.distortion.mean().item(), found.kl


def bits_per_dim(elbo: Estimate, vae: VAE) -> Estimate:
    """-elbo / (ln 2 * number of pixels, coordinates or columns): bits per dimension, from an ELBO or a -nll in nats per image.

    It is the size of a compressed file only where p(x|z) is a probability of the stored values (`Likelihood.levels`); a density gives
    another number, see metrics.compression.
    """
    return elbo.times(-1 / (math.log(2) * vae.config.dimensions))


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
                importance_weights.draw(vae, x, y, q, min(draws, samples - start), generator)
                .log_w.cpu()
                .double()
                .logsumexp(0)
                for start in range(0, samples, draws)
            ]
            found.append(math.log(samples) - torch.stack(parts).logsumexp(0))
            if progress:
                progress(min(1.0, (done + 1) * images / len(split)))
    return torch.cat(found)
