"""The Generate page: samples from the prior or a sampler."""
