"""The picture of which a part is hidden, unless a person uploads one: a test image."""

import numpy as np
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_ui.base import state
from vae_ui.widgets import choose_image, model_cache


def test_image(name: str, model: Explorer) -> NDArray[np.generic]:
    """The chosen test image (C, H, W), with the widgets that choose it."""
    place = state.place(name)

    def pick(index: int) -> None:
        place.picked = index

    choose_image.test_image(model, "complete-image", place.picked or 0, pick)
    choose_image.tell_true_label(name, model)
    return np.asarray(model_cache.test_images(name)[place.picked or 0])
