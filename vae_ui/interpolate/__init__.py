"""The Interpolate page: the two ends of a path, and the images along it."""
