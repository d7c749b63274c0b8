"""Figures of generated samples and of how well the prior covers the codes."""
