"""Benchmarks: `python -m benchmarks.NAME` prints the figures that the documentation quotes with that command."""
