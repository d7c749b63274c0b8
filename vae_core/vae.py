"""The model: encode(x) -> q(z|x), decode(z) -> p(x|z), prior() -> p(z), all torch Distributions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

import torch
from torch import Generator, Tensor, nn
from torch.distributions import Distribution

from vae_core.codes import sample
from vae_core.config import ModelConfig
from vae_core.errors import UserError
from vae_core.likelihoods import LIKELIHOODS
from vae_core.networks import NETWORKS, classifier, one_hot, places
from vae_core.posteriors import POSTERIORS
from vae_core.priors import PRIORS
from vae_core.sizes import refuse_too_large

if TYPE_CHECKING:
    from collections.abc import Iterator

Entry = TypeVar("Entry")


def entry(registry: Mapping[str, Entry], name: str, axis: str) -> Entry:
    """The registry's entry; raises UserError with the known names for an unknown one."""
    if name not in registry:
        raise UserError(f"There is no {axis} '{name}'; known are {', '.join(registry)}.")
    return registry[name]


class Look(NamedTuple):
    """One pass of a batch: q(z|x), its sample z (B, L), p(x|z)."""

    q: Distribution
    z: Tensor
    p: Distribution


class VAE(nn.Module):
    """A variational (or plain) autoencoder at one point of the axes.

    Either from a configuration, `VAE(config)`, or in the words of tutorials:
    `VAE(in_channels=1, latent_dim=10, hidden_dims=[32, 64, 128])` is convolutional,
    `VAE(latent_dim=10, encoder_dims=[256, 128], decoder_dims=[128, 256])` is dense; `image_size` is 28 unless given.
    Raises UserError for a combination that cannot work.
    """

    def __init__(
        self,
        config: ModelConfig | None = None,
        *,
        latent_dim: int = 2,
        in_channels: int = 1,
        image_size: int | tuple[int, int] = 28,
        hidden_dims: Sequence[int] | None = None,
        encoder_dims: Sequence[int] | None = None,
        decoder_dims: Sequence[int] | None = None,
        **axes: Any,
    ) -> None:
        super().__init__()
        if config is None:
            if hidden_dims is not None and encoder_dims is not None:
                raise UserError(
                    "Give hidden_dims for a convolutional network or encoder_dims for a dense one, not both."
                )
            sides = (image_size, image_size) if isinstance(image_size, int) else tuple(image_size)
            convolutional = hidden_dims is not None
            config = ModelConfig(
                shape=(in_channels, *sides),
                latent_dim=latent_dim,
                network="conv" if convolutional else "mlp",
                hidden=tuple(hidden_dims or encoder_dims or ModelConfig().hidden),
                decoder_hidden=None if decoder_dims is None else tuple(decoder_dims),
                **axes,
            )
        self.config = config
        check(config)
        network = entry(NETWORKS, config.network, "network")
        self.posterior = POSTERIORS[config.posterior](config)
        self.encoder, self.decoder = network(config, self.posterior.outputs)
        self.prior_module = PRIORS[config.prior](config, self.encode, self.posterior)
        self.likelihood = LIKELIHOODS[config.likelihood](config)
        self.classifier = classifier(config) if config.classifier != "none" else None

    def encode(self, x: Tensor, y: Tensor | None = None) -> Distribution:
        """q(z|x) with batch (B,) and event (L,), for inputs x (B, *shape) and labels y (B,) of a conditional model.

        Here and wherever a label is asked for, y may also be any numbers (B, classes) that the model is to be told.
        """
        return self.posterior(_full(self.encoder(x, self._condition(x, y))))

    def decode(self, z: Tensor, y: Tensor | None = None) -> Distribution:
        """p(x|z) with batch (B,) and event `shape`, for codes z (B, L)."""
        return self.likelihood(self._raw(z, y))

    def classify(self, x: Tensor) -> Tensor:
        """ln q(y|x) of each label, (B, K), for inputs x (B, *shape); raises UserError for a model without a classifier."""
        if self.classifier is None:
            raise UserError("This model has no classifier: train the preset 'm2' or 'm1-m2'.")
        return _full(self.classifier(x)).log_softmax(-1)

    def prior(self) -> Distribution:
        """p(z) with event (L,)."""
        return self.prior_module()

    def codes(self, count: int, generator: Generator) -> Tensor:
        """Samples of p(z), (count, L)."""
        return sample(self.prior(), generator, (count,))

    def look(self, x: Tensor, y: Tensor | None, generator: Generator) -> Look:
        """One pass of images x (B, *shape): q(z|x), one sample of it and p(x|z).

        This is the training step: a likelihood may learn its scale from it.
        """
        q = self.encode(x, y)
        z = sample(q, generator)
        return Look(q, z, self.compared(x, z, y))

    def kl(self, q: Distribution, z: Tensor) -> Tensor:
        """What each image's code costs in nats: (B, L), by dimension, or (..., B, 1) where dimensions are tied together.

        In closed form where there is one, else ln q(z|x) - ln p(z) at samples z (..., B, L); zero where q has no density.
        """
        return self.prior_module.kl(q, z) if self.posterior.has_density else torch.zeros_like(q.mean)

    def terms(self, x: Tensor, y: Tensor | None, generator: Generator) -> tuple[Tensor, Tensor]:
        """Distortion, a scalar in nats per image with one sample of z, and the mean KL of each dimension (L,).

        The KL is zero where the posterior has no density.
        """
        q, z, p = self.look(x, y, generator)
        return -p.log_prob(x).mean(), self.kl(q, z).mean(0)

    def log_likelihood(self, x: Tensor, z: Tensor, y: Tensor | None = None) -> Tensor:
        """ln p(x|z) of images x (B, *shape) under K codes each, z (K, B, L): (K, B) nats."""
        count = len(z)
        repeated = _repeated(x, count)
        p = self.compared(repeated, z.flatten(0, 1), None if y is None else _repeated(y, count))
        return p.log_prob(repeated).unflatten(0, (count, -1))

    def reconstruct(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """The mean of p(x|z) at the posterior's mean, (B, *shape): the same each time it is asked for."""
        with evaluation(self):
            return self.decode(self.encode(x, y).mean, y).mean

    def generate(
        self,
        num_samples: int = 16,
        y: Tensor | None = None,
        temperature: float = 1.0,
        generator: Generator | None = None,
    ) -> Tensor:
        """Pictures (num_samples, *shape) decoded from the prior, their distance from its mean times `temperature`.

        A conditional model draws labels evenly unless y (num_samples,) says which.
        """
        generator = generator or torch.Generator().manual_seed(torch.seed())
        with evaluation(self):
            prior = self.prior()
            z = prior.mean + temperature * (sample(prior, generator, (num_samples,)) - prior.mean)
        if self.config.classes and y is None:
            y = torch.arange(num_samples) % self.config.classes
        with evaluation(self):
            return self.decode(z, y).mean

    def fit(self, data: Any, **settings: Any) -> Self:
        """Train on a loader, a tensor or a numpy array of images in [0, 1] (or uint8); settings are TrainConfig's fields.

        Raises UserError when the images do not fit the model, or the training fails.
        """
        from vae_core.training import fit_arrays  # upward, and only when asked for: the short interface of tutorials

        fit_arrays(self, data, **settings)
        return self

    def start_at(self, mean: Tensor) -> None:
        """Set the decoder's output bias so that an untrained model already says the data's mean (*shape)."""
        self.prior_module.start_at(mean)
        bias: Tensor = self.decoder.output_bias  # type: ignore[assignment]
        target = mean if bias.numel() == mean.numel() else mean.flatten(1).mean(1)
        with torch.no_grad():
            bias.copy_(self.likelihood.raw_of(target).reshape(bias.shape))

    def _raw(self, z: Tensor, y: Tensor | None) -> Tensor:
        return _full(self.decoder(self.posterior.seen(z), self._condition(z, y)))

    def compared(self, x: Tensor, z: Tensor, y: Tensor | None) -> Distribution:
        """p(x|z) of codes z (B, L) whose images are x: while training the likelihood may learn its scale from both."""
        raw = self._raw(z, y)
        if self.training:
            self.likelihood.observe(raw, x)
        return self.likelihood(raw)

    def _condition(self, batch: Tensor, y: Tensor | None) -> Tensor | None:
        if not self.config.classes:
            return None
        if y is None:
            raise UserError("This model is conditional: give the label y of each image.")
        return y if y.is_floating_point() else one_hot(y, self.config.classes)


def _repeated(rows: Tensor, count: int) -> Tensor:
    """Rows (B, ...) once after the other `count` times, (count * B, ...)."""
    return rows.repeat(count, *(1 for _ in rows.shape[1:]))


def _full(raw: Tensor) -> Tensor:
    """Half precision ends where a network ends."""
    return raw if raw.dtype == torch.float64 else raw.float()


def check(config: ModelConfig) -> None:
    """Raises UserError, with what to do, for axes that do not go together."""
    likelihood = entry(LIKELIHOODS, config.likelihood, "likelihood")
    entry(POSTERIORS, config.posterior, "posterior")
    entry(PRIORS, config.prior, "prior")
    for posterior, prior in (("von_mises_fisher", "sphere"), ("discrete", "discrete"), ("quantised", "codebook")):
        if (config.posterior == posterior) != (config.prior == prior):
            raise UserError(f"The posterior '{posterior}' and the prior '{prior}' go together: choose both or neither.")
    if config.posterior == "discrete" and config.latent_dim < config.discrete * config.categories:
        raise UserError(
            f"{config.discrete} choices of {config.categories} values need a code of {config.discrete * config.categories} numbers "
            f"or more, not {config.latent_dim}: set latent_dim."
        )
    if config.posterior == "quantised" and config.latent_dim % config.discrete:
        raise UserError(
            f"A code of {config.latent_dim} numbers cannot be parted into {config.discrete} entries of a codebook."
        )
    if config.posterior == "quantised" and config.discrete != math.prod(size := places(config)):
        raise UserError(
            f"The network 'grid' has {size[0]}x{size[1]} places here, each with an entry of its own: set discrete to {math.prod(size)}."
        )
    if config.first and config.classifier == "none":
        raise UserError("A model of another model's codes is told labels and guesses them: choose classifier='mlp'.")
    if config.classifier != "none" and not config.classes:
        raise UserError("A classifier needs labels: set classes to how many there are.")
    if config.posterior == "ladder" and config.prior != "two_levels":
        raise UserError("The posterior 'ladder' climbs down the prior's two levels: choose prior='two_levels'.")
    if config.prior == "two_levels" and config.latent_dim < 2:
        raise UserError("A code of two levels needs at least two numbers: set latent_dim to 2 or more.")
    if config.prior == "sphere" and config.latent_dim < 2:
        raise UserError("A sphere needs at least two dimensions: set latent_dim to 2 or more.")
    if config.posterior == "point" and config.prior != "normal":
        raise UserError("A point posterior gives a prior nothing to learn from: choose prior='normal'.")
    if config.prior == "vamp" and (config.posterior != "normal" or config.classes):
        raise UserError("The prior 'vamp' is made of normal posteriors without labels: choose prior='mixture'.")
    if len(config.shape) == 2:
        raise UserError("shape: give (channels, height, width) for pictures or (2,) for points.")
    if config.is_points and likelihood.unit_interval:
        raise UserError(
            f"The likelihood '{config.likelihood}' is for pixels in [0, 1]; for points choose likelihood='gaussian_learned'."
        )


def build(config: ModelConfig, seed: int | None = None) -> VAE:
    """The model at a point of the axes, its first weights fixed by `seed`.

    Raises UserError, before anything runs, for a point that cannot work.
    """
    from vae_core.stacked import Stacked  # upward: it is made of two VAEs

    check(config)
    entry(NETWORKS, config.network, "network")
    refuse_too_large(config)
    with torch.random.fork_rng(devices=[], enabled=seed is not None):
        if seed is not None:
            torch.manual_seed(seed)
        return (Stacked if config.first else VAE)(config)


@contextmanager
def evaluation(vae: nn.Module) -> Iterator[None]:
    """Evaluation mode without gradients, and the mode of before afterwards."""
    was_training = vae.training
    vae.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        vae.train(was_training)
