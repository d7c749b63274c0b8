"""The model: networks, posteriors, priors and likelihoods, and `build`, which makes a VAE of one of each. No losses, no training."""
