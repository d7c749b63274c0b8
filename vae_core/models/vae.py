"""The model: encode(x) -> q(z|x), decode(z) -> p(x|z), prior() -> p(z), all torch Distributions."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Generator, Tensor, nn
from torch.distributions import Distribution

from vae_core.config import ModelConfig
from vae_core.distributions.base import sample
from vae_core.errors import UserError
from vae_core.models.compatibility import check, entry
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.networks import NETWORKS, classifier, one_hot
from vae_core.models.posteriors import POSTERIORS
from vae_core.models.priors import PRIORS

if TYPE_CHECKING:
    from collections.abc import Iterator


class ForwardPass(NamedTuple):
    """One pass of a batch: q(z|x), its sample z (B, L), p(x|z)."""

    q: Distribution
    z: Tensor
    p: Distribution


class VAE(nn.Module):
    """A variational (or plain) autoencoder at one point of the axes.

    Raises UserError for a combination that cannot work.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
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
        return self.posterior(_float32(self.encoder(x, self._condition(x, y))))

    def decode(self, z: Tensor, y: Tensor | None = None) -> Distribution:
        """p(x|z) with batch (B,) and event `shape`, for codes z (B, L)."""
        return self.likelihood(self._raw(z, y))

    def classify(self, x: Tensor) -> Tensor:
        """ln q(y|x) of each label, (B, K), for inputs x (B, *shape); raises UserError for a model without a classifier."""
        if self.classifier is None:
            raise UserError("This model has no classifier: train the preset 'm2' or 'm1-m2'.")
        return _float32(self.classifier(x)).log_softmax(-1)

    def prior(self) -> Distribution:
        """p(z) with event (L,)."""
        return self.prior_module()

    def sample_prior(self, count: int, generator: Generator) -> Tensor:
        """Samples of p(z), (count, L)."""
        return sample(self.prior(), generator, (count,))

    def forward(self, x: Tensor, y: Tensor | None, generator: Generator) -> ForwardPass:
        """One pass of images x (B, *shape): q(z|x), one sample of it and p(x|z).

        This is the training step: a likelihood may learn its scale from it.
        """
        q = self.encode(x, y)
        z = sample(q, generator)
        return ForwardPass(q, z, self.decode_and_observe(x, z, y))

    def kl(self, q: Distribution, z: Tensor) -> Tensor:
        """What each image's code costs in nats: (B, L), by dimension, or (..., B, 1) where dimensions are tied together.

        In closed form where there is one, else ln q(z|x) - ln p(z) at samples z (..., B, L); zero where q has no density.
        """
        return self.prior_module.kl(q, z) if self.posterior.has_density else torch.zeros_like(q.mean)

    def terms(self, x: Tensor, y: Tensor | None, generator: Generator) -> tuple[Tensor, Tensor]:
        """Distortion, a scalar in nats per image with one sample of z, and the mean KL of each dimension (L,).

        The KL is zero where the posterior has no density.
        """
        q, z, p = self.forward(x, y, generator)
        return -p.log_prob(x).mean(), self.kl(q, z).mean(0)

    def log_likelihood(self, x: Tensor, z: Tensor, y: Tensor | None = None) -> Tensor:
        """ln p(x|z) of images x (B, *shape) under K codes each, z (K, B, L): (K, B) nats."""
        count = len(z)
        repeated = _repeated(x, count)
        p = self.decode_and_observe(repeated, z.flatten(0, 1), None if y is None else _repeated(y, count))
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

    def init_from_mean(self, mean: Tensor) -> None:
        """Set the decoder's output bias so that an untrained model already says the data's mean (*shape)."""
        self.prior_module.init_from_mean(mean)
        bias: Tensor = self.decoder.output_bias  # type: ignore[assignment]
        target = mean if bias.numel() == mean.numel() else mean.flatten(1).mean(1)
        with torch.no_grad():
            bias.copy_(self.likelihood.raw_from_mean(target).reshape(bias.shape))

    def _raw(self, z: Tensor, y: Tensor | None) -> Tensor:
        return _float32(self.decoder(self.posterior.decoder_input(z), self._condition(z, y)))

    def decode_and_observe(self, x: Tensor, z: Tensor, y: Tensor | None) -> Distribution:
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


def _float32(raw: Tensor) -> Tensor:
    """Half precision ends where a network ends."""
    return raw if raw.dtype == torch.float64 else raw.float()


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
