"""The rules for people: who may change a run, how many runs they may have, and whose run begins next."""
