"""How much of the distortion's gradient passes a draw of z: all of it through z = mean + std * eps, none through a bare number."""

import torch
from torch import Generator, Tensor

from vae_core.distributions.normal_and_point import DiagonalNormal
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.models.vae import VAE


def distortion_gradient(vae: VAE, x: Tensor, y: Tensor | None, reparameterised: bool, seed: int = 0) -> float:
    """The norm of the gradient of the mean distortion of images x (B, *shape) at the means and deviations of q(z|x).

    One z is drawn for each image: as mean + std * eps (Kingma and Welling 2014, sec. 2.4), or, not `reparameterised`, by torch's own
    normal generator, which gives the drawn numbers alone.
    """
    with torch.no_grad():
        q = vae.encode(x, y)
    mean, std = q.mean.clone().requires_grad_(), q.stddev.clone().requires_grad_()
    generator = Generator().manual_seed(seed)
    if reparameterised:
        z = sample(DiagonalNormal(mean, std), generator)
    else:
        z = torch.normal(mean.detach(), std.detach(), generator=generator)
    loss = -vae.decode(z, y).log_prob(x).mean()
    found = torch.autograd.grad(loss, (mean, std), allow_unused=True)
    return float(sum(part.square().sum().item() for part in found if part is not None) ** 0.5)
