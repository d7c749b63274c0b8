"""The Latent space page: the map of the codes of the test images."""
