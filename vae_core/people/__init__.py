"""People who share a server: how much each of them may use, and the names that they are given. Their runs are in `runs`."""
