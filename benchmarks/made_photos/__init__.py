"""Photographs of handwritten digits, made from seeds: the ink, the paper, and the camera."""
