"""The parts of `python -m benchmarks.live_stage`."""
