"""A model by its name, opened; None where there is none or it is damaged, so that a card shows an ellipsis."""

from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_ui.widgets import model_cache


def opened(name: str) -> Explorer | None:
    """The opened model of that name."""
    if name not in model_cache.models():
        return None
    try:
        return model_cache.explorer(name)
    except UserError:
        return None
