"""Figures of molecules that a model makes up: whether they are valid, different, new, varied and like the data; and a floor."""
