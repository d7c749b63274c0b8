"""SAMPLERS: samplers of new codes: the prior, and density models that are fitted to the codes of a trained model's encoder.

Where the prior and the aggregate posterior differ (a prior hole), samples of the prior decode badly; a fitted sampler avoids this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vae_core.axes.layer_sizes import grid_size
from vae_core.config import ModelConfig
from vae_core.errors import UserError, entry
from vae_core.messages import Message
from vae_core.utils.lazy import Lazy, torch

if TYPE_CHECKING:
    import torch.nn.functional as F
    from torch import Generator, Tensor

    from vae_core.distributions import flows, pixelcnn
    from vae_core.distributions import normal_and_point as normals
    from vae_core.distributions import reparameterised_sampling as sampling
    from vae_core.models import build as building
    from vae_core.models import posteriors
    from vae_core.models import vae as vaes
    from vae_core.models.vae import VAE
    from vae_core.utils import optimisers

    Draw = Callable[[int, Generator], Tensor]  # count, generator -> codes (N, L)
    Fit = Callable[[VAE, Tensor, int], Draw]  # model, codes (N, L), seed
else:
    F = Lazy("torch.nn.functional")
    flows, pixelcnn = Lazy("vae_core.distributions.flows"), Lazy("vae_core.distributions.pixelcnn")
    normals = Lazy("vae_core.distributions.normal_and_point")
    sampling = Lazy("vae_core.distributions.reparameterised_sampling")
    building, posteriors = Lazy("vae_core.models.build"), Lazy("vae_core.models.posteriors")
    vaes = Lazy("vae_core.models.vae")
    optimisers = Lazy("vae_core.utils.optimisers")

BATCH, MAPS, STEPS, WIDTH = 256, 64, 500, 64


@dataclass(frozen=True)
class Sampler:
    """`fitted`: whether it is fitted to codes; `posterior`: the posterior that it needs, None for any."""

    title: str
    paper: str
    fit: Fit
    fitted: bool = True
    posterior: str | None = None

    def suits(self, model: ModelConfig) -> bool:
        return self.posterior in (None, model.posterior)


def _prior(vae: VAE, codes: Tensor, seed: int) -> Draw:
    def draw(count: int, generator: Generator) -> Tensor:
        with vaes.evaluation(vae):
            return sampling.sample(vae.prior(), generator, (count,))

    return draw


def _mixture(vae: VAE, codes: Tensor, seed: int) -> Draw:
    from sklearn.mixture import GaussianMixture  # a second to import, which no page needs before it is asked for

    found = GaussianMixture(min(10, len(codes)), reg_covar=1e-4, random_state=seed).fit(codes.double().numpy())
    shares, means = (torch.from_numpy(part).float() for part in (found.weights_, found.means_))
    roots = torch.linalg.cholesky(torch.from_numpy(found.covariances_)).float()

    def draw(count: int, generator: Generator) -> Tensor:
        chosen = torch.multinomial(shares, count, replacement=True, generator=generator)
        eps = torch.randn(count, codes.shape[1], generator=generator)
        return means[chosen] + (roots[chosen] @ eps.unsqueeze(-1)).squeeze(-1)

    return draw


def _two_stage(vae: VAE, codes: Tensor, seed: int) -> Draw:
    """A second VAE with a code of the same size, trained on the codes of the first."""
    size = codes.shape[1]
    config = ModelConfig(
        shape=(size,),
        latent_dim=size,
        hidden=(WIDTH, WIDTH),
        activation="silu",
        likelihood="gaussian_learned",
        sigma=0.5,
    )
    second, generator = building.build(config, seed).train(), torch.Generator().manual_seed(seed)

    def loss(rows: Tensor) -> Tensor:
        distortion, kl = second.terms(codes[rows], None, generator)
        return distortion + kl.sum()

    _fit(second, loss, len(codes), generator)

    def draw(count: int, generator: Generator) -> Tensor:
        with vaes.evaluation(second):
            return sampling.sample(second.decode(sampling.sample(second.prior(), generator, (count,))), generator)

    return draw


def _flow(vae: VAE, codes: Tensor, seed: int) -> Draw:
    size, generator = codes.shape[1], torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        to_noise = flows.spline_flow(ModelConfig(shape=(size,), latent_dim=size, flow_steps=2))

    def density() -> flows.Transformed:
        return flows.Transformed(normals.DiagonalNormal(torch.zeros(size), torch.ones(size)), to_noise().inv)

    _fit(to_noise, lambda rows: -density().log_prob(codes[rows]).mean(), len(codes), generator)

    def draw(count: int, generator: Generator) -> Tensor:
        with torch.no_grad():
            return sampling.sample(density(), generator, (count,))

    return draw


def _code_map_cnn(vae: VAE, codes: Tensor, seed: int) -> Draw:
    posterior, (rows, columns) = vae.posterior, grid_size(vae.config)
    assert isinstance(posterior, posteriors.QuantisedPosterior)
    entries, generator = posterior.codebook.entries.clone(), torch.Generator().manual_seed(seed)
    maps = posterior.codebook.nearest(codes.unflatten(1, (rows * columns, -1))).unflatten(1, (rows, columns))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = pixelcnn.CodeMapCnn(entries, rows, columns)
    _fit(net, lambda some: F.cross_entropy(net(maps[some]), maps[some]), len(maps), generator, MAPS)

    def draw(count: int, generator: Generator) -> Tensor:
        return entries[net.draw(count, generator)].flatten(1)

    return draw


def _fit(
    module: torch.nn.Module, loss: Callable[[Tensor], Tensor], rows: int, generator: Generator, batch: int = BATCH
) -> None:
    epochs = max(1, STEPS // -(-rows // batch))
    optimisers.minimise(module.parameters(), loss, rows, epochs=epochs, batch_size=batch, lr=1e-2, generator=generator)


def _standardised(inner: Fit) -> Fit:
    """The sampler `inner` fitted to standardised codes; its samples are scaled back, and moved onto the sphere or to the codebook."""

    def fit(vae: VAE, codes: Tensor, seed: int) -> Draw:
        centre, spread = codes.mean(0), codes.std(0).clamp(min=1e-6)
        standard = inner(vae, (codes - centre) / spread, seed)

        def draw(count: int, generator: Generator) -> Tensor:
            z = centre + spread * standard(count, generator)
            if vae.config.posterior == "quantised":
                with vaes.evaluation(vae):  # in evaluation mode the codebook is not updated
                    return vae.posterior(z).mean
            return F.normalize(z, dim=1) if vae.config.prior == "sphere" else z

        return draw

    return fit


SAMPLERS: dict[str, Sampler] = {
    "prior": Sampler("Prior", "Kingma and Welling 2014, arXiv:1312.6114", _prior, fitted=False),
    "mixture": Sampler("Mixture of normals", "Ghosh et al. 2020, arXiv:1903.12436, sec. 4", _standardised(_mixture)),
    "two_stage": Sampler("Second VAE", "Dai and Wipf 2019, arXiv:1903.05789", _standardised(_two_stage)),
    "flow": Sampler("Flow", "Durkan et al. 2019, arXiv:1906.04032", _standardised(_flow)),
    "place_by_place": Sampler(
        "Place by place", "van den Oord et al. 2017, arXiv:1711.00937", _code_map_cnn, posterior="quantised"
    ),
}


def fit_sampler(name: str, vae: VAE, mean: Tensor, scale: Tensor, seed: int = 0) -> Draw:
    """The sampler `name`, fitted to one sample of N(mean, scale^2) for each of N images, with `mean` and `scale` (N, L) of q(z|x).

    Raises UserError for an unknown name, a model whose posterior it does not suit, fewer than 10 codes, and where the fit diverges.
    """
    chosen = entry(SAMPLERS, name, Message("sampler"))
    if not chosen.suits(vae.config):
        raise UserError(
            "The sampler '{name}' is for the posterior '{posterior}': choose another one.",
            name=name,
            posterior=chosen.posterior,
        )
    if chosen.fitted and len(mean) < 10:
        raise UserError(
            "The sampler '{name}' needs at least 10 codes to be fitted, not {count}.", name=name, count=len(mean)
        )
    try:
        return chosen.fit(
            vae,
            sampling.sample(normals.DiagonalNormal(mean, scale), torch.Generator().manual_seed(seed)),
            seed,
        )
    except optimisers.Diverged as error:
        raise UserError(
            "The sampler '{name}' could not be fitted to these codes: {error}. Choose another one.",
            name=name,
            error=error,
        ) from None
