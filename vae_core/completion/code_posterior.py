"""A Gaussian q(z) optimised for what is known of one example: its visible pixels, its known cells, or a noisy picture of it.

The encoder gives q(z|x) of a whole example x. Of a part of one, o, it was never told, so q is fitted to it anew: its mean and standard
deviations maximise the ELBO of what is known, E_q[ln p(o|z)] - KL(q to p(z)) (Kingma and Welling 2014, eq. 3, for each example by
itself, as the refinement of Kim et al. 2018, arXiv:1802.02550), by reparameterised gradients and Adam.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor, nn
from torch.distributions import Distribution

from vae_core.config import ModelConfig
from vae_core.distributions.normal_and_point import DiagonalNormal
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.messages import Message
from vae_core.models.vae import VAE
from vae_core.utils.optimisers import Adam

FEW, MANY = 20, 150  # steps while a hand moves, and in all
# The rate of Adam at the first step, from where it falls to 0 at step MANY, and the codes drawn for each step's gradient. Chosen on
# validation pictures of MNIST with `mnist-vae-20d`, lower half hidden: `python -m benchmarks.completion --choose`.
RATE, DRAWS = 0.1, 1
BETAS = (0.9, 0.999)
CONTINUOUS = (
    "normal",
    "planar",
    "autoregressive",
    "ladder",
)  # posteriors for whose codes a Gaussian q(z) has a density

# ln p(o|z), (S * B,), from p(x|z) of batch S * B: S draws of all B examples, one draw after the other.
LogLikelihood = Callable[[Distribution], Tensor]


def unsuited(config: ModelConfig) -> Message | None:
    """Why a model cannot fill in what is missing, in one sentence; None where it can."""
    if config.posterior not in CONTINUOUS:
        return Message(
            "This model has the posterior '{posterior}': a distribution of codes is fitted to what is known of an example, and that "
            "needs a density of continuous codes, so choose a VAE.",
            posterior=config.posterior,
        )
    if config.likelihood == "pixelcnn":
        return Message(
            "This model's likelihood is pixelcnn, in which each pixel is modelled conditionally on the earlier ones: it gives no "
            "likelihood of the visible pixels alone, so choose a model with another likelihood."
        )
    if config.first:
        return Message(
            "This model is M1+M2, two models one above the other: it gives no likelihood of the visible pixels alone, so choose a VAE."
        )
    if config.kind == "tokens":
        return Message(
            "This model is of sentences, whose words are given one after the other: it gives no likelihood of some words alone, so "
            "choose a model of pictures or tables."
        )
    if config.kind == "point":
        return Message("This model is of points with two coordinates: choose a model of pictures or tables.")
    return None


def fit_code(
    vae: VAE,
    start: Distribution,
    log_likelihood: LogLikelihood,
    y: Tensor | None = None,
    *,
    steps: int = MANY,
    seed: int = 0,
    rate: float = RATE,
    draws: int = DRAWS,
) -> DiagonalNormal:
    """The Gaussian q(z), batch (B,) and event (L,), after so many steps from the mean and deviation of `start`.

    The first FEW steps of a longer fit are those of a short one. `y` (B,) are the labels of a conditional model.
    """
    mean, log_std = (nn.Parameter(part.detach().clone()) for part in (start.mean, start.stddev.log()))
    adam, generator = Adam((mean, log_std), BETAS), Generator().manual_seed(seed)
    labels = None if y is None else y.repeat(draws)
    for step in range(steps):
        q = DiagonalNormal(mean, log_std.exp())
        z = sample(q, generator, (draws,))
        known = log_likelihood(vae.decode(z.flatten(0, 1), labels)).reshape(draws, -1).mean(0)
        loss = (vae.kl(q, z).sum(-1).reshape(-1, len(mean)).mean(0) - known).sum()
        mean.grad, log_std.grad = torch.autograd.grad(loss, (mean, log_std))
        adam.step(rate * max(0.0, 1 - step / MANY))
    return DiagonalNormal(mean.detach(), log_std.detach().exp())


def repeated(x: Tensor, p: Distribution) -> Tensor:
    """The observations (B, ...) once for each draw that p(x|z) has, (S * B, ...)."""
    return x.repeat(p.batch_shape[0] // len(x), *(1 for _ in x.shape[1:]))
