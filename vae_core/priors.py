"""PRIORS: p(z), as modules that give a torch Distribution with event (L,) and the KL of a posterior to it."""

import torch
from torch import Tensor, nn
from torch.distributions import Distribution, Independent, Normal, kl_divergence


class StandardNormal(nn.Module):
    """p(z) = N(0, I) over L dimensions."""

    zero: Tensor
    one: Tensor

    def __init__(self, latent_dim: int) -> None:
        super().__init__()
        self.register_buffer("zero", torch.zeros(latent_dim), persistent=False)
        self.register_buffer("one", torch.ones(latent_dim), persistent=False)

    def forward(self) -> Distribution:
        return Independent(self._normal(), 1, validate_args=False)

    def kl(self, q: Distribution) -> Tensor:
        """KL(q to p) in nats for each image and dimension, (B, L); closed form for a diagonal normal q."""
        assert isinstance(q, Independent)
        return kl_divergence(q.base_dist, self._normal())

    def _normal(self) -> Normal:
        return Normal(self.zero, self.one, validate_args=False)


PRIORS: dict[str, type[StandardNormal]] = {"normal": StandardNormal}
