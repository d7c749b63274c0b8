"""The long measurements of `docs/figures.md`, one file for each kind of claim."""
