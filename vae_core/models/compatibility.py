"""Which settings of a model can be combined: unknown names and combinations that cannot work are refused."""

import math
from collections.abc import Mapping
from typing import TypeVar

from vae_core.config import ModelConfig
from vae_core.errors import UserError
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.networks import grid_size
from vae_core.models.posteriors import POSTERIORS
from vae_core.models.priors import PRIORS

Entry = TypeVar("Entry")


def entry(registry: Mapping[str, Entry], name: str, axis: str) -> Entry:
    """The registry's entry; raises UserError with the known names for an unknown one."""
    if name not in registry:
        raise UserError(f"There is no {axis} '{name}'; known are {', '.join(registry)}.")
    return registry[name]


def check(config: ModelConfig) -> None:
    """Raises UserError, saying what to change, for settings that cannot be combined."""
    likelihood = entry(LIKELIHOODS, config.likelihood, "likelihood")
    entry(POSTERIORS, config.posterior, "posterior")
    entry(PRIORS, config.prior, "prior")
    for posterior, prior in (("von_mises_fisher", "sphere"), ("discrete", "discrete"), ("quantised", "codebook")):
        if (config.posterior == posterior) != (config.prior == prior):
            raise UserError(f"The posterior '{posterior}' and the prior '{prior}' go together: choose both or neither.")
    if config.posterior == "discrete" and config.latent_dim < config.discrete * config.categories:
        raise UserError(
            f"{config.discrete} choices of {config.categories} values need a code of {config.discrete * config.categories} dimensions "
            f"or more, not {config.latent_dim}: set latent_dim."
        )
    if config.posterior == "quantised" and config.latent_dim % config.discrete:
        raise UserError(
            f"A code of {config.latent_dim} dimensions cannot be split into {config.discrete} codebook entries of equal length."
        )
    if config.posterior == "quantised" and config.discrete != math.prod(size := grid_size(config)):
        raise UserError(
            f"The network 'grid' has a code of {size[0]}x{size[1]} codebook entries here: set discrete to {math.prod(size)}."
        )
    if config.first and config.classifier == "none":
        raise UserError("M1+M2 needs a classifier of labels: choose classifier='mlp'.")
    if config.classifier != "none" and not config.classes:
        raise UserError("A classifier needs labels: set classes to how many there are.")
    if config.posterior == "ladder" and config.prior != "two_levels":
        raise UserError("The posterior 'ladder' needs a prior with two levels: choose prior='two_levels'.")
    if config.prior == "two_levels" and config.latent_dim < 2:
        raise UserError("A code of two levels needs at least two dimensions: set latent_dim to 2 or more.")
    if config.prior == "sphere" and config.latent_dim < 2:
        raise UserError("A sphere needs at least two dimensions: set latent_dim to 2 or more.")
    if config.posterior == "point" and config.prior != "normal":
        raise UserError("With a point posterior the loss has no term that trains a prior: choose prior='normal'.")
    if config.prior == "vamp" and (config.posterior != "normal" or config.classes):
        raise UserError("The prior 'vamp' needs normal posteriors and a model without labels: choose prior='mixture'.")
    if len(config.shape) == 2:
        raise UserError("shape: give (channels, height, width) for pictures or (2,) for points.")
    if config.is_points and likelihood.unit_interval:
        raise UserError(
            f"The likelihood '{config.likelihood}' is for pixels in [0, 1]; for points choose likelihood='gaussian_learned'."
        )
