"""Probability masses on the 256 grey levels of a stored pixel: two families, and their integer frequencies for an entropy coder."""
