"""POSTERIORS: the encoder's raw output -> q(z|x), a torch Distribution with batch (B,) and event (L,)."""

from abc import abstractmethod

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributions import Distribution

from vae_core.axes.layer_sizes import raw_numbers
from vae_core.config import ModelConfig
from vae_core.distributions.clamp import clamp
from vae_core.distributions.flows import PLANAR_DRAWS, Planar, Transformed, autoregressive_flow, compose
from vae_core.distributions.gumbel_softmax import OneHotGroups, Product
from vae_core.distributions.hierarchical import HierarchicalNormal, product_of_normals
from vae_core.distributions.normal_and_point import DiagonalNormal, Point
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.distributions.vector_quantisation import Codebook, Quantized
from vae_core.distributions.von_mises_fisher import LARGEST, VonMisesFisher
from vae_core.models.top_down import TopDown

__all__ = ["LOG_VARIANCE", "POSTERIORS", "DiagonalNormal", "Point", "Posterior", "sample"]

# An outlier can drive the encoder's log-variance to several hundred, whose exponential is infinite; useful variances lie inside.
LOG_VARIANCE = (-20.0, 8.0)


def _normal(mean: Tensor, log_variance: Tensor) -> DiagonalNormal:
    return DiagonalNormal(mean, (0.5 * clamp(log_variance, *LOG_VARIANCE)).exp())


class Posterior(nn.Module):
    """raw (B, outputs) -> q(z|x); the raw numbers of the mean come first.

    `outputs`: the number of raw numbers; `has_density`: whether q has a density and so a rate; `browser`: whether the browser can
    encode with it.
    """

    has_density = True
    browser = False

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.latent_dim = config.latent_dim
        self.outputs = raw_numbers(config)

    @property
    def dimensions(self) -> int:
        """Number of continuous dimensions and discrete choices in a code."""
        return self.latent_dim

    @abstractmethod
    def forward(self, raw: Tensor) -> Distribution: ...

    def decoder_input(self, z: Tensor) -> Tensor:
        """The decoder's input for codes z (..., L), of the same shape."""
        return z


class NormalPosterior(Posterior):
    """A diagonal normal; the raw numbers are means, then log-variances."""

    browser = True

    def forward(self, raw: Tensor) -> Distribution:
        mean, log_variance = raw.chunk(2, dim=-1)
        return _normal(mean, log_variance)


class PointPosterior(Posterior):
    """One code without noise, as in a plain autoencoder."""

    has_density = False
    browser = True

    def forward(self, raw: Tensor) -> Distribution:
        return Point(raw)


class PlanarPosterior(NormalPosterior):
    """A normal transformed by planar flows whose parameters the encoder outputs (Rezende and Mohamed 2015, arXiv:1505.05770)."""

    browser = False

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.steps = config.flow_steps

    def forward(self, raw: Tensor) -> Distribution:
        size = self.latent_dim
        planes = raw[..., 2 * size :].unflatten(-1, (self.steps, 2 * size + 1))
        parts = [planes[..., step, :].split((size, size, 1), -1) for step in range(self.steps)]
        steps = compose(*(Planar(u, w, b.squeeze(-1)) for u, w, b in parts))
        return Transformed(super().forward(raw[..., : 2 * size]), steps, PLANAR_DRAWS)


class AutoregressivePosterior(NormalPosterior):
    """A normal transformed by inverse autoregressive flows with a context from the encoder (Kingma et al. 2016, arXiv:1606.04934)."""

    browser = False

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.context = config.flow_width
        self.steps = autoregressive_flow(config, self.context)

    def forward(self, raw: Tensor) -> Distribution:
        context = raw[..., 2 * self.latent_dim :]
        return Transformed(
            super().forward(raw[..., : 2 * self.latent_dim]), compose(*(step(context) for step in self.steps))
        )


class LadderPosterior(NormalPosterior):
    """Ladder VAE: q(z|x) = q(upper|x) q(lower|upper, x) (Sonderby et al. 2016, arXiv:1602.02282).

    q(lower|upper, x) is the normalised product of the encoder's normal and the prior p(lower|upper); posterior and prior share the
    layers `below`. As in the paper the decoder sees the lower level only: where it saw both, the lower level collapsed to the prior.
    """

    browser = False

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.below = TopDown(config)

    def forward(self, raw: Tensor) -> Distribution:
        top, encoded = self.below.top, super().forward(raw)
        upper = DiagonalNormal(encoded.mean[..., :top], encoded.stddev[..., :top])
        lower = DiagonalNormal(encoded.mean[..., top:], encoded.stddev[..., top:])
        return HierarchicalNormal(upper, lambda drawn: product_of_normals(lower, self.below(drawn)))

    def decoder_input(self, z: Tensor) -> Tensor:
        top = self.below.top
        return torch.cat([torch.zeros_like(z[..., :top]), z[..., top:]], -1)


class SpherePosterior(Posterior):
    """A von Mises-Fisher distribution on the unit sphere: direction, then concentration (Davidson et al. 2018, arXiv:1804.00891)."""

    def forward(self, raw: Tensor) -> Distribution:
        concentration = (F.softplus(raw[..., -1]) + 1).clamp(
            max=LARGEST
        )  # + 1: as in the authors' code, against vanishing gradients
        return VonMisesFisher(F.normalize(raw[..., :-1], dim=-1), concentration)


class DiscretePosterior(Posterior):
    """Normal dimensions (possibly none), then one-hot choices, relaxed in training (Dupont 2018, arXiv:1804.00104)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.choices, self.temperature = (config.discrete, config.categories), config.temperature
        self.numbers = config.latent_dim - config.discrete * config.categories

    @property
    def dimensions(self) -> int:
        return self.numbers + self.choices[0]

    def forward(self, raw: Tensor) -> Distribution:
        mean, logits, log_variance = raw.split((self.numbers, self.latent_dim - self.numbers, self.numbers), -1)
        choices = OneHotGroups(logits.unflatten(-1, self.choices), self.temperature if self.training else None)
        return Product(_normal(mean, log_variance), choices)


class QuantisedPosterior(Posterior):
    """The codebook entries nearest to the encoder's output vectors (van den Oord et al. 2017, arXiv:1711.00937)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.groups = config.discrete
        self.codebook = Codebook(config.categories, config.latent_dim // config.discrete)

    @property
    def dimensions(self) -> int:
        return self.groups

    def forward(self, raw: Tensor) -> Distribution:
        parts = raw.unflatten(-1, (self.groups, -1))
        code, indices = self.codebook(parts.flatten(0, 1))
        return Quantized(raw, code.reshape(raw.shape), indices.reshape(len(raw), self.groups))


POSTERIORS: dict[str, type[Posterior]] = {
    "normal": NormalPosterior,
    "point": PointPosterior,
    "planar": PlanarPosterior,
    "autoregressive": AutoregressivePosterior,
    "ladder": LadderPosterior,
    "von_mises_fisher": SpherePosterior,
    "discrete": DiscretePosterior,
    "quantised": QuantisedPosterior,
}
