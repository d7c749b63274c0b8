"""What one number of the code means: the pixels that it moves, and the pixels that it depends on, at the example in view."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.explore.loaded_model import Images
from vae_core.explore.one_image.attributions import Attributions
from vae_core.utils.arrays import unit
from vae_ui.base import pictures, state
from vae_ui.base.translation import t
from vae_ui.shell.page_list import link
from vae_ui.views import view_of
from vae_ui.views.picture import signed_map
from vae_ui.widgets import model_cache

BASELINE = 1000  # test pictures whose mean is the baseline
WIDTH = 200


def section(name: str, model: Explorer, x: NDArray[np.generic] | None) -> None:
    """A fold with the maps of one number; nothing is computed before it is opened. `x` (*shape): the input in view, if any."""
    if not view_of(model).has_slopes:
        return
    fold = st.expander(t("What does a number of the code mean?"), key="edits-meaning", on_change="rerun")
    if not fold.open:
        return
    with fold:
        number = st.selectbox(
            t("Number of the code"),
            model.order(),
            format_func=lambda d: f"z{d + 1}",
            key=f"edits-number-{name}",
            persist_state="session",
            width=160,
            help=t("Those that carry most come first."),
        )
        _show(name, model, x, int(number))


def _show(name: str, model: Explorer, x: NDArray[np.generic] | None, number: int) -> None:
    place = state.place(name)
    assert place.z is not None
    label, word = place.label if model.conditional else None, f"z{number + 1}"
    slopes = model.slopes(place.z, [number], label)
    if model.info.run.model.kind != "picture":
        st.html(view_of(model).slopes(slopes, [word], [t("What {number} moves", number=word)]))
        st.caption(t("How much the decoder changes each part of x′ per unit of this number, at this code."))
        return
    seen = unit(x) if x is not None else model.decode(place.z[None], label)[0]
    found = model.attributions(seen, _baseline(*model_cache.key(name), model_cache.at_hand(name), name), number, label)
    _maps(slopes[0], found, word)
    link("start", t("Start opens the layers, with the activations of each"))


def _maps(slopes: Images, found: Attributions, word: str) -> None:
    shown = [
        (
            slopes,
            t("Pixels that {number} moves", number=word),
            t("The decoder's Jacobian: change of each pixel per unit"),
        ),
        (
            found.gradient,
            t("Pixels that move {number}", number=word),
            t("The encoder's gradient (saliency): change per unit of brightness"),
        ),
        (
            found.integrated,
            t("What makes {number} what it is", number=word),
            t("Integrated gradients from the mean picture: shares of the difference"),
        ),
    ]
    pictures.beside([(signed_map(part, f"{title}. {note}"), "z", title) for part, title, note in shown], WIDTH)
    st.caption(" · ".join(note for _, _, note in shown))
    st.caption(
        t(
            "{number} is {value:.2f} here and {baseline:.2f} for the mean picture; the shares of all pixels add up to {total:+.2f}.",
            number=word,
            value=found.value,
            baseline=found.baseline,
            total=float(found.integrated.sum()),
        )
    )


@st.cache_data(max_entries=12, show_spinner=False)
def _baseline(folder: str, changed: int, real: bool, _name: str) -> Images:
    return np.asarray(unit(model_cache.test_images(_name)[:BASELINE]).mean(0), np.float32)
