"""Helpers for all other packages: files, locks, memory, size limits, optimisers. They import no model, no data set and no page."""
