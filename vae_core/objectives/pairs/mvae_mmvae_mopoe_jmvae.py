"""MVAE, MMVAE, MoPoE and JMVAE: which q(z|S) of a picture and its words the loss draws from, and what its code must explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import StepContext, Terms
from vae_core.objectives.pairs.base import PairObjective, read, terms
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    import torch
    from torch import Generator, Tensor
    from torch import distributions as torch_distributions
    from torch.distributions import Distribution

    from vae_core.devices import noise as draws
    from vae_core.distributions import normal_and_point, reparameterised_sampling
    from vae_core.models.vae import VAE
else:
    torch, torch_distributions = Lazy("torch"), Lazy("torch.distributions")
    draws, normal_and_point, reparameterised_sampling = (
        Lazy("vae_core.devices.noise"),
        Lazy("vae_core.distributions.normal_and_point"),
        Lazy("vae_core.distributions.reparameterised_sampling"),
    )


Sets = Literal["all", "single", "full"]
Density = Literal["set", "mixture"]
DENSITY: dict[str, Any] = {
    "title": "Density",
    "description": "set: each set pays its own KL, in closed form; mixture: the mixture's density at the sample, a tighter bound.",
}
AT_RANDOM: dict[str, Any] = {
    "title": "One set an example",
    "description": "Draw the code of each example from one set of parts, chosen at random, rather than one code of each set.",
}


class Mvae(PairObjective):
    """MVAE: -ELBO of both parts by the product of their posteriors, plus -ELBO of each part alone (Wu and Goodman 2018, eq. 5).

    arXiv:1802.05335. A code of the words alone is never asked for the picture, so its pictures are poor.
    """

    name: Literal["mvae"] = "mvae"
    alone: bool = Field(
        True,
        title="Each part alone",
        description="Add the bound of each part by its own posterior, without which a single part is never encoded.",
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of pictures x (B, C, H, W) with words y (B, W)."""
        pairs, parts = read(vae, x, y)
        posteriors = pairs.posteriors(parts)
        both = tuple(parts)
        loss = torch.zeros(())
        for names in posteriors if self.alone else [both]:
            q = posteriors[names]
            z = reparameterised_sampling.sample(q, context.noise)
            log_probs = pairs.log_probs({name: parts[name] for name in names}, z)
            kl = pairs.kl(q, z)
            loss = loss + (self.weighted(log_probs) + kl.sum(1)).mean()
        return terms(loss, log_probs["picture"], kl.mean(0))  # of the last set, which is both


class Mixture(PairObjective):
    """-ELBO of both parts by a mixture of the posteriors q(z|S) of several sets S of parts, each of which must explain all parts.

    The mixture is in the loss alone: the model's q(z|S) is a normal for every S. Its sample is stratified: one code of each set, or of
    one set an example, chosen at random.
    """

    density: Density = Field("set", **DENSITY)
    at_random: bool = Field(True, **AT_RANDOM)

    def mixture_terms(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext, sets: Sets) -> Terms:
        """Terms of pictures x (B, C, H, W) with words y (B, W), by the posteriors of these sets."""
        pairs, parts = read(vae, x, y)
        wanted = {"all": range(1, len(parts) + 1), "single": (1,), "full": (len(parts),)}[sets]
        chosen = [q for names, q in pairs.posteriors(parts).items() if len(names) in wanted]
        drawn = [_one_each(chosen, context.noise)] if self.at_random else chosen
        losses, pictures, kls = [], [], []
        for q in drawn:
            z = reparameterised_sampling.sample(q, context.noise)
            log_probs, kl = pairs.log_probs(parts, z), pairs.kl(q, z)
            rate = kl.sum(1) if self.density == "set" else _log_mixture(chosen, z) - pairs.prior().log_prob(z)
            losses.append((self.weighted(log_probs) + rate).mean())
            pictures.append(log_probs["picture"])
            kls.append(kl.mean(0))
        return terms(torch.stack(losses).mean(), torch.cat(pictures), torch.stack(kls).mean(0))


class Mmvae(Mixture):
    """MMVAE: the mixture of the posteriors of each part alone (Shi et al. 2019, arXiv:1911.03393, sec. 3, with one sample of each)."""

    name: Literal["mmvae"] = "mmvae"
    density: Density = Field("mixture", **DENSITY)
    at_random: bool = Field(False, **AT_RANDOM)

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of pictures x (B, C, H, W) with words y (B, W)."""
        return self.mixture_terms(vae, x, y, context, "single")


class Mopoe(Mixture):
    """MoPoE-VAE: the mixture of the products of experts of every set of parts (Sutter et al. 2021, arXiv:2105.02470, eq. 6, 7)."""

    name: Literal["mopoe"] = "mopoe"
    sets: Sets = Field(
        "all",
        title="Sets",
        description="all: every set of parts; single: each part alone, as in MMVAE; full: both parts together.",
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of pictures x (B, C, H, W) with words y (B, W)."""
        return self.mixture_terms(vae, x, y, context, self.sets)


class Jmvae(PairObjective):
    """JMVAE-kl: -ELBO by a network of both parts, plus alpha times its KL to the posterior of each part (Suzuki et al. 2017, eq. 8).

    arXiv:1611.01891.
    """

    joint_posterior: ClassVar = "network"
    dial: ClassVar = "alpha"
    name: Literal["jmvae"] = "jmvae"
    alpha: float = Field(
        0.1,
        gt=0,
        le=1e6,
        title="Alpha",
        description="Weight of the KL from q(z) given both parts to that given each part.",
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of pictures x (B, C, H, W) with words y (B, W)."""
        pairs, parts = read(vae, x, y)
        *single, both = pairs.posteriors(parts).values()
        z = reparameterised_sampling.sample(both, context.noise)
        log_probs, kl = pairs.log_probs(parts, z), pairs.kl(both, z)
        apart = torch.stack([torch_distributions.kl_divergence(both, q) for q in single]).sum(0)
        loss = (self.weighted(log_probs) + kl.sum(1) + self.alpha * apart).mean()
        return terms(loss, log_probs["picture"], kl.mean(0))


def _one_each(posteriors: list[Distribution], noise: Generator) -> Distribution:
    """For each example the posterior of one of the sets, chosen at random."""
    mean, scale = (torch.stack([getattr(q, name) for q in posteriors]) for name in ("mean", "stddev"))  # (S, B, L)
    rows = torch.arange(mean.shape[1], device=mean.device)
    which = draws.whole(len(mean), (len(rows),), mean, noise, 0)
    return normal_and_point.DiagonalNormal(mean[which, rows], scale[which, rows])


def _log_mixture(posteriors: list[Distribution], z: Tensor) -> Tensor:
    """The log-density of the mixture of all sets with equal weights at z (B, L), (B,)."""
    return torch.stack([q.log_prob(z) for q in posteriors]).logsumexp(0) - torch.tensor(float(len(posteriors))).log()
