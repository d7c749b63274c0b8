"""What `python -m benchmarks.live_stage` is made of."""
