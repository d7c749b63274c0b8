"""One training step of a plain VAE, in the order of the formulas; the Start page shows these lines.

The trainer (trainer.py) does the same with any objective, in parts of a batch and with what makes it fast; a test compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Generator, Tensor
    from torch.optim import Optimizer

    from vae_core.models.vae import VAE


def training_step(vae: VAE, optimiser: Optimizer, x: Tensor, y: Tensor | None, noise: Generator) -> Tensor:
    """Improve a VAE with a diagonal normal posterior on images x (B, *shape) with labels y; gives the loss, nats per image.

    The loss is the negative of the evidence lower bound (Kingma and Welling 2014, arXiv:1312.6114, eq. 10).
    """
    q = vae.encode(x, y)
    eps = torch.randn(q.mean.shape, generator=noise)
    z = q.mean + q.stddev * eps
    p = vae.decode(z, y)
    distortion = -p.log_prob(x).mean()
    rate = vae.kl(q, z).sum(1).mean()
    loss = distortion + rate
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.detach()
