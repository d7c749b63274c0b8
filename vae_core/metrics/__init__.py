"""Figures that measure a trained model, each with formula, units, source and 95 % interval; `figures.FIGURES` lists them."""

from vae_core.metrics.confidence_intervals import Estimate
from vae_core.metrics.elbo_nll_bits_per_dim import bound, evaluate, nll, nll_each, terms_of
from vae_core.metrics.encoded_split import means_of, posterior_of

__all__ = ["Estimate", "bound", "evaluate", "means_of", "nll", "nll_each", "posterior_of", "terms_of"]
