"""M1+M2: a conditional VAE (M2) of the codes of a first VAE (M1)."""

from __future__ import annotations

import hashlib
from typing import ClassVar

import torch
from torch import Generator, Tensor, nn
from torch.distributions import Distribution, kl_divergence

from vae_core.axes.compatibility import refuse
from vae_core.axes.m1m2_parts import first_model, second_model
from vae_core.config import ModelConfig
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.models.likelihood_base import Likelihood
from vae_core.models.posteriors import Posterior
from vae_core.models.priors import Prior
from vae_core.models.vae import VAE


class Stacked(Distribution):
    """p(x|z) = integral of p(x|z1) p(z1|z) over the first model's codes z1, where `codes` is p(z1|z).

    The integral has no closed form. `log_prob` estimates a lower bound of it, E_q(z1|x)[ln p(x|z1)] - KL(q(z1|x) to p(z1|z)), with one
    sample of z1 whose noise depends on `codes` only. So a distortion and an nll are upper bounds in expectation and an elbo is a lower
    bound of ln p(x). `mean` is the decoded mean of `codes`.
    """

    arg_constraints: ClassVar = {}

    def __init__(self, first: VAE, codes: Distribution) -> None:
        self.first, self.codes = first, codes
        super().__init__(codes.batch_shape, torch.Size(first.config.shape), validate_args=False)

    @property
    def mean(self) -> Tensor:
        return self.first.decode(self.codes.mean).mean

    def log_prob(self, value: Tensor) -> Tensor:
        q = self.first.encode(value)
        z = sample(q, self._noise())
        rate = kl_divergence(q.base_dist, self.codes.base_dist).sum(-1)  # type: ignore[attr-defined]
        return self.first.decode(z).log_prob(value) - rate

    def _noise(self) -> Generator:
        """A generator seeded by a hash of `codes`: figures are repeatable, and different codes get independent noise."""
        content = self.codes.mean.detach().cpu().double().numpy().tobytes()
        return Generator().manual_seed(int.from_bytes(hashlib.blake2b(content, digest_size=7).digest()))


class M1M2(VAE):
    """M1+M2 (Kingma et al. 2014, arXiv:1406.5298, sec. 2.3): p(x, z1, z|y) = p(z) p(z1|z, y) p(x|z1).

    `first` is M1, a VAE of images without labels whose code z1 has `config.first` dimensions. `second` is M2, a conditional VAE of
    these codes with a classifier; its code z, which is the model's code, has a prior that does not depend on y. Its input is the mean
    of q(z1|x).
    """

    def __init__(self, config: ModelConfig) -> None:
        nn.Module.__init__(self)
        refuse(config)
        self.config = config
        self.first = VAE(first_model(config))
        self.second = VAE(second_model(config))

    @property
    def posterior(self) -> Posterior:  # type: ignore[override]
        return self.second.posterior

    @property
    def prior_module(self) -> Prior:  # type: ignore[override]
        return self.second.prior_module

    @property
    def likelihood(self) -> Likelihood:  # type: ignore[override]
        return self.first.likelihood

    def encode(self, x: Tensor, y: Tensor | None = None) -> Distribution:
        return self.second.encode(self.first.encode(x).mean, y)

    def decode(self, z: Tensor, y: Tensor | None = None) -> Distribution:
        return Stacked(self.first, self.second.decode(z, y))

    def classify(self, x: Tensor) -> Tensor:
        return self.second.classify(self.first.encode(x).mean)

    def init_from_mean(self, mean: Tensor) -> None:
        self.first.init_from_mean(mean)

    def decode_and_observe(self, x: Tensor, z: Tensor, y: Tensor | None) -> Distribution:
        return self.decode(z, y)
