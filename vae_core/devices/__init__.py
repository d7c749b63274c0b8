"""Where a model computes: the devices of this computer, and random numbers on them. No model is known here."""
