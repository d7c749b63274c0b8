"""Use: the jobs that a VAE does, each with a page of its own."""

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.shell import address
from vae_ui.shell.frame import head
from vae_ui.use import cards

head(
    t("What are VAEs for?"),
    t("Each page does one job, on your own data too, and shows beside it what a simpler tool comes to."),
)
with readable_errors():
    cards.draw()
address.write()
