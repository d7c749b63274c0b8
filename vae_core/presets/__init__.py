"""RunConfig, the presets named after papers, and `build_run`, which adapts a preset to the data. Importing them needs no torch."""
