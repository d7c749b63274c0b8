"""Start: what a variational autoencoder is, in one picture."""

from vae_ui.frame import frame

frame("What is a VAE?", "It learns to draw by squeezing every picture through a few numbers, and a little chance.")
