"""Attacks on a server of their own: `python -m tests.attack` runs kills, damaged models, decompression bombs and forged values."""
