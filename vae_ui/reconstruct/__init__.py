"""The Reconstruct page: the input image and its reconstruction."""
