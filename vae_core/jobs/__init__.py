"""Slow work beside training, each in a process of its own: t-SNE, measurement, and the evidence for a diagnosis."""
