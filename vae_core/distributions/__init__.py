"""Probability distributions that torch lacks, with `log_prob`, `draw` and moments. No networks that are trained, no data."""
