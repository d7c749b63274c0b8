"""Objectives with a critic, a second network that classifies codes or images as one of two kinds: FactorVAE, AAE, VAE-GAN.

One forward pass gives the critic's loss and the model's. The trainer takes the gradient of each loss with respect to its own
network's parameters only, so nothing is detached here except where a paper says so.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import BaseObjective, StepContext, Terms, make_terms
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn
    from torch.nn import functional

    from vae_core.distributions import reparameterised_sampling
    from vae_core.models.vae import VAE
    from vae_core.objectives import critics
else:
    torch, functional = Lazy("torch"), Lazy("torch.nn.functional")
    reparameterised_sampling, critics = (
        Lazy("vae_core.distributions.reparameterised_sampling"),
        Lazy("vae_core.objectives.critics"),
    )


class WithCritic(BaseObjective):
    """The critic's size and learning rate, which these objectives share."""

    couples_images: ClassVar = True
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
        description="Learning rate of the critic.",
    )

    def critic(self, vae: VAE) -> nn.Module | None:
        return critics.Critic(vae.config.latent_dim, self.critic_width, self.critic_depth)


class FactorVae(WithCritic):
    """FactorVAE: -ELBO + gamma * KL(q(z) to prod q(z_j)), estimated by a critic (Kim and Mnih 2018, arXiv:1802.05983, eq. 2).

    The critic classifies codes against codes whose dimensions were shuffled among the images of the batch (algorithm 2; the paper
    shuffles a second batch, which costs another forward pass). Its logit estimates the log-ratio of the two densities.
    """

    name: Literal["factor"] = "factor"
    gamma: float = Field(
        10.0,
        ge=0,
        le=1e4,
        title="Gamma",
        description="Weight of the total correlation: a higher gamma gives more independent dimensions.",
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
    """Adversarial autoencoder: distortion + gamma * the encoder's loss against a critic that classifies codes against prior samples.

    Makhzani et al. 2016, arXiv:1511.05644, sec. 2. The encoder has the non-saturating loss -ln D(z) (Goodfellow et al. 2014, sec. 3).
    """

    codes: ClassVar = "any"
    needs_standard_normal: ClassVar = True
    name: Literal["adversary"] = "adversary"
    gamma: float = Field(
        10.0,
        ge=0,
        le=1e4,
        title="Gamma",
        description="Weight of the encoder's adversarial loss, which makes codes look like samples of the prior.",
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
    """VAE-GAN: reconstruction error in a critic's features, and an adversarial loss (Larsen et al. 2016, arXiv:1512.09300, alg. 1).

    With F = |features(x) - features(reconstruction)|^2 / 2, the encoder and a learnt prior minimise rate + F. The decoder minimises
    gamma * F plus the non-saturating adversarial loss (Goodfellow et al. 2014, sec. 3). The critic classifies data against
    reconstructions and generated images. `distortion` is still computed from the pixels.
    """

    needs_images: ClassVar = True
    name: Literal["vae_gan"] = "vae_gan"
    gamma: float = Field(
        1.0,
        gt=0,
        le=1e4,
        title="Gamma",
        description="Weight of the feature error against the adversarial loss in the decoder.",
    )

    def critic(self, vae: VAE) -> nn.Module | None:
        return critics.Critic(math.prod(vae.config.shape), self.critic_width, self.critic_depth)

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) with labels y (B,)."""
        critic = context.critic
        assert isinstance(critic, critics.Critic)
        q = vae.encode(x, y)
        z = reparameterised_sampling.sample(q, context.noise)
        # The loss holds gamma * features. The gradient at z is scaled by 1 / gamma: the decoder has weight gamma, the encoder 1.
        p = vae.decode_and_observe(x, torch.lerp(z.detach(), z, 1 / self.gamma), y)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        features = 0.5 * (critic.features(x).detach() - critic.features(p.mean)).square().sum(1).mean()
        fake_z = torch.cat(
            [z, vae.sample_prior(len(z), context.noise)]
        ).detach()  # the adversarial loss trains the decoder only
        fake = critic(vae.decode(fake_z, None if y is None else y.repeat(2)).mean)
        critic_loss = critics.critic_loss(critic(x), fake)
        loss = kl.sum() + self.gamma * features + functional.softplus(-fake).mean()
        return Terms(loss, distortion, kl.sum(), kl, critic_loss)
