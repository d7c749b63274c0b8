"""Latent Explorer: the page list and the menu, nothing else."""

from vae_ui.shell.frame import navigate

navigate().run()
