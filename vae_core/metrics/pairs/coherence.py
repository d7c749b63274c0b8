"""Coherence: whether the words and the pictures that a model of pairs makes of each other, or of one code, say the same.

What a picture shows is said by a judge, a classifier that was trained apart on real pictures and never saw a made one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from vae_core.distributions.reparameterised_sampling import sample
from vae_core.metrics.confidence_intervals import Estimate, share_of_true
from vae_core.models.pairs.pair_vae import PairVAE
from vae_core.models.vae import evaluation

Judge = Callable[[Tensor], Tensor]  # pictures (B, *shape) -> the words that they show, (B, W)
CHUNK = 1000


@dataclass(frozen=True)
class Agreement:
    """For each of N examples which of its W words are right, (N, W) bool."""

    right: Tensor

    @property
    def all(self) -> Estimate:
        """The share of examples with every word right, with Wilson's 95 % interval."""
        return share_of_true(self.right.all(1))

    @property
    def each(self) -> list[Estimate]:
        """The share of right values of each word."""
        return [share_of_true(word) for word in self.right.unbind(1)]


def words_from_pictures(vae: PairVAE, x: Tensor, y: Tensor) -> Agreement:
    """Whether the most probable words at the mean of q(z|x) are those of the pictures x (N, *shape), y (N, W)."""
    with evaluation(vae):
        read = [vae.decode_words(vae.encode({"picture": part}).mean).mode for part in x.split(CHUNK)]
    return Agreement(torch.cat(read) == y)


def pictures_from_words(vae: PairVAE, y: Tensor, judge: Judge, generator: Generator) -> Agreement:
    """Whether the mean of p(x|z) at a sample z of q(z|y) shows the words y (N, W) to the judge."""
    with evaluation(vae):
        codes = [sample(vae.encode({"words": part}), generator) for part in y.split(CHUNK)]
        shown = [judge(vae.decode(z).mean) for z in codes]
    return Agreement(torch.cat(shown) == y)


@dataclass(frozen=True)
class JointSamples:
    """Pictures and words decoded from the same samples of the prior: whether they agree, and whether the sentence `exists`, (N,)."""

    agreement: Agreement
    exists: Tensor


def joint_samples(
    vae: PairVAE, count: int, judge: Judge, sentences: Sequence[Sequence[int]], generator: Generator
) -> JointSamples:
    """`count` samples z of the prior: the picture that the judge sees in the mean of p(x|z), beside the most probable words.

    `sentences`: those that occur in the data, as indices of words (W,) each.
    """
    known = {tuple(one) for one in sentences}
    with evaluation(vae):
        codes = vae.sample_prior(count, generator)
        words = vae.decode_words(codes).mode
        shown = torch.cat([judge(vae.decode(z).mean) for z in codes.split(CHUNK)])
    exists = torch.tensor([tuple(row) in known for row in words.tolist()])
    return JointSamples(Agreement(shown == words), exists)
