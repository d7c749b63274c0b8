"""The Generate page: images decoded from samples of the prior or of a fitted sampler."""
