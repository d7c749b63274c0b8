"""Attacks on a server that is started for them: `python -m tests.attack` replays kills, damaged models, bombs and forged values."""
