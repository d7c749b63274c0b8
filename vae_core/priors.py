"""PRIORS: p(z), as modules that give a torch Distribution with event (L,) and the KL of a posterior to it."""

from abc import abstractmethod
from collections.abc import Callable

import torch
from torch import Generator, Tensor, nn
from torch.distributions import Categorical, Distribution, MixtureSameFamily, kl_divergence

from vae_core.codes import DiagonalNormal, sample
from vae_core.config import ModelConfig
from vae_core.flows import Carried, splines
from vae_core.sphere import Uniform, VonMisesFisher

Encode = Callable[[Tensor], Distribution]


class Prior(nn.Module):
    """`forward` gives p(z); `encode` (x -> q(z|x)) is the model's, for a prior made of posteriors.

    `browser`: whether the browser can draw from it.
    """

    browser = False

    def __init__(self, config: ModelConfig, encode: Encode) -> None:
        super().__init__()

    @abstractmethod
    def forward(self) -> Distribution: ...

    def kl(self, q: Distribution, z: Tensor | None = None) -> Tensor:
        """ln q(z|x) - ln p(z) in nats at samples z (..., B, L) of q: (..., B, 1), whose mean is the KL of q to p.

        Without z, at one sample for each image from noise that is always the same.
        """
        if z is None:
            z = sample(q, Generator().manual_seed(0))
        return (q.log_prob(z) - self().log_prob(z)).unsqueeze(-1)

    def start_at(self, mean: Tensor) -> None:
        """Called before a training with the data's mean (*shape)."""


class StandardNormal(Prior):
    """p(z) = N(0, I) over L dimensions."""

    browser = True
    zero: Tensor
    one: Tensor

    def __init__(self, config: ModelConfig, encode: Encode) -> None:
        super().__init__(config, encode)
        self.register_buffer("zero", torch.zeros(config.latent_dim), persistent=False)
        self.register_buffer("one", torch.ones(config.latent_dim), persistent=False)

    def forward(self) -> Distribution:
        return DiagonalNormal(self.zero, self.one)

    def kl(self, q: Distribution, z: Tensor | None = None) -> Tensor:
        """KL(q to p) in nats for each image and dimension, (B, L), in closed form for a diagonal normal q; else as any prior."""
        if isinstance(q, DiagonalNormal):
            return kl_divergence(q.base_dist, self().base_dist)  # type: ignore[attr-defined]
        return super().kl(q, z)


class Mixture(MixtureSameFamily):
    """Normals with shares, whose samples come from noise that it is given."""

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        shares, parts = self.mixture_distribution.probs, self.component_distribution
        count = int(torch.Size(shape).numel())
        chosen = torch.multinomial(shares.detach(), count, replacement=True, generator=generator)
        return sample(DiagonalNormal(parts.mean[chosen], parts.stddev[chosen]), generator).reshape(
            *shape, *self.event_shape
        )


def mixture(shares: Tensor, parts: Distribution) -> Distribution:
    """The mixture of `parts`, batch (K,) and event (L,), with logits `shares` (K,)."""
    return Mixture(Categorical(logits=shares, validate_args=False), parts, validate_args=False)


class GaussianMixture(Prior):
    """Normals whose places, widths and shares are learnt with the model (Dilokthanakul et al. 2016, arXiv:1611.02648)."""

    def __init__(self, config: ModelConfig, encode: Encode) -> None:
        super().__init__(config, encode)
        self.means = nn.Parameter(torch.randn(config.components, config.latent_dim))
        self.log_scales = nn.Parameter(torch.full((config.components, config.latent_dim), -0.5))
        self.shares = nn.Parameter(torch.zeros(config.components))

    def forward(self) -> Distribution:
        return mixture(self.shares, DiagonalNormal(self.means, self.log_scales.clamp(-10, 4).exp()))


class Vamp(Prior):
    """The posteriors of learnt pictures, mixed evenly (Tomczak and Welling 2018, arXiv:1705.07120, eq. 9)."""

    def __init__(self, config: ModelConfig, encode: Encode) -> None:
        super().__init__(config, encode)
        self.in_unit = not config.is_points
        self.pictures = nn.Parameter(torch.randn(config.components, *config.shape))
        self._encode = encode

    def forward(self) -> Distribution:
        pictures = self.pictures.sigmoid() if self.in_unit else self.pictures
        return mixture(self.pictures.new_zeros(len(pictures)), self._encode(pictures))

    def start_at(self, mean: Tensor) -> None:
        with torch.no_grad():
            self.pictures.add_(mean.clamp(0.01, 0.99).logit() if self.in_unit else mean)


class FlowPrior(Prior):
    """A neural spline flow of a normal: any smooth shape (Rezende and Mohamed 2015; Durkan et al. 2019, arXiv:1906.04032)."""

    zero: Tensor

    def __init__(self, config: ModelConfig, encode: Encode) -> None:
        super().__init__(config, encode)
        self.register_buffer("zero", torch.zeros(config.latent_dim), persistent=False)
        self.to_noise = splines(config)

    def forward(self) -> Distribution:
        return Carried(DiagonalNormal(self.zero, torch.ones_like(self.zero)), self.to_noise().inv)


class Sphere(Prior):
    """Evenly over the unit sphere, for posteriors that lie on it (Davidson et al. 2018, arXiv:1804.00891)."""

    zero: Tensor

    def __init__(self, config: ModelConfig, encode: Encode) -> None:
        super().__init__(config, encode)
        self.register_buffer("zero", torch.zeros(config.latent_dim), persistent=False)

    def forward(self) -> Distribution:
        return Uniform(self.zero)

    def kl(self, q: Distribution, z: Tensor | None = None) -> Tensor:
        """KL(q to p) in nats for each image, (B, 1), in closed form."""
        return q.kl_to_uniform().unsqueeze(-1) if isinstance(q, VonMisesFisher) else super().kl(q, z)


PRIORS: dict[str, type[Prior]] = {
    "normal": StandardNormal,
    "mixture": GaussianMixture,
    "vamp": Vamp,
    "flow": FlowPrior,
    "sphere": Sphere,
}
