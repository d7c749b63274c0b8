"""Data sets that are made on loading, from settings alone: points in the plane and sprites."""
