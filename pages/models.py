"""Models: each model of the library on one diagram, with what it changes in the plain VAE in colour."""

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.models import gallery
from vae_ui.shell import address
from vae_ui.shell.frame import head

head(
    t("Which model does what you want?"),
    t("Every model is drawn as the plain VAE: what it changes has a colour, the rest is grey."),
)
with readable_errors():
    gallery.draw()
address.write()
