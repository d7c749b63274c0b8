"""Latent Explorer: the page list and the menu, nothing else."""

from vae_ui.frame import navigate

navigate().run()
