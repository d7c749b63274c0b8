"""The model and its axes: networks, posteriors, priors and likelihoods, and `build` for a point on them. No losses, no training."""
