"""The regularised autoencoder (RAE), and MS-SSIM as part of a VAE's distortion."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import BaseObjective, StepContext, Terms
from vae_core.objectives.kl_warmup_free_bits import KlWarmup
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    import torch
    from torch import Generator, Tensor

    from vae_core.devices import noise
    from vae_core.models.vae import VAE
    from vae_core.objectives import ms_ssim
else:
    torch, noise, ms_ssim = Lazy("torch"), Lazy("vae_core.devices.noise"), Lazy("vae_core.objectives.ms_ssim")


class Rae(BaseObjective):
    """RAE: distortion + beta/2 |z|^2 + strength * R(decoder), without noise (Ghosh et al. 2020, arXiv:1903.12436).

    R is the sum of the decoder's squared parameters, or the squared norm of the gradient of the decoded image with respect to z.
    """

    codes: ClassVar = "point"
    dial: ClassVar = "beta"
    name: Literal["rae"] = "rae"
    beta: float = Field(0.1, ge=0, le=1e4, title="Beta", description="Weight of the squared norm of the codes.")
    penalty: Literal["l2", "gradient"] = Field(
        "l2",
        title="Penalty",
        description="Regulariser of the decoder: squared weights (l2), or squared gradient of the image with respect to z.",
    )
    strength: float = Field(0.01, ge=0, le=1e4, title="Strength", description="Weight of the regulariser.")

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        _, z, p = vae.forward(x, y, context.noise)
        distortion = -p.log_prob(x).mean()
        if self.penalty == "gradient":
            smooth = squared_jacobian(p.mean, z, context.noise)
        else:
            smooth = torch.stack([parameter.square().sum() for parameter in vae.decoder.parameters()]).sum()
        loss = distortion + 0.5 * self.beta * z.square().sum(1).mean() + self.strength * smooth
        return Terms(loss, distortion, None, None)


def squared_jacobian(pictures: Tensor, z: Tensor, generator: Generator) -> Tensor:
    """The mean over images of |J|^2, the squared entries of the Jacobian J = d image/dz.

    An unbiased estimate from one random vector v of signs: E|J^T v|^2 = |J|^2 (Hutchinson 1990).
    """
    signs = noise.whole(2, pictures.shape, pictures, generator, 0).to(pictures) * 2 - 1
    (slope,) = torch.autograd.grad((pictures * signs).sum(), z, create_graph=True)
    return slope.square().sum(1).mean()


class MsSsim(KlWarmup):
    """MS-SSIM VAE: (1 - mix) * distortion + mix * D (1 - MS-SSIM) + rate, for images of D numbers.

    Structural similarity as a VAE's distortion is from Snell et al. 2017, arXiv:1511.06409; the mixture with pixel errors from Zhao et
    al. 2017, arXiv:1511.08861.
    """

    needs_images: ClassVar = True
    name: Literal["ms_ssim"] = "ms_ssim"
    mix: float = Field(
        0.84, ge=0, le=1, title="Mix", description="Weight of the structural similarity; 0 gives the ELBO."
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) with labels y (B,)."""
        q, z, p = vae.forward(x, y, context.noise)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        dissimilarity = math.prod(x.shape[1:]) * (1 - ms_ssim.ms_ssim(p.mean, x)).mean()
        loss = (1 - self.mix) * distortion + self.mix * dissimilarity + self.weight(context.progress) * kl.sum()
        return Terms(loss, distortion, kl.sum(), kl)
