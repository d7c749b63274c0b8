"""A split of images encoded once: q(z|x) of each, and what figures are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Generator, Tensor
from torch.distributions import Distribution

from vae_core.config import Target
from vae_core.data import Split, to_input
from vae_core.devices.choice import device_of
from vae_core.metrics.confidence_intervals import student_quantile
from vae_core.models.posteriors import sample
from vae_core.models.vae import VAE, evaluation

BATCH = 1000
Batch = tuple[Tensor, Tensor | None]


def batches(vae: VAE, split: Split, target: Target, generator: Generator, size: int = BATCH) -> Iterator[Batch]:
    """The split in batches of at most `size`: model inputs x (B, *shape), and labels (B,) for a conditional model.

    They lie on the model's device.
    """
    for start in range(0, len(split), size):
        yield _batch(vae, split, slice(start, start + size), target, generator)


def _batch(vae: VAE, split: Split, rows: slice, target: Target, generator: Generator) -> Batch:
    device = device_of(vae)
    x = to_input(split.x[rows].to(device), target, generator)
    return x, split.labels[rows].to(device) if vae.config.classes else None


@dataclass(frozen=True)
class Bound:
    """The terms of the ELBO for each image of a split: `distortion` (N,) and `rate` (N,) in nats.

    `kl` (L,) is the mean rate of each dimension, or (1,) where dimensions depend on each other, and `kl_error` (L,) its standard
    error. `rate`, `kl` and `kl_error` are None for a plain autoencoder.
    """

    distortion: Tensor
    rate: Tensor | None
    kl: Tensor | None
    kl_error: Tensor | None

    @property
    def kl_margin(self) -> Tensor | None:
        """Half the width of the 95 % interval of `kl`, (L,), NaN for a single image; it imports scipy where images are few."""
        return None if self.kl_error is None else student_quantile(len(self.distortion) - 1) * self.kl_error

    @property
    def elbo(self) -> Tensor | None:
        """-(distortion + rate) of each image, (N,) nats."""
        return None if self.rate is None else -self.loss

    @property
    def loss(self) -> Tensor:
        """-elbo of each image, or its distortion where there is no rate, (N,) nats."""
        return self.distortion if self.rate is None else self.distortion + self.rate


class Encoded:
    """The images of a split after one pass through the encoder, `size` at a time, with noise that `seed` fixes.

    What is asked for is worked out from that pass when it is first needed, and kept: the model must stay as it is. The model computes
    on its own device; what it gives lies on the cpu, and the noise is the same for every device.
    """

    def __init__(self, vae: VAE, split: Split, target: Target = "grey", seed: int = 0, size: int = BATCH) -> None:
        self.vae, self.split, self.target, self.seed, self.size = vae, split, target, seed, size

    @cached_property
    def _pass(self) -> list[tuple[Tensor, Distribution, Tensor]]:
        """For each batch the state of the noise before it, q(z|x), and one sample z (B, L)."""
        generator, found = Generator().manual_seed(self.seed), []
        before = generator.get_state()
        with evaluation(self.vae):
            for x, y in batches(self.vae, self.split, self.target, generator, self.size):
                q = self.vae.encode(x, y)
                found.append((before, q, sample(q, generator)))
                before = generator.get_state()
        return found

    def inputs(self) -> Iterator[Batch]:
        """The same inputs and labels as were encoded, batch by batch."""
        generator = Generator()
        for number, (before, _, _) in enumerate(self._pass):
            rows = slice(number * self.size, (number + 1) * self.size)
            yield _batch(self.vae, self.split, rows, self.target, generator.set_state(before))

    @property
    def posteriors(self) -> list[Distribution]:
        """q(z|x), a distribution for each batch."""
        return [q for _, q, _ in self._pass]

    @cached_property
    def _means(self) -> list[Tensor]:
        with evaluation(self.vae):
            return [q.mean for q in self.posteriors]

    @cached_property
    def mean(self) -> Tensor:
        """The mean of q(z|x) of each image, (N, L)."""
        return torch.cat(self._means).cpu()

    @cached_property
    def scale(self) -> Tensor:
        """The standard deviations of q(z|x) of each image, (N, L); with flows they take a multiple of the means' time."""
        with evaluation(self.vae):
            return torch.cat([q.stddev for q in self.posteriors]).cpu()

    @cached_property
    def z(self) -> Tensor:
        """One code z ~ q(z|x) for each image, (N, L), whatever the posterior is."""
        return torch.cat([z for _, _, z in self._pass]).cpu()

    @cached_property
    def bound(self) -> Bound:
        """Distortion and rate of each image at `z`; the rate in closed form where there is one."""
        count, distortion, rate, kl, squares = len(self.split), [], [], [], []
        with evaluation(self.vae):
            for (x, y), (_, q, z) in zip(self.inputs(), self._pass, strict=True):
                distortion.append(-self.vae.decode(z, y).log_prob(x).cpu().double())
                if self.vae.posterior.has_density:
                    each = self.vae.kl(q, z).cpu().double()
                    rate.append(each.sum(1))
                    kl.append(each.sum(0))
                    squares.append(each.square().sum(0))
        if not rate:
            return Bound(torch.cat(distortion), None, None, None)
        mean = torch.stack(kl).sum(0) / count
        variance = (torch.stack(squares).sum(0) / count - mean.square()).clamp(min=0) / max(1, count - 1)
        return Bound(torch.cat(distortion), torch.cat(rate), mean, variance.sqrt())

    def reconstructions(self) -> Iterator[tuple[Tensor, Tensor]]:
        """The mean of p(x|z) at each posterior's mean, and the image itself, (B, *shape) each, batch by batch."""
        for (x, y), mean in zip(self.inputs(), self._means, strict=True):
            with evaluation(self.vae):
                made = self.vae.decode(mean, y).mean
            yield made.cpu(), x.cpu()

    @cached_property
    def squared_errors(self) -> Tensor:
        """Mean squared error per pixel of each image's reconstruction, over what is observed of a row, (N,)."""
        return torch.cat([self._squared_error(made, x) for made, x in self.reconstructions()])

    def _squared_error(self, made: Tensor, x: Tensor) -> Tensor:
        observed = self.vae.likelihood.observed(x).flatten(1)
        errors = (made - x).square().flatten(1) * observed
        return errors.sum(1, dtype=torch.double) / observed.sum(1, dtype=torch.double).clamp(min=1)


def posterior_of(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> tuple[Tensor, Tensor]:
    """Means and standard deviations of q(z|x) for all images of a split, (N, L) each."""
    encoded = Encoded(vae, split, target, seed)
    return encoded.mean, encoded.scale


def means_of(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> Tensor:
    """The means of q(z|x) only, (N, L); for a flow posterior this is much faster than `posterior_of`."""
    return Encoded(vae, split, target, seed).mean


def samples_of(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> Tensor:
    """One sample z ~ q(z|x) for each image, (N, L), for any posterior."""
    return Encoded(vae, split, target, seed).z
