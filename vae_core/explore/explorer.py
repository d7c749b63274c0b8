"""Explorer: a loaded checkpoint with numpy in and numpy out, which threads can share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vae_core import checkpoints
from vae_core.axes.layer_sizes import grid_size
from vae_core.axes.model_size_limit import widest
from vae_core.data import Split, to_input
from vae_core.errors import UserError
from vae_core.explore.importance_bounds import SAMPLES, ImportanceBound, importance_bounds, log_marginal
from vae_core.explore.nearest_codes import Codes
from vae_core.explore.samplers_prior_mixture_flow import fit_sampler
from vae_core.export.kept import kept, kept_array
from vae_core.utils.arrays import Int64
from vae_core.utils.lazy import Lazy, torch, without_gradient

if TYPE_CHECKING:
    from torch import Tensor
    from torch.distributions import Distribution

    from vae_core.explore import attributions, chance, ledger, slopes
    from vae_core.explore.attributions import Attributions
    from vae_core.explore.ledger import Ledger
    from vae_core.export import browser, eight_bit_weights
    from vae_core.export.browser import Exported
    from vae_core.metrics import encoded_split
    from vae_core.models import posteriors
    from vae_core.models.pairs import pair_vae
    from vae_core.models.vae import VAE
    from vae_core.rounded_weights import Rounding
else:
    attributions, chance = Lazy("vae_core.explore.attributions"), Lazy("vae_core.explore.chance")
    ledger, slopes = Lazy("vae_core.explore.ledger"), Lazy("vae_core.explore.slopes")
    browser, eight_bit_weights = Lazy("vae_core.export.browser"), Lazy("vae_core.export.eight_bit_weights")
    encoded_split = Lazy("vae_core.metrics.encoded_split")
    posteriors, pair_vae = Lazy("vae_core.models.posteriors"), Lazy("vae_core.models.pairs.pair_vae")

Images = NDArray[np.float32]
Given = Any  # an input (1, *shape) as a tensor, or the parts of a pair by name
CHUNK = 1000  # images at once: decoding 10,000 in one batch is several times slower
NUMBERS = 2**27  # the most activations of one layer at once, which limits the batch of a wide model
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


class Explorer:
    """A checkpoint in evaluation mode: images (N, *shape) float32 in [0, 1], or points (N, 2); codes (N, L) float32."""

    def __init__(
        self,
        checkpoint: checkpoints.Checkpoint | checkpoints.WithoutNetwork,
        rounded: bool = False,
        known: bool = False,
    ) -> None:
        """`rounded`: with the weights that the browser has. `known`: what is made of it may be `kept`."""
        self.info, self.latents = checkpoint.info, checkpoint.latents
        self._checkpoint, self._rounded, self._known, self._loading = checkpoint, rounded, known, RLock()
        self._chunk = max(1, min(CHUNK, NUMBERS // widest(self.info.run.model)))

    @classmethod
    def open(cls, folder: Path) -> Explorer:
        """Load a checkpoint folder; raises UserError."""
        return cls(checkpoints.load(folder))

    @classmethod
    def for_browser(cls, folder: Path) -> Explorer:
        """The same with the weights that the browser has, see `exported`, and with the network loaded at its first use.

        Raises UserError as `open`: a network that has not been loaded before by this version is loaded at once.
        """
        try:
            model = cls(checkpoints.without_network(folder), rounded=True, known=True)
        except UserError:
            return cls(checkpoints.load(folder), rounded=True)  # which says more exactly what is wrong
        model.parameters  # noqa: B018  counted once for each checkpoint, of its network
        return model

    @cached_property
    def _vae(self) -> VAE:
        # A lock, since cached_property has none from Python 3.12 on. Whoever asks first may have switched gradients off.
        with self._loading, torch.inference_mode(False):
            return self._in_browser[0] if self._rounded else self._network

    @cached_property
    def _network(self) -> VAE:
        return self._checkpoint.vae.eval()

    @cached_property
    def _in_browser(self) -> tuple[VAE, Mapping[str, Rounding]]:
        return eight_bit_weights.in_browser_weights(self._network, self.latents)

    def kept(self, what: str, make: Callable[[], bytes]) -> bytes:
        """What `make` gives of this model, kept on disk for the next start where the model is one of `for_browser`."""
        return kept(self.info, what, make) if self._known else make()

    def kept_array(self, what: str, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """The same for an array of numbers."""
        return kept_array(self.info, what, make) if self._known else make()

    @property
    def shape(self) -> tuple[int, ...]:
        return self.info.run.model.shape

    @property
    def latent_dim(self) -> int:
        return self.info.run.model.latent_dim

    @property
    def conditional(self) -> bool:
        return self.info.run.model.classes > 0

    @property
    def has_density(self) -> bool:
        """Whether q(z|x) has a density; that of a plain autoencoder is a point."""
        return self.info.run.model.posterior != "point"

    @cached_property
    def parameters(self) -> int:
        """How many weights its network has."""
        return int(self.kept("parameters", lambda: str(sum(p.numel() for p in self._network.parameters())).encode()))

    @without_gradient
    def decode(self, z: Codes, label: int | Int64 | None = None) -> Images:
        """The mean of p(x|z) for each code: (N, L) -> (N, *shape)."""
        codes = torch.from_numpy(np.array(z, np.float32))
        labels = self._labels(label, len(codes))
        parts = [
            self._vae.decode(codes[i : i + self._chunk], None if labels is None else labels[i : i + self._chunk]).mean
            for i in range(0, len(codes), self._chunk)
        ]
        return torch.cat(parts).clamp(*self._range()).numpy()

    @without_gradient
    def words(self, z: Codes) -> list[NDArray[np.float32]]:
        """Of a model of pairs: for each word the probability of each of its values at codes z (N, L), (N, values)."""
        assert isinstance(self._vae, pair_vae.PairVAE)
        return [
            part.numpy() for part in self._vae.decode_words(torch.from_numpy(np.array(z, np.float32))).probabilities
        ]

    def most_probable_words(self, z: Codes) -> Int64:
        """Of a model of pairs: the index of the most probable value of each word at codes z (N, L), (N, W)."""
        return np.stack([part.argmax(1) for part in self.words(z)], 1)

    @without_gradient
    def sampled(self, z: Codes, label: int | Int64 | None = None, seed: int = 0) -> Images:
        """A sample of p(x|z) for each code, with one value for each category of a row: (N, L) -> (N, *shape)."""
        codes, labels = torch.from_numpy(np.array(z, np.float32)), self._labels(label, len(z))
        return posteriors.sample(self._vae.decode(codes, labels), torch.Generator().manual_seed(seed)).numpy()

    @without_gradient
    def encode(self, x: NDArray[np.generic], label: int | Int64 | None = None) -> tuple[Codes, Codes]:
        """Mean and standard deviation of q(z|x): (N, *shape) uint8 or float -> two of (N, L)."""
        images, labels = self._input(x), self._labels(label, len(x))
        parts = [
            self._vae.encode(images[i : i + self._chunk], None if labels is None else labels[i : i + self._chunk])
            for i in range(0, len(images), self._chunk)
        ]
        return torch.cat([q.mean for q in parts]).numpy(), torch.cat([q.stddev for q in parts]).numpy()

    @without_gradient
    def posterior(
        self, x: NDArray[np.generic] | None, label: int | None = None, words: Sequence[int] | None = None
    ) -> tuple[Codes, Codes]:
        """Mean and standard deviation of q(z|x) of one image (*shape), (L,) each; of a pair either part may be missing."""
        q = self._vae.encode(self._given(x, words), self._labels(label, 1))
        return q.mean[0].numpy(), q.stddev[0].numpy()

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

    def as_in_browser(self) -> Explorer:
        """The same model with the weights that the browser has: what it says is then what is shown there, see `exported`."""
        return Explorer(self._checkpoint, rounded=True)

    @property
    def runs_in_browser(self) -> bool:
        """Whether a browser can run it; for other models the server decodes."""
        return browser.in_browser(self.info.run.model)

    def exported(self, language: str = "en") -> Exported:
        """Layers and weights for the browser, or the sizes of a model that cannot run there; with columns or words, if any.

        `language` is that of the words beside a picture.
        """
        found = eight_bit_weights.eight_bit_model(*self._in_browser)
        if self.info.columns:
            found.header["columns"] = [column.model_dump(mode="json") for column in self.info.columns]
        if (words := self.info.vocabulary) is not None:
            found.header["vocabulary"] = words.for_browser()
        if self.info.caption is not None:
            found.header["caption"] = self.info.caption.record(language)
        return found

    @property
    def codebook(self) -> Codes | None:
        """The codebook (K, D) of a quantised model, else None."""
        posterior = self._vae.posterior
        return posterior.codebook.entries.numpy() if isinstance(posterior, posteriors.QuantisedPosterior) else None

    def code_map(self, z: Codes) -> Int64:
        """The index of the nearest codebook entry at each position of codes z (..., L), (..., h, w)."""
        posterior = self._vae.posterior
        assert isinstance(posterior, posteriors.QuantisedPosterior)
        parts = np.reshape(z, (*np.shape(z)[:-1], *grid_size(self.info.run.model), -1))
        return posterior.codebook.nearest(torch.from_numpy(parts)).numpy()

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

    def _input(self, x: NDArray[np.generic]) -> Tensor:
        return to_input(torch.from_numpy(np.array(x)), "grey", None).reshape(-1, *self.shape).float()

    def _given(self, x: NDArray[np.generic] | None, words: Sequence[int] | None) -> Given:
        """One input as the model takes it: x (*shape), or the parts of a pair that are there."""
        picture = {} if x is None else {"picture": self._input(x[None])}
        return picture["picture"] if words is None else picture | {"words": torch.tensor([list(words)])}

    def _error(self, reconstruction: Tensor, image: Tensor) -> Images:
        return ((reconstruction - image[0]) * self._vae.likelihood.observed(image)[0]).numpy()

    def _labels(self, label: int | Int64 | None, count: int) -> Tensor | None:
        if not self.conditional:
            return None
        values = np.zeros(count, np.int64) if label is None else np.broadcast_to(np.asarray(label, np.int64), (count,))
        return torch.from_numpy(values.copy())

    def _range(self) -> tuple[float, float]:
        return (0.0, 1.0) if self.info.run.model.kind == "picture" else (-np.inf, np.inf)


def _repeated(given: Given, count: int) -> Given:
    """One input as many times, without a copy."""
    if isinstance(given, torch.Tensor):
        return given.expand(count, *given.shape[1:])
    return {name: part.expand(count, *part.shape[1:]) for name, part in given.items()}
