"""Codes as features: as a file, and how well a classifier or a regressor learns from them, from the data, and from PCA."""
