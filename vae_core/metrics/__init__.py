"""Figures that measure a trained model, each with formula, units, source and 95 % interval; `figures.FIGURES` lists them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vae_core.metrics.confidence_intervals import Estimate

if TYPE_CHECKING:
    from vae_core.metrics.elbo_nll_bits_per_dim import bound, evaluate, nll, nll_each, terms_of
    from vae_core.metrics.encoded_split import means_of, posterior_of

__all__ = ["Estimate", "bound", "evaluate", "means_of", "nll", "nll_each", "posterior_of", "terms_of"]


def __getattr__(name: str) -> Any:
    """What measures needs torch, which a page that only names figures does without."""
    if name not in __all__:
        raise AttributeError(f"module 'vae_core.metrics' has no attribute '{name}'")
    home = "encoded_split" if name in ("means_of", "posterior_of") else "elbo_nll_bits_per_dim"
    return getattr(import_module(f"vae_core.metrics.{home}"), name)
