"""The Models page: each preset drawn on one diagram, with what it changes in the plain VAE in colour."""
