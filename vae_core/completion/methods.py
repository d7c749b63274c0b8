"""METHODS: ways to codes for examples of which a part is hidden; ours, and what it is compared with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Generator, Tensor
from torch.distributions import Distribution

from vae_core.completion.code_posterior import FEW, MANY, LogLikelihood, repeated
from vae_core.completion.weighted_codes import Mixture, drawn_in_turn, fitted_mixture
from vae_core.distributions.normal_and_point import DiagonalNormal
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.models.vae import VAE

BURN_IN = 20  # rounds of pseudo-Gibbs sampling before its codes count


@dataclass(frozen=True)
class Task:
    """Examples x (B, *shape) with a hidden part, and what an encoder that needs whole examples is given there.

    `hidden`: True for what is hidden, broadcast to x; `hidden_parts`: the same by the parts of the likelihood, pixels or columns of a
    table; `filled`: x with a guess in the hidden part, such as the data's mean; `y` (B,): labels of a conditional model.
    """

    x: Tensor
    hidden: Tensor
    hidden_parts: Tensor
    filled: Tensor
    y: Tensor | None = None

    def with_hidden(self, guess: Tensor) -> Tensor:
        """The visible part of x, and `guess` in the hidden one."""
        return torch.where(self.hidden, guess, self.x)


def encode_once(vae: VAE, task: Task) -> DiagonalNormal:
    """The encoder's q(z|x) of the filled examples."""
    return encoded(vae, task.filled, task.y)


def encoded(vae: VAE, x: Tensor, y: Tensor | None) -> DiagonalNormal:
    """The Gaussian with the mean and the standard deviation of the encoder's q(z|x)."""
    with torch.no_grad():
        q = vae.encode(x, y)
        return DiagonalNormal(q.mean, q.stddev)


def pseudo_gibbs(vae: VAE, task: Task, samples: int, seed: int) -> Tensor:
    """Codes (K, B, L) of a chain that draws z ~ q(z|x) and fills the hidden part from it, again and again.

    Rezende et al. 2014 (arXiv:1401.4082, app. F). The hidden part gets the mean of p(x|z), as suits grey pixels; the first BURN_IN
    codes are left out.
    """
    generator, filled, codes = Generator().manual_seed(seed), task.filled, []
    with torch.no_grad():
        for _ in range(BURN_IN + samples):
            codes.append(sample(encoded(vae, filled, task.y), generator))
            filled = task.with_hidden(vae.decode(codes[-1], task.y).mean)
    return torch.stack(codes[BURN_IN:])


def optimised(vae: VAE, task: Task, steps: int = MANY, seed: int = 0, **settings: Any) -> Mixture:
    """Gaussians fitted to the visible part alone; `settings` are those of `fitted_mixture`."""
    start, known = encode_once(vae, task), log_likelihood_of_visible(vae, task)
    return fitted_mixture(vae, start, known, task.y, steps=steps, seed=seed, **settings)


def log_likelihood_of_visible(vae: VAE, task: Task) -> LogLikelihood:
    """ln p(x_visible|z), (S * B,), from p(x|z) of S draws of all examples."""
    visible = (~task.hidden_parts).float()

    def known(p: Distribution) -> Tensor:
        each = vae.log_prob_by_pixel(p, repeated(task.x, p)) * repeated(visible, p)
        return each.flatten(1).sum(1)

    return known


def drawn(q: Distribution, samples: int, seed: int) -> Tensor:
    """Codes (K, B, L) of q."""
    return sample(q, Generator().manual_seed(seed), (samples,))


# From a task to codes z (K, B, L), from which the hidden parts are decoded: (vae, task, K, seed) -> codes. The last one is told the
# whole examples: what no completion can know, as a limit.
METHODS: dict[str, Callable[[VAE, Task, int, int], Tensor]] = {
    f"optimised, {FEW} steps": lambda vae, task, k, seed: drawn_in_turn(optimised(vae, task, FEW, seed), k, seed),
    f"optimised, {MANY} steps": lambda vae, task, k, seed: drawn_in_turn(optimised(vae, task, MANY, seed), k, seed),
    "pseudo-Gibbs": pseudo_gibbs,
    "encode once": lambda vae, task, k, seed: drawn(encode_once(vae, task), k, seed),
    "sees all": lambda vae, task, k, seed: drawn(encoded(vae, task.x, task.y), k, seed),
}
