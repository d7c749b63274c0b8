"""Pairs of a picture and its words under a trained model: bounds, and whether what it makes of each other agrees."""
