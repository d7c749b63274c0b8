"""The people who share a server: how much each of them, and all together, may use. Who they are, and their runs, is in `runs`."""
