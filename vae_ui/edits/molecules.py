"""Molecules on the way to more of a property: the true value of each, a random direction beside, and how many of 100 starts rise."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from vae_core.edits.directions import Numbers
from vae_core.edits.properties import decoded, properties
from vae_core.edits.uphill import Uphill, random_steps, uphill
from vae_core.explore.code_arithmetic import along
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_ui.base import plain_text, state
from vae_ui.base.translation import Later, t
from vae_ui.edits.ways import Way
from vae_ui.views import Strip, view_of
from vae_ui.widgets import model_cache

STRENGTHS = np.linspace(0, 2, 6, dtype=np.float32)


def section(name: str, model: Explorer, way: Way | None) -> None:
    """A fold with both walks from the molecule in view and the shares of 100 starts; nothing is computed before it is opened."""
    if model.info.run.kind != "molecule" or way is None or not way.prop:
        return
    fold = st.expander(t("Does the property really rise?"), key="edits-uphill", on_change="rerun")
    if fold.open:
        with fold:
            _walks(name, model, way)
            _shares(_uphill(*model_cache.key(name), model_cache.at_hand(name), way.prop, state.seed(), name))


def _walks(name: str, model: Explorer, way: Way) -> None:
    """The molecules decoded along the direction, and along a random one as long, with the value of each."""
    place = state.place(name)
    title = t(properties(model.info)[way.prop].title)
    assert place.z is not None
    step = way.direction.step
    beside = random_steps(step, 1, np.random.default_rng(state.seed()))[0]
    for words, direction in ((t("Towards more {title}", title=title), step), (t("In a random direction"), beside)):
        codes = along(place.z, direction, STRENGTHS)
        made = model.decode(codes, place.label if model.conditional else None)
        header = _header(decoded(model.info, made, way.prop))
        st.html(view_of(model).strips([Strip(words, "", made, words)], 118, header, above=True))
    st.caption(
        t(
            "Beside each strength stands the {title} that is computed from the molecule which is drawn there.",
            title=plain_text.markdown(title),
        )
    )


def _header(values: Numbers) -> Sequence[str]:
    return [
        f"{strength:g}: {'–' if np.isnan(value) else f'{value:.2f}'}"
        for strength, value in zip(STRENGTHS, values, strict=True)
    ]


@st.cache_data(max_entries=32, show_spinner=Later("Walking from 100 molecules ..."))
def _uphill(folder: str, changed: int, real: bool, prop: str, seed: int, _name: str) -> Uphill:
    model = model_cache.explorer(_name)
    labels = model.latents.labels
    values = model_cache.property_values(_name, prop)

    def measure(codes: Codes) -> Numbers:
        return decoded(model.info, model.decode(codes, int(labels[0]) if model.conditional else None), prop)

    return uphill(model.latents.mean, values, measure, seed)


def _shares(found: Uphill) -> None:
    """The shares with their 95 % intervals."""
    st.markdown(
        t(
            "Of {starts} test molecules, **{up:.0%}** ({low:.0%} to {high:.0%}) have more of it at strength 2 than at 0, and "
            "**{beside:.0%}** in a random direction: a difference of **{difference:+.0%}** ({least:+.0%} to {most:+.0%}).",
            starts=found.starts,
            up=found.up.value,
            low=found.up.low,
            high=found.up.high,
            beside=found.beside.value,
            difference=found.difference.value,
            least=found.difference.low,
            most=found.difference.high,
        )
    )
    st.caption(
        t(
            "Between brackets: the 95 % interval, of the difference over pairs. The direction is learnt from the other half of the "
            "test molecules. Values are those of the decoded molecules, at 0 too."
        )
    )
