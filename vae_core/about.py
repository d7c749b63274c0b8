"""The project's names and its version, each written once; a test compares pyproject.toml, docs and messages with them."""

DISTRIBUTION = "vae-explorer"  # the name that pip installs; on PyPI `latent-explorer` is another project
COMMAND = "latent-explorer"  # the command that the installed package brings
VERSION = "0.2.0"
