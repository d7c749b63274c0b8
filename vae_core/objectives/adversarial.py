"""Objectives with a second network that tells two kinds of codes or pictures apart: FactorVAE, adversarial autoencoder, VAE-GAN.

The critic's loss and the model's are of one pass. The trainer takes the slope of each for its own parameters alone, so
nothing is detached here except where a paper says so.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import Base, StepContext, Terms, make_terms
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn
    from torch.nn import functional

    from vae_core.config import ModelConfig
    from vae_core.distributions import base
    from vae_core.models.vae import VAE
    from vae_core.objectives import critics
else:
    torch, functional = Lazy("torch"), Lazy("torch.nn.functional")
    base, critics = Lazy("vae_core.distributions.base"), Lazy("vae_core.objectives.critics")


class WithCritic(Base):
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
        return critics.Critic(vae.config.latent_dim, self.critic_width, self.critic_depth)


class FactorVae(WithCritic):
    """FactorVAE: the bound, and gamma * KL(q(z) to prod q(z_j)) as a critic sees it (Kim and Mnih 2018, arXiv:1802.05983, eq. 2).

    The critic tells codes from codes whose dimensions were shuffled among the images of the batch (algorithm 2; the
    paper shuffles a second batch, which would cost another pass); its logit is the logarithm of the densities' ratio.
    """

    name: Literal["factor"] = "factor"
    gamma: float = Field(
        10.0, ge=0, le=1e4, title="Gamma", description="Weight of the total correlation: higher parts the dimensions."
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        assert context.critic is not None
        q, z, p = vae.forward(x, y, context.noise)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        real = context.critic(z)
        critic_loss = 0.5 * critics.critic_loss(real, context.critic(critics.shuffled(z.detach(), context.noise)))
        return Terms(distortion + kl.sum() + self.gamma * real.mean(), distortion, kl.sum(), kl, critic_loss)


class AdversarialAutoencoder(WithCritic):
    """Adversarial autoencoder: distortion, and gamma * what a critic still sees between codes and prior.

    Makhzani et al. 2016, arXiv:1511.05644, sec. 2; the encoder's side in the form that does not saturate (Goodfellow et
    al. 2014, sec. 3).
    """

    codes: ClassVar = "any"
    needs_standard_normal: ClassVar = True
    name: Literal["adversary"] = "adversary"
    gamma: float = Field(
        10.0,
        ge=0,
        le=1e4,
        title="Gamma",
        description="How hard the encoder tries to pass its codes off as the prior's.",
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        assert context.critic is not None
        q, z, p = vae.forward(x, y, context.noise)
        distortion = -p.log_prob(x).mean()
        fake = context.critic(z)
        critic_loss = critics.critic_loss(context.critic(vae.sample_prior(len(z), context.noise)), fake)
        loss = distortion + self.gamma * functional.softplus(-fake).mean()
        return make_terms(vae, loss, distortion, vae.kl(q, z).mean(0), critic_loss)


class VaeGan(WithCritic):
    """VAE-GAN: pictures compared by a critic's features, and a decoder that wants to fool it (Larsen et al. 2016, arXiv:1512.09300).

    Algorithm 1: the encoder, and a prior that learns, minimise rate + features, the decoder gamma * features - the critic's
    loss, in the form that does not saturate (Goodfellow et al. 2014, sec. 3); the critic tells data from reconstructions and
    from pictures of the prior. `distortion` is still that of the pixels.
    """

    needs_images: ClassVar = True
    name: Literal["vae_gan"] = "vae_gan"
    gamma: float = Field(
        1.0, gt=0, le=1e4, title="Gamma", description="What the decoder makes of likeness against realism."
    )

    def incompatibility(self, model: ModelConfig) -> str:
        incompatibility = super().incompatibility(model)
        if not incompatibility and model.likelihood in ("gaussian_learned", "gaussian_diagonal"):
            return (
                "The objective 'vae_gan' compares pictures by a critic and never trains the likelihood's sigma: "
                f"choose likelihood='gaussian_optimal', not '{model.likelihood}'."
            )
        return incompatibility

    def critic(self, vae: VAE) -> nn.Module | None:
        return critics.Critic(math.prod(vae.config.shape), self.critic_width, self.critic_depth)

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) with labels y (B,)."""
        critic = context.critic
        assert isinstance(critic, critics.Critic)
        q = vae.encode(x, y)
        z = base.sample(q, context.noise)
        # Of likeness the decoder gets gamma times the whole and the encoder the whole: the same codes, a slope of 1 / gamma.
        p = vae.decode_and_observe(x, torch.lerp(z.detach(), z, 1 / self.gamma), y)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        features = 0.5 * (critic.features(x).detach() - critic.features(p.mean)).square().sum(1).mean()
        fake_z = torch.cat(
            [z, vae.sample_prior(len(z), context.noise)]
        ).detach()  # realism is the decoder's business alone
        fake = critic(vae.decode(fake_z, None if y is None else y.repeat(2)).mean)
        critic_loss = critics.critic_loss(critic(x), fake)
        loss = kl.sum() + self.gamma * features + functional.softplus(-fake).mean()
        return Terms(loss, distortion, kl.sum(), kl, critic_loss)
