"""Data sets that others publish: one table of addresses, checksums and licences, and a reader for each; nothing is downloaded here."""
