"""Which pixels a number of the code depends on: the gradient of the encoder's mean, and integrated gradients.

The gradient says what a small change of each pixel would do (saliency, Simonyan et al. 2013, arXiv:1312.6034). Integrated gradients
(Sundararajan et al. 2017, arXiv:1703.01365, eq. 1) share the whole difference from a baseline out among the pixels: their sum is
f(x) - f(baseline), which a gradient's is not. The library captum gives the same numbers, but would bring matplotlib for these lines.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from vae_core.models.vae import VAE, evaluation
from vae_core.utils.arrays import Float32

STEPS = 128  # of the path from the baseline to x


@dataclass(frozen=True)
class Attributions:
    """Of one number of the code, by pixel (*shape): `gradient` per unit of brightness, `integrated` in units of the code.

    `value` and `baseline` are that number of the mean of q(z|x), at x and at the baseline.
    """

    gradient: Float32
    integrated: Float32
    value: float
    baseline: float


def attributions(vae: VAE, x: Tensor, baseline: Tensor, y: Tensor | None, dimension: int) -> Attributions:
    """The Attributions of number `dimension` of the code of one input x (1, *shape), relative to the `baseline` (1, *shape).

    The path is cut into STEPS parts with the gradient at the middle of each. `y` (1,) is the label of a conditional model.
    """
    shares = (torch.arange(STEPS) + 0.5).div(STEPS).view(-1, *(1 for _ in x.shape[1:]))
    with evaluation(vae):
        _, along = _gradients(vae, baseline + shares * (x - baseline), y, dimension)
        values, gradients = _gradients(vae, torch.cat([x, baseline]), y, dimension)
    integrated = (x - baseline)[0] * along.mean(0)
    return Attributions(gradients[0].numpy(), integrated.numpy(), values[0].item(), values[1].item())


def _gradients(vae: VAE, x: Tensor, y: Tensor | None, dimension: int) -> tuple[Tensor, Tensor]:
    """That number of the mean of q(z|x) of each input (B, *shape), (B,), and its gradient (B, *shape)."""
    inputs = x.clone().requires_grad_()
    with torch.enable_grad():
        found = vae.encode(inputs, None if y is None else y.expand(len(x))).mean[:, dimension]
        (gradients,) = torch.autograd.grad(found.sum(), inputs)
    return found.detach(), gradients
