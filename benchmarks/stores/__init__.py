"""Stores of many runs, for `python -m benchmarks.scale` and for tests."""
