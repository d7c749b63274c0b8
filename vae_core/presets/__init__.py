"""Whole runs by name: RunConfig, the papers' presets and `build_run`. No torch is needed to read them."""
