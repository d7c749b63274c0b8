"""Experiments: models that differ in one setting, with equal seed, data and training, and a sentence drawn from their figures."""
