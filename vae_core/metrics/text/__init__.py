"""Figures of sentences: how well they are reconstructed, and how varied and how right those are that a model makes up."""
