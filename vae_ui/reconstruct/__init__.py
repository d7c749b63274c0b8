"""The Reconstruct page: inputs and their reconstruction."""
