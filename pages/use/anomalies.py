"""Anomalies: a model that has learnt what is normal says how strange each other example is."""

from vae_ui.anomalies import result, training
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.shell import address
from vae_ui.shell.frame import head
from vae_ui.widgets.two_columns import two_columns

head(
    t("Is this one strange?"),
    t("Choose what is normal: a model is trained on that alone, and scores how strange every other example is to it."),
)
controls, middle = two_columns("anomalies")
with controls, readable_errors():
    run = training.choose()
if run is not None:
    with middle, readable_errors():
        if name := training.model(run):
            result.show(name)
address.write()
