"""What is decoded at z, drawn by the server: for views whose drawings the browser cannot make while a hand moves z."""

from vae_core.explore.explorer import Explorer
from vae_ui.base import pictures, state
from vae_ui.base.translation import t
from vae_ui.views import view_of

WIDTH = 190


def drawn_on_release(name: str, model: Explorer) -> str:
    """The decoded output at this visitor's z as HTML; "" where the browser draws it itself."""
    place, view = state.place(name), view_of(model)
    if not view.on_release or place.z is None:
        return ""
    made = model.decode(place.z[None], place.label if model.conditional else None)[0]
    return pictures.named(view.figure(made, t("What is decoded from z"), "out", WIDTH), t("x′ decoded from z"), "out")
