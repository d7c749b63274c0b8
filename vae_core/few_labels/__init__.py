"""Few labels: the labels of some codes spread to all others, the next ones worth asking for, and how right the result is."""
