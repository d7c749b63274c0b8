"""The sub-commands that do a job of a VAE, those of the pages below Use, each in a file of its own."""
