"""The Interpolate page: the path between two endpoints."""
