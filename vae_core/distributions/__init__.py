"""Probability distributions that torch lacks, with `log_prob`, `draw` and moments, and the flows and PixelCNNs they need. No data."""
