"""PRIORS: modules that return p(z), a torch Distribution with event (L,), and the KL of a posterior to it."""

import math
from abc import abstractmethod
from collections.abc import Callable

import torch
from torch import Generator, Tensor, nn
from torch.distributions import Categorical, Distribution, MixtureSameFamily, kl_divergence

from vae_core.config import ModelConfig
from vae_core.devices import noise
from vae_core.distributions.flows import Transformed, spline_flow
from vae_core.distributions.gumbel_softmax import OneHotGroups, Product
from vae_core.distributions.hierarchical import HierarchicalNormal
from vae_core.distributions.normal_and_point import DiagonalNormal
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.distributions.vector_quantisation import CodebookUniform
from vae_core.distributions.von_mises_fisher import SphereUniform, VonMisesFisher
from vae_core.models.posteriors import LadderPosterior, Posterior, QuantisedPosterior
from vae_core.models.top_down import TopDown

Encode = Callable[[Tensor], Distribution]


class Prior(nn.Module):
    """`forward` returns p(z); `encode` (x -> q(z|x)) and `posterior` are those of the model, for priors that depend on them.

    `browser`: whether the browser can sample from it.
    """

    browser = False

    def __init__(self, config: ModelConfig, encode: Encode, posterior: Posterior | None = None) -> None:
        super().__init__()

    @abstractmethod
    def forward(self) -> Distribution: ...

    def kl(self, q: Distribution, z: Tensor) -> Tensor:
        """ln q(z|x) - ln p(z) in nats at samples z (..., B, L) of q: (..., B, 1), an unbiased estimate of KL(q to p).

        The caller samples z, also where a closed form does not need it, so that this module holds no random state.
        """
        return (q.log_prob(z) - self().log_prob(z)).unsqueeze(-1)

    def init_from_mean(self, mean: Tensor) -> None:
        """Called before training with the mean of the data, (*shape)."""


class StandardNormal(Prior):
    """The standard normal N(0, I) in L dimensions."""

    browser = True
    zero: Tensor
    one: Tensor

    def __init__(self, config: ModelConfig, encode: Encode, posterior: Posterior | None = None) -> None:
        super().__init__(config, encode, posterior)
        self.register_buffer("zero", torch.zeros(config.latent_dim), persistent=False)
        self.register_buffer("one", torch.ones(config.latent_dim), persistent=False)

    def forward(self) -> Distribution:
        return DiagonalNormal(self.zero, self.one)

    def kl(self, q: Distribution, z: Tensor) -> Tensor:
        """KL(q to p) in nats for each image and dimension, (B, L), in closed form for a diagonal normal q; else by samples.

        The closed form is (mean^2 + std^2 - 1) / 2 - ln std (Kingma and Welling 2014, appendix B).
        """
        if isinstance(q, DiagonalNormal):
            mean, std = q.mean, q.stddev
            return 0.5 * (mean.square() + std.square() - 1) - std.log()
        return super().kl(q, z)


class SampleableMixture(MixtureSameFamily):
    """A mixture of normals that samples with a given generator."""

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        shares, parts = self.mixture_distribution.probs, self.component_distribution
        count = int(torch.Size(shape).numel())
        chosen = noise.drawn(shares.detach(), count, generator, replacement=True)
        return sample(DiagonalNormal(parts.mean[chosen], parts.stddev[chosen]), generator).reshape(
            *shape, *self.event_shape
        )


def mixture(shares: Tensor, parts: Distribution) -> Distribution:
    """The mixture of the components `parts`, batch (K,) and event (L,), with logits `shares` (K,)."""
    return SampleableMixture(Categorical(logits=shares, validate_args=False), parts, validate_args=False)


class MixturePrior(Prior):
    """A mixture of normals whose means, scales and weights are learnt (Dilokthanakul et al. 2016, arXiv:1611.02648)."""

    def __init__(self, config: ModelConfig, encode: Encode, posterior: Posterior | None = None) -> None:
        super().__init__(config, encode, posterior)
        self.means = nn.Parameter(torch.randn(config.components, config.latent_dim))
        self.log_scales = nn.Parameter(torch.full((config.components, config.latent_dim), -0.5))
        self.shares = nn.Parameter(torch.zeros(config.components))

    def forward(self) -> Distribution:
        return mixture(self.shares, DiagonalNormal(self.means, self.log_scales.clamp(-10, 4).exp()))


class VampPrior(Prior):
    """VampPrior: the equally weighted mixture of the posteriors of learnt inputs (Tomczak and Welling 2018, arXiv:1705.07120)."""

    def __init__(self, config: ModelConfig, encode: Encode, posterior: Posterior | None = None) -> None:
        super().__init__(config, encode, posterior)
        self.is_image = config.kind == "picture"
        self.pictures = nn.Parameter(torch.randn(config.components, *config.shape))
        self._encode = encode

    def forward(self) -> Distribution:
        pictures = self.pictures.sigmoid() if self.is_image else self.pictures
        return mixture(self.pictures.new_zeros(len(pictures)), self._encode(pictures))

    def init_from_mean(self, mean: Tensor) -> None:
        with torch.no_grad():
            self.pictures.add_(mean.clamp(0.01, 0.99).logit() if self.is_image else mean)


class FlowPrior(Prior):
    """A neural spline flow of a normal (Rezende and Mohamed 2015, arXiv:1505.05770; Durkan et al. 2019, arXiv:1906.04032)."""

    zero: Tensor

    def __init__(self, config: ModelConfig, encode: Encode, posterior: Posterior | None = None) -> None:
        super().__init__(config, encode, posterior)
        self.register_buffer("zero", torch.zeros(config.latent_dim), persistent=False)
        self.to_noise = spline_flow(config)

    def forward(self) -> Distribution:
        return Transformed(DiagonalNormal(self.zero, torch.ones_like(self.zero)), self.to_noise().inv)


class SpherePrior(Prior):
    """The uniform distribution on the unit sphere, for von Mises-Fisher posteriors (Davidson et al. 2018, arXiv:1804.00891)."""

    zero: Tensor

    def __init__(self, config: ModelConfig, encode: Encode, posterior: Posterior | None = None) -> None:
        super().__init__(config, encode, posterior)
        self.register_buffer("zero", torch.zeros(config.latent_dim), persistent=False)

    def forward(self) -> Distribution:
        return SphereUniform(self.zero)

    def kl(self, q: Distribution, z: Tensor) -> Tensor:
        """KL(q to p) in nats for each image, (B, 1), in closed form."""
        return q.kl_to_uniform().unsqueeze(-1) if isinstance(q, VonMisesFisher) else super().kl(q, z)


class UniformDiscrete(Prior):
    """N(0, I) for the continuous dimensions and a uniform distribution for each choice (Dupont 2018, arXiv:1804.00104)."""

    logits: Tensor
    zero: Tensor

    def __init__(self, config: ModelConfig, encode: Encode, posterior: Posterior | None = None) -> None:
        super().__init__(config, encode, posterior)
        numbers = config.latent_dim - config.discrete * config.categories
        self.register_buffer("logits", torch.zeros(config.discrete, config.categories), persistent=False)
        self.register_buffer("zero", torch.zeros(max(0, numbers)), persistent=False)

    def forward(self) -> Distribution:
        return Product(self._numbers(), OneHotGroups(self.logits))

    def kl(self, q: Distribution, z: Tensor) -> Tensor:
        """KL(q to p) in nats of each continuous dimension, then of each choice, (B, dimensions + choices), in closed form."""
        assert isinstance(q, Product)
        numbers = kl_divergence(q.first.base_dist, self._numbers().base_dist)  # type: ignore[attr-defined]
        return torch.cat([numbers, q.second.kl_to_uniform()], -1)

    def _numbers(self) -> DiagonalNormal:
        return DiagonalNormal(self.zero, torch.ones_like(self.zero))


class CodebookPrior(Prior):
    """The uniform distribution over the entries of the posterior's codebook (van den Oord et al. 2017, arXiv:1711.00937)."""

    def __init__(self, config: ModelConfig, encode: Encode, posterior: Posterior | None = None) -> None:
        super().__init__(config, encode, posterior)
        assert isinstance(posterior, QuantisedPosterior)
        self._posterior, self.groups = (posterior,), config.discrete  # in a tuple: torch must not register it twice

    def forward(self) -> Distribution:
        return CodebookUniform(self._posterior[0].codebook.entries, self.groups)

    def kl(self, q: Distribution, z: Tensor) -> Tensor:
        """ln K nats for each of the G choices among K entries, (B, G)."""
        entries = len(self._posterior[0].codebook.entries)
        return q.mean.new_full((*q.batch_shape, self.groups), math.log(entries))


class TwoLevelPrior(Prior):
    """A hierarchical prior p(upper) p(lower|upper) of two halves of the code (Sonderby et al. 2016, arXiv:1602.02282).

    p(upper) is N(0, I), and layers give the normal p(lower|upper). With a normal posterior both halves depend on the image only and the
    decoder sees both, as in BIVA (Maaloe et al. 2019, arXiv:1902.02102). The posterior `ladder` uses the same layers.
    """

    zero: Tensor

    def __init__(self, config: ModelConfig, encode: Encode, posterior: Posterior | None = None) -> None:
        super().__init__(config, encode, posterior)
        if isinstance(posterior, LadderPosterior):
            self._below = (posterior.below,)  # in a tuple: torch must not register the ladder's layers a second time
        else:
            self.below = TopDown(config)
            self._below = (self.below,)
        self.register_buffer("zero", torch.zeros(config.latent_dim // 2), persistent=False)

    def forward(self) -> HierarchicalNormal:
        return HierarchicalNormal(DiagonalNormal(self.zero, torch.ones_like(self.zero)), self._below[0])

    def kl(self, q: Distribution, z: Tensor) -> Tensor:
        """KL(q to p) in nats of each dimension, (..., B, L); for the lower half given the upper half of a sample z."""
        if not isinstance(q, DiagonalNormal | HierarchicalNormal):
            return super().kl(q, z)
        upper = z[..., : len(self.zero)]
        q = q.conditional(upper) if isinstance(q, HierarchicalNormal) else q
        return kl_divergence(q.base_dist, self().conditional(upper).base_dist)


PRIORS: dict[str, type[Prior]] = {
    "normal": StandardNormal,
    "mixture": MixturePrior,
    "vamp": VampPrior,
    "flow": FlowPrior,
    "sphere": SpherePrior,
    "discrete": UniformDiscrete,
    "codebook": CodebookPrior,
    "two_levels": TwoLevelPrior,
}
