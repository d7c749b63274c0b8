"""Latent Explorer: the page list, the menu, and the lesson that goes along; nothing else."""

from vae_ui.lessons import panel
from vae_ui.shell.frame import navigate

navigate().run()
panel.follow()
