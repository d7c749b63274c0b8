"""The Latent space page: the map of codes."""
