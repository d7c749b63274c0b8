"""The VAE: encode(x) -> q(z|x), decode(z) -> p(x|z), prior() -> p(z), all of them torch Distributions."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Generator, Tensor, nn
from torch.distributions import Distribution

from vae_core.axes.compatibility import refuse
from vae_core.config import ModelConfig
from vae_core.devices.choice import device_of
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.errors import UserError
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.networks import NETWORKS, classifier, one_hot
from vae_core.models.posteriors import POSTERIORS
from vae_core.models.priors import PRIORS

if TYPE_CHECKING:
    from collections.abc import Iterator


class ForwardPass(NamedTuple):
    """The result of one forward pass of a batch: q(z|x), its sample z (B, L), p(x|z)."""

    q: Distribution
    z: Tensor
    p: Distribution


class VAE(nn.Module):
    """A variational (or plain) autoencoder, made of a network, a posterior, a prior and a likelihood.

    Raises UserError for a combination that cannot work.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        refuse(config)
        self.posterior = POSTERIORS[config.posterior](config)
        self.encoder, self.decoder = NETWORKS[config.network](config, self.posterior.outputs)
        self.prior_module = PRIORS[config.prior](config, self.encode, self.posterior)
        self.likelihood = LIKELIHOODS[config.likelihood](config)
        self.classifier = classifier(config) if config.classifier != "none" else None

    def encode(self, x: Tensor, y: Tensor | None = None) -> Distribution:
        """q(z|x) with batch (B,) and event (L,), for inputs x (B, *shape) and labels y (B,) of a conditional model.

        Here and in every other method, y may also be floats (B, classes), which take the place of the one-hot labels.
        """
        q: Distribution = self.posterior(float32(self.encoder(x, self._condition(x, y))))
        return q

    def decode(self, z: Tensor, y: Tensor | None = None) -> Distribution:
        """p(x|z) with batch (B,) and event `shape`, for codes z (B, L)."""
        p: Distribution = self.likelihood(self._raw(z, y))
        return p

    def classify(self, x: Tensor) -> Tensor:
        """ln q(y|x) of each label, (B, K), for inputs x (B, *shape); raises UserError for a model without a classifier."""
        if self.classifier is None:
            raise UserError("This model has no classifier: train the preset 'm2' or 'm1-m2'.")
        return float32(self.classifier(x)).log_softmax(-1)

    def prior(self) -> Distribution:
        """p(z) with event (L,)."""
        p: Distribution = self.prior_module()
        return p

    def sample_prior(self, count: int, generator: Generator) -> Tensor:
        """Samples of p(z), (count, L)."""
        return sample(self.prior(), generator, (count,))

    def forward(self, x: Tensor, y: Tensor | None = None, generator: Generator | None = None) -> ForwardPass:
        """The forward pass of images x (B, *shape): q(z|x), one sample of it and p(x|z).

        Without a generator the noise depends on `torch.manual_seed`. In training mode a likelihood may update its scale from the batch.
        """
        q = self.encode(x, y)
        z = sample(q, generator or _from_torch_s_seed())
        return ForwardPass(q, z, self.decode_and_observe(x, z, y))

    def kl(self, q: Distribution, z: Tensor) -> Tensor:
        """KL(q(z|x) to p(z)) of each image in nats, by dimension (B, L), or (..., B, 1) where dimensions depend on each other.

        In closed form where there is one, else ln q(z|x) - ln p(z) at samples z (..., B, L); zero where q has no density.
        """
        return self.prior_module.kl(q, z) if self.posterior.has_density else torch.zeros_like(q.mean)

    def terms(self, x: Tensor, y: Tensor | None, generator: Generator) -> tuple[Tensor, Tensor]:
        """The distortion in nats per image, a scalar from one sample of z, and the mean KL of each dimension in nats, (L,).

        The KL is zero where the posterior has no density.
        """
        q, z, p = self.forward(x, y, generator)
        return -p.log_prob(x).mean(), self.kl(q, z).mean(0)

    def log_likelihood(self, x: Tensor, z: Tensor, y: Tensor | None = None) -> Tensor:
        """ln p(x|z) in nats, (K, B), of images x (B, *shape) with K codes each, z (K, B, L)."""
        count = len(z)
        repeated = _repeated(x, count)
        p = self.decode_and_observe(repeated, z.flatten(0, 1), None if y is None else _repeated(y, count))
        log_p: Tensor = p.log_prob(repeated)
        return log_p.reshape(count, -1)

    def reconstruct(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """The mean of p(x|z) at the posterior's mean, (B, *shape), without noise."""
        with evaluation(self):
            return self.decode(self.encode(x, y).mean, y).mean

    def generate(
        self,
        num_samples: int = 16,
        y: Tensor | None = None,
        temperature: float = 1.0,
        generator: Generator | None = None,
    ) -> Tensor:
        """Images (num_samples, *shape): the mean of p(x|z) at samples of the prior.

        `temperature` scales the distance of the samples from the prior's mean. Without y (num_samples,) a conditional model uses each
        label equally often, and without a generator the samples depend on `torch.manual_seed`.
        """
        generator = generator or _from_torch_s_seed()
        with evaluation(self):
            prior = self.prior()
            z = prior.mean + temperature * (sample(prior, generator, (num_samples,)) - prior.mean)
        if self.config.classes and y is None:
            y = torch.arange(num_samples, device=device_of(self)) % self.config.classes
        with evaluation(self):
            return self.decode(z, y).mean

    def log_prob_by_pixel(self, p: Distribution, x: Tensor) -> Tensor:
        """ln p(x|z) in nats by pixel, (B, *shape), or by column of a table, (B, C), of a p that `decode` gave."""
        return self.likelihood.log_prob_of_parts(p, x)

    def init_from_mean(self, mean: Tensor) -> None:
        """Set the decoder's output bias so that the untrained model's p(x|z) has the mean of the data, (*shape)."""
        if self.config.kind == "tokens":
            return  # ids have no mean
        self.prior_module.init_from_mean(mean)
        bias: Tensor = self.decoder.output_bias  # type: ignore[assignment]
        is_for_each_pixel = bias.numel() == self.likelihood.raw_numbers * mean.numel()
        target = mean if is_for_each_pixel else mean.flatten(1).mean(1)
        with torch.no_grad():
            bias.copy_(self.likelihood.raw_from_mean(target).reshape(bias.shape))

    def _raw(self, z: Tensor, y: Tensor | None) -> Tensor:
        return float32(self.decoder(self.posterior.decoder_input(z), self._condition(z, y)))

    def decode_and_observe(self, x: Tensor, z: Tensor, y: Tensor | None) -> Distribution:
        """p(x|z) for codes z (B, L) of the images x; in training mode the likelihood may update its scale from their errors."""
        raw = self._raw(z, y)
        if self.training:
            self.likelihood.observe(raw, x)
        p: Distribution = self.likelihood(raw)
        return p

    def _condition(self, batch: Tensor, y: Tensor | None) -> Tensor | None:
        if not self.config.classes:
            return None
        if y is None:
            raise UserError("This model is conditional: give the label y of each image.")
        return y if y.is_floating_point() else one_hot(y, self.config.classes)


def _from_torch_s_seed() -> Generator:
    """A generator whose seed comes from torch's global one, so that `torch.manual_seed` decides."""
    return Generator().manual_seed(int(torch.randint(2**62, ())))


def _repeated(rows: Tensor, count: int) -> Tensor:
    """The batch (B, ...) repeated `count` times, (count * B, ...)."""
    return rows.repeat(count, *(1 for _ in rows.shape[1:]))


def float32(raw: Tensor) -> Tensor:
    """The output of a network in float32 (or float64), also where it ran in half precision."""
    return raw if raw.dtype == torch.float64 else raw.float()


@contextmanager
def evaluation(vae: nn.Module) -> Iterator[None]:
    """A context with evaluation mode and without gradients; the mode is restored afterwards."""
    was_training = vae.training
    vae.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        vae.train(was_training)
