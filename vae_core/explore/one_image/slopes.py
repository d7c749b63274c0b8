"""The slopes of the decoder: how fast each pixel of its mean changes with a number of the code, columns of the Jacobian."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.autograd.functional import jvp

from vae_core.models.vae import VAE, evaluation


def slopes(vae: VAE, z: Tensor, y: Tensor | None, dimensions: Sequence[int]) -> Tensor:
    """d mean(x|z) / d z_i at z (1, L) for each i of `dimensions`, (N, *shape) per unit of z, by products with the Jacobian.

    `y` (1,) is the label of a conditional model. A column takes two backward passes, however many pixels there are.
    """

    def mean(code: Tensor) -> Tensor:
        found: Tensor = vae.decode(code, y).mean
        return found

    directions = torch.eye(z.shape[1])[list(dimensions)]
    with evaluation(vae):
        return torch.cat([jvp(mean, z, direction[None])[1] for direction in directions])
