"""Objectives with a second network that tells two kinds of codes or pictures apart: FactorVAE, adversarial autoencoder, VAE-GAN.

The critic's loss and the model's are of one pass. The trainer takes the slope of each for its own parameters alone, so
nothing is detached here except where a paper says so.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

import torch
from pydantic import Field
from torch import nn
from torch.nn.functional import layer_norm, leaky_relu, softplus

from vae_core.objectives.base import Base, Moment, Terms, told
from vae_core.objectives.matching import prior_samples

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.vae import VAE


class Critic(nn.Module):
    """Dense layers to one logit; the last hidden layer's numbers are its features."""

    def __init__(self, inputs: int, width: int, depth: int) -> None:
        super().__init__()
        widths = [inputs, *[width] * depth]
        self.hidden = nn.ModuleList(nn.Linear(before, after) for before, after in zip(widths, widths[1:], strict=False))
        self.verdict = nn.Linear(width, 1)

    def features(self, x: Tensor) -> Tensor:
        """(B, *anything) -> (B, width), each row of mean 0 and variance 1: a distance between features keeps its scale."""
        h = x.flatten(1)
        for layer in self.hidden:
            h = leaky_relu(layer(h), 0.2)
        return layer_norm(h.float(), h.shape[1:])

    def forward(self, x: Tensor) -> Tensor:
        """The logit (B,) that x is of the first kind."""
        return self.verdict(self.features(x)).float().squeeze(1)


class Adversarial(Base):
    """What they share: the second network's size and learning rate."""

    dial: ClassVar = "gamma"
    critic_width: int = Field(
        256, ge=1, le=4096, title="Critic's width", description="Units in each layer of the critic."
    )
    critic_depth: int = Field(3, ge=1, le=8, title="Critic's depth", description="Hidden layers of the critic.")
    critic_lr: float = Field(
        1e-3,
        gt=0,
        le=1e6,
        title="Critic's rate",
        description="Learning rate of the network that tells two kinds apart.",
    )

    def critic(self, vae: VAE) -> nn.Module | None:
        return Critic(vae.config.latent_dim, self.critic_width, self.critic_depth)


def apart(first: Tensor, second: Tensor) -> Tensor:
    """What a critic minimises: the cross-entropy of logits (B,) that should be high, and of ones that should be low."""
    return softplus(-first).mean() + softplus(second).mean()


class Factor(Adversarial):
    """FactorVAE: the bound, and gamma * KL(q(z) to prod q(z_j)) as a critic sees it (Kim and Mnih 2018, arXiv:1802.05983, eq. 2).

    The critic tells codes from codes whose dimensions were shuffled among the images of the batch (algorithm 2; the
    paper shuffles a second batch, which would cost another pass); its logit is the logarithm of the densities' ratio.
    """

    name: Literal["factor"] = "factor"
    gamma: float = Field(
        10.0, ge=0, le=1e4, title="Gamma", description="Weight of the total correlation: higher parts the dimensions."
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, now: Moment) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        assert now.critic is not None
        q, z, p = vae.look(x, y, now.noise)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        real = now.critic(z)
        critic_loss = 0.5 * apart(real, now.critic(shuffled(z.detach(), now)))
        return Terms(distortion + kl.sum() + self.gamma * real.mean(), distortion, kl.sum(), kl, critic_loss)


def shuffled(z: Tensor, now: Moment) -> Tensor:
    """Each column of z (B, L) in an order of its own: samples of the product of its marginals."""
    return z.gather(0, torch.rand(z.shape, generator=now.noise).to(z.device).argsort(0))


class Adversary(Adversarial):
    """Adversarial autoencoder: distortion, and gamma * what a critic still sees between codes and prior.

    Makhzani et al. 2016, arXiv:1511.05644, sec. 2; the encoder's side in the form that does not saturate (Goodfellow et
    al. 2014, sec. 3).
    """

    codes: ClassVar = "any"
    factorised: ClassVar = True
    name: Literal["adversary"] = "adversary"
    gamma: float = Field(
        10.0,
        ge=0,
        le=1e4,
        title="Gamma",
        description="How hard the encoder tries to pass its codes off as the prior's.",
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, now: Moment) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        assert now.critic is not None
        q, z, p = vae.look(x, y, now.noise)
        distortion = -p.log_prob(x).mean()
        fake = now.critic(z)
        critic_loss = apart(now.critic(prior_samples(vae, z, now)), fake)
        loss = distortion + self.gamma * softplus(-fake).mean()
        return told(vae, loss, distortion, vae.kl(q, z).mean(0), critic_loss)


class VaeGan(Adversarial):
    """VAE-GAN: pictures compared by a critic's features, and a decoder that wants to fool it (Larsen et al. 2016, arXiv:1512.09300).

    Algorithm 1: the encoder minimises rate + features, the decoder gamma * features - the critic's loss, the critic
    tells data from reconstructions and from pictures of the prior. `distortion` is still that of the pixels.
    """

    pictures: ClassVar = True
    name: Literal["vae_gan"] = "vae_gan"
    gamma: float = Field(
        1.0, gt=0, le=1e4, title="Gamma", description="What the decoder makes of likeness against realism."
    )

    def critic(self, vae: VAE) -> nn.Module | None:
        return Critic(math.prod(vae.config.shape), self.critic_width, self.critic_depth)

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, now: Moment) -> Terms:
        """Terms of images x (B, C, H, W) with labels y (B,)."""
        critic = now.critic
        assert isinstance(critic, Critic)
        q, z, p = vae.look(x, y, now.noise)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        if z.requires_grad:  # of likeness, the encoder gets the whole and the decoder gamma times the whole
            z.register_hook(lambda slope: slope / self.gamma)
        features = 0.5 * (critic.features(x).detach() - critic.features(p.mean)).square().sum(1).mean()
        made = torch.cat([z.detach(), prior_samples(vae, z, now)])  # realism is the decoder's business alone
        fake = critic(vae.decode(made, None if y is None else y.repeat(2)).mean)
        critic_loss = apart(critic(x), fake)
        loss = kl.sum() + self.gamma * features + softplus(-fake).mean()
        return Terms(loss, distortion, kl.sum(), kl, critic_loss)
