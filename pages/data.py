"""Data: what the model will see, before anything is trained."""

from vae_core.data.made.points import DRAWN
from vae_ui.base import state
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.data import contents, drawn_density
from vae_ui.datasets import choose_data
from vae_ui.shell import address
from vae_ui.shell.frame import head
from vae_ui.shell.page_list import link
from vae_ui.widgets.two_columns import two_columns

head(
    t("What will the model see?"),
    t("Look at the data before you train: a model learns what is in them, faults included."),
)
controls, middle = two_columns("data")
with controls, readable_errors():
    data = choose_data.choose()
    if data is not None:
        data = choose_data.settings(data)
state.choices().data = data
if data is not None:
    with middle, readable_errors():
        if data.variant == DRAWN:
            drawn_density.show(data)
        else:
            contents.show(data)
    with controls:
        link("train", t("Train on these data"), asks=address.data_asked())
address.write()
