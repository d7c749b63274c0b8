"""Smaller: what fewer bits and pruned weights cost, and a smaller model to take away."""

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.shell import address
from vae_ui.shell.frame import frame
from vae_ui.slim import pruned, sizes

name, model = frame(
    t("How small can it be?"),
    t("Fewer bits for each weight, and fewer weights: what a smaller file costs in nats, and what one sees of it."),
)
with readable_errors():
    sizes.show(name, model, pruned.made(model))
    pruned.show(name, model)
address.write()
