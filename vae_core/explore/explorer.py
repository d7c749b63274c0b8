"""Explorer: what is asked of a loaded model about one image, about its codes, and about its prior."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vae_core.data import Split
from vae_core.explore.loaded_model import Given, Images, LoadedModel
from vae_core.explore.nearest_codes import Codes
from vae_core.explore.one_image.importance_bounds import SAMPLES, ImportanceBound, importance_bounds, log_marginal
from vae_core.explore.samplers_prior_mixture_flow import fit_sampler
from vae_core.utils.arrays import Int64
from vae_core.utils.lazy import Lazy, torch, without_gradient

if TYPE_CHECKING:
    from torch import Tensor
    from torch.distributions import Distribution

    from vae_core.explore.one_image import attributions, chance, ledger, slopes
    from vae_core.explore.one_image.attributions import Attributions
    from vae_core.explore.one_image.ledger import Ledger
    from vae_core.metrics import encoded_split
    from vae_core.models import posteriors
else:
    attributions, chance = Lazy("vae_core.explore.one_image.attributions"), Lazy("vae_core.explore.one_image.chance")
    ledger, slopes = Lazy("vae_core.explore.one_image.ledger"), Lazy("vae_core.explore.one_image.slopes")
    encoded_split, posteriors = Lazy("vae_core.metrics.encoded_split"), Lazy("vae_core.models.posteriors")

DRAWS = 64  # samples of z for a mean over the q(z|x) of one image


@dataclass(frozen=True)
class ImageAnalysis:
    """One image under the model: `mean` and `scale` (L,) of q(z|x), the reconstruction, K decoded samples, and the terms in nats.

    `error` is reconstruction - image for each pixel, in [-1, 1], and 0 where a value is missing; None where the picture of a pair is.
    `rate` and `elbo` are None for a plain autoencoder. `codes` (K, L) are those of the samples.
    """

    mean: Codes
    scale: Codes
    reconstruction: Images
    samples: Images
    codes: Codes
    error: Images | None
    distortion: float
    rate: float | None
    kl: NDArray[np.float32]

    @property
    def elbo(self) -> float | None:
        return None if self.rate is None else -(self.distortion + self.rate)


class Explorer(LoadedModel):
    """A checkpoint in evaluation mode: images (N, *shape) float32 in [0, 1], or points (N, 2); codes (N, L) float32."""

    @without_gradient
    def analyse(
        self,
        x: NDArray[np.generic] | None,
        label: int | None = None,
        samples: int = 8,
        seed: int = 0,
        draws: int = DRAWS,
        words: Sequence[int] | None = None,
    ) -> ImageAnalysis:
        """The model's ImageAnalysis of one image x (*shape); the distortion is a mean over `draws` samples of z.

        Of a pair either part may be missing; `words` are the value of each word, and the distortion is that of what is given.
        """
        given, labels = self._given(x, words), self._labels(label, 1)
        generator = torch.Generator().manual_seed(seed)
        q = self._vae.encode(given, labels)
        z = posteriors.sample(q, generator, (draws if self._vae.posterior.has_density else 1,))[:, 0]
        repeated = None if labels is None else labels.expand(len(z))
        p = self._vae.decode(z, repeated)
        kl = self._kl(q, z[:, None])
        reconstruction = self._vae.decode(q.mean, labels).mean[0].clamp(*self._range())
        return ImageAnalysis(
            q.mean[0].numpy(),
            q.stddev[0].numpy(),
            reconstruction.numpy(),
            p.mean[:samples].clamp(*self._range()).numpy(),
            z[:samples].numpy(),
            None if x is None else self._error(reconstruction, self._input(x[None])),
            -p.log_prob(_repeated(given, len(z))).mean().item(),
            kl.sum().item() if self._vae.posterior.has_density else None,
            kl.numpy(),
        )

    @without_gradient
    def losses(self, x: NDArray[np.generic], label: Int64 | None = None, seed: int = 0) -> NDArray[np.float32]:
        """-ELBO of each image (or the distortion, for a plain autoencoder), (N,) nats, one sample of z from `seed`."""
        images, labels = self._input(x), self._labels(label, len(x))
        split = Split(images, torch.zeros(len(x)).long() if labels is None else labels)
        return encoded_split.Encoded(self._vae, split, seed=seed, size=self._chunk).bound.loss.float().numpy()

    @without_gradient
    def terms(
        self,
        x: NDArray[np.generic] | None,
        z: Codes,
        label: int | None = None,
        words: Sequence[int] | None = None,
    ) -> tuple[float, NDArray[np.float32] | None]:
        """-ln p(x|z) of one image (*shape) at the given z (L,), and the KL of q(z|x) by dimension (L,), in nats.

        The KL is None for a plain autoencoder. Of a pair either part may be missing, and both are of what is given.
        """
        given, labels = self._given(x, words), self._labels(label, 1)
        p = self._vae.decode(torch.from_numpy(np.array(z, np.float32))[None], labels)
        distortion = -p.log_prob(given).item()
        if not self._vae.posterior.has_density:
            return distortion, None
        q = self._vae.encode(given, labels)
        return distortion, self._kl(q, posteriors.sample(q, torch.Generator().manual_seed(0), (DRAWS,))).numpy()

    def slopes(self, z: Codes, dimensions: Sequence[int], label: int | None = None) -> Images:
        """How fast the mean of p(x|z) changes with each of `dimensions` at z (L,): (N, *shape) per unit of z."""
        code = torch.from_numpy(np.array(z, np.float32))[None]
        return slopes.slopes(self._vae, code, self._labels(label, 1), dimensions).numpy()

    def attributions(self, x: Images, baseline: Images, dimension: int, label: int | None = None) -> Attributions:
        """Which pixels of x (*shape) a number of its code depends on, relative to the `baseline` (*shape)."""
        given, other = self._input(x[None]), self._input(baseline[None])
        return attributions.attributions(self._vae, given, other, self._labels(label, 1), dimension)

    def ledger(self, x: NDArray[np.generic], label: int | None = None) -> Ledger:
        """Distortion by pixel and rate by number of the code of one image x (*shape), in nats."""
        return ledger.ledger(self._vae, self._input(x[None]), self._labels(label, 1))

    def bounds(
        self, x: NDArray[np.generic], label: int | None = None, seed: int = 0
    ) -> tuple[list[ImportanceBound], float | None]:
        """The bounds of ln p(x) of one image x (*shape) by k importance samples, and ln p(x) where it can be integrated, in nats."""
        return self.sampled_bounds(x, label, seed), log_marginal(
            self._vae, self._input(x[None]), self._labels(label, 1)
        )

    def sampled_bounds(
        self, x: NDArray[np.generic], label: int | None = None, seed: int = 0, samples: int = SAMPLES
    ) -> list[ImportanceBound]:
        """The bounds alone, from so many samples of z."""
        return importance_bounds(self._vae, self._input(x[None]), self._labels(label, 1), samples, seed)

    def distortion_gradient(self, x: NDArray[np.generic], reparameterised: bool) -> float:
        """How much of the distortion's gradient reaches q(z|x), with images x (N, *shape); see `chance`."""
        return chance.distortion_gradient(self._vae, self._input(x), self._labels(None, len(x)), reparameterised)

    @without_gradient
    def log_joint(self, x: NDArray[np.generic], z: Codes, label: int | None = None) -> NDArray[np.float32]:
        """ln p(x|z) + ln p(z) in nats of one image (*shape) at each code z (K, L), (K,)."""
        image, codes, parts = self._input(x[None]), torch.from_numpy(np.array(z, np.float32)), []
        for some in codes.split(self._chunk):
            p = self._vae.decode(some, self._labels(label, len(some)))
            parts.append(p.log_prob(image.expand(len(some), *self.shape)) + self._vae.prior().log_prob(some))
        return torch.cat(parts).numpy()

    def _kl(self, q: Distribution, z: Tensor) -> Tensor:
        """The KL of one image's q(z|x) by dimension, (L,): in closed form, else a mean over samples z (K, 1, L)."""
        return self._vae.kl(q, z).flatten(0, -2).mean(0)

    def rates(self) -> NDArray[np.float32]:
        """The mean KL of each dimension on the test split, (L,) nats; for a plain autoencoder the variance of each dimension.

        For a normal posterior and prior this is the KL to N(0, I). Otherwise the measured rate is divided among the dimensions in
        proportion to that KL, or equally for a codebook.
        """
        mean, scale = self.latents.mean, self.latents.scale
        if not self.has_density:
            return np.asarray(mean.var(0))
        shares: NDArray[np.float32] = (0.5 * (mean**2 + scale**2 - 1) - np.log(np.maximum(scale, 1e-12))).mean(0)
        if self.info.run.model.posterior == "quantised":
            shares = np.ones_like(shares)
        model = self.info.run.model
        if model.posterior == model.prior == "normal":
            return shares
        rate = self.info.figures["rate"]
        assert isinstance(rate, int | float)
        return np.asarray(shares * np.float32(rate / max(shares.sum(), 1e-12)))

    def order(self) -> list[int]:
        """Indices of the dimensions by falling rate; equal rates, as with a codebook, by falling variance of the means."""
        return [int(i) for i in np.lexsort((-self.latents.mean.var(0), -self.rates()))]

    def prior_samples(self, count: int, seed: int, temperature: float = 1.0) -> Codes:
        """Samples (count, L) of the prior, scaled by `temperature`; for a plain autoencoder of a normal fitted to its codes."""
        if self.info.run.model.prior != "normal":
            return self._learnt_samples(count, seed, temperature)
        noise = np.random.default_rng(seed).standard_normal((count, self.latent_dim)).astype(np.float32) * np.float32(
            temperature
        )
        if self.has_density:
            return noise
        return np.asarray(self.latents.mean.mean(0) + self.latents.mean.std(0) * noise)

    @without_gradient
    def _learnt_samples(self, count: int, seed: int, temperature: float) -> Codes:
        prior = self._vae.prior()
        z = posteriors.sample(prior, torch.Generator().manual_seed(seed), (count,))
        return (prior.mean + temperature * (z - prior.mean)).numpy()

    def sampler(self, name: str, seed: int = 0) -> Callable[[int, int], Codes]:
        """A function (count, seed) -> codes (count, L): the sampler `name` of SAMPLERS, fitted to the codes of the test split."""
        mean, scale = (torch.from_numpy(part) for part in (self.latents.mean, self.latents.scale))
        draw = fit_sampler(name, self._vae, mean, scale, seed)
        return lambda count, seed: draw(count, torch.Generator().manual_seed(seed)).numpy()

    def _error(self, reconstruction: Tensor, image: Tensor) -> Images:
        return ((reconstruction - image[0]) * self._vae.likelihood.observed(image)[0]).numpy()


def _repeated(given: Given, count: int) -> Given:
    """One input as many times, without a copy."""
    if isinstance(given, torch.Tensor):
        return given.expand(count, *given.shape[1:])
    return {name: part.expand(count, *part.shape[1:]) for name, part in given.items()}
