"""A loaded checkpoint with numpy in and numpy out, which threads can share: it encodes, decodes, and goes to the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from vae_core import checkpoints
from vae_core.axes.layer_sizes import grid_size
from vae_core.axes.model_size_limit import widest
from vae_core.data import to_input
from vae_core.errors import UserError
from vae_core.explore.nearest_codes import Codes
from vae_core.export.kept import kept, kept_array
from vae_core.utils.arrays import Int64
from vae_core.utils.lazy import Lazy, torch, without_gradient

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.export import browser, eight_bit_weights
    from vae_core.export.browser import Exported
    from vae_core.models import posteriors
    from vae_core.models.pairs import pair_vae
    from vae_core.models.vae import VAE
    from vae_core.rounded_weights import Rounding
else:
    browser, eight_bit_weights = Lazy("vae_core.export.browser"), Lazy("vae_core.export.eight_bit_weights")
    posteriors, pair_vae = Lazy("vae_core.models.posteriors"), Lazy("vae_core.models.pairs.pair_vae")

Images = NDArray[np.float32]
Given = Any  # an input (1, *shape) as a tensor, or the parts of a pair by name
CHUNK = 1000  # images at once: decoding 10,000 in one batch is several times slower
NUMBERS = 2**27  # the most activations of one layer at once, which limits the batch of a wide model


class LoadedModel:
    """A checkpoint's network, loaded when it is first needed, and how it is called."""

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
    def open(cls, folder: Path) -> Self:
        """Load a checkpoint folder; raises UserError."""
        return cls(checkpoints.load(folder))

    @classmethod
    def for_browser(cls, folder: Path) -> Self:
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

    def as_in_browser(self) -> Self:
        """The same model with the weights that the browser has: what it says is then what is shown there, see `exported`."""
        return type(self)(self._checkpoint, rounded=True)

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

    def _input(self, x: NDArray[np.generic]) -> Tensor:
        return to_input(torch.from_numpy(np.array(x)), "grey", None).reshape(-1, *self.shape).float()

    def _given(self, x: NDArray[np.generic] | None, words: Sequence[int] | None) -> Given:
        """One input as the model takes it: x (*shape), or the parts of a pair that are there."""
        picture = {} if x is None else {"picture": self._input(x[None])}
        return picture["picture"] if words is None else picture | {"words": torch.tensor([list(words)])}

    def _labels(self, label: int | Int64 | None, count: int) -> Tensor | None:
        if not self.conditional:
            return None
        values = np.zeros(count, np.int64) if label is None else np.broadcast_to(np.asarray(label, np.int64), (count,))
        return torch.from_numpy(values.copy())

    def _range(self) -> tuple[float, float]:
        return (0.0, 1.0) if self.info.run.model.kind == "picture" else (-np.inf, np.inf)
