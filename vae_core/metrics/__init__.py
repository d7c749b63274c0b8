"""Figures of a trained model, each with its formula, units and source."""

from vae_core.metrics.bounds import Figures, bound, evaluate, nll, posterior_of

__all__ = ["Figures", "bound", "evaluate", "nll", "posterior_of"]
