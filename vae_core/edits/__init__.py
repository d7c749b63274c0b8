"""Edits: directions of the latent space that turn one class into another, or give a picture more of a property."""
