"""The page Features: how well classifiers and regressors learn from codes, from the data, and from PCA."""
