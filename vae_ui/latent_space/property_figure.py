"""The map coloured by a property: the dots by their true values, and below them what a regressor predicts from the code."""

import numpy as np
import streamlit as st

from vae_core.edits.properties import Property, Values, properties
from vae_core.edits.regression import Regression, regression
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.explore.plane_figures.plane_grid import Extent, PlaneGrid
from vae_core.features.predictors import PREDICTORS
from vae_core.molecules.extra import has_extra
from vae_ui.base import plain_text, state
from vae_ui.base.palette import VALUES
from vae_ui.base.translation import Later, t
from vae_ui.stage import Figure, map_figures
from vae_ui.widgets import model_cache
from vae_ui.widgets.map_views import View

INNER = (
    0.02,
    0.98,
)  # the part of the values that the colours tell apart: a few far ones would leave the others one colour
CELLS = 64


def is_offered(model: Explorer) -> bool:
    """Whether the examples have a property that can be measured here."""
    return bool(properties(model.info)) and (model.info.vocabulary is None or has_extra())


def chosen(name: str, model: Explorer) -> str:
    """The name of the property that colours the dots."""
    known = list(properties(model.info))
    return known[min(state.place(name).prop, len(known) - 1)]


def choose(name: str, model: Explorer) -> None:
    """Draw the choice of a property, where there are several."""
    known, place, key = list(properties(model.info).values()), state.place(name), "latent-property"
    if len(known) < 2:
        return
    st.session_state[key] = min(place.prop, len(known) - 1)

    def keep() -> None:
        place.prop = int(st.session_state[key])

    st.selectbox(
        t("Colour by"),
        range(len(known)),
        format_func=lambda one: t(known[one].title),
        key=key,
        on_change=keep,
        width=220,
    )


def figure(name: str, model: Explorer, prop: str, view: View, over: Extent) -> Figure:
    """Dots and ground of a property; without the ground where the map leads to no code, or nothing can be learnt."""
    own, found = model_cache.property_values(name, prop), _learnt(name, prop)
    ground, grid = None, PlaneGrid.over(over, CELLS)
    if view.plane is not None and isinstance(found, Regression):
        ground = found.predict(view.plane.unproject(grid.centres)).reshape(grid.rows, grid.columns)
    title = _title(properties(model.info)[prop])
    return map_figures.of_property(own, ground, grid.extent, _ends(own), title, VALUES)


def words(name: str, model: Explorer, prop: str, view: View) -> str:
    """What the colours are, and how well the property can be predicted from the code."""
    found, own = _learnt(name, prop), model_cache.property_values(name, prop)
    title = plain_text.markdown(t(properties(model.info)[prop].title))
    said = [t("Dots: {title} of each test example.", title=title)]
    if unknown := int(np.isnan(own).sum()):
        said.append(t("Grey: not known, of {count:,}.", count=unknown))
    if isinstance(found, UserError):
        return " ".join([*said, t(found)])
    predictor = t(PREDICTORS[found.predictor].title)
    if view.plane is not None:
        said.append(t("The ground: the prediction of {predictor} from the code there.", predictor=predictor))
    return " ".join([*said, _judged(found, predictor)])


def _judged(found: Regression, predictor: str) -> str:
    r2 = found.r2
    if np.isnan(r2.low):
        return t(
            "R² of {predictor} is {value} on {count:,} test examples that it has not learnt from; 1 is perfect, 0 no better than "
            "the mean.",
            predictor=predictor,
            value=_signed(r2.value),
            count=found.judged,
        )
    return t(
        "R² of {predictor} is {value} ({low} to {high}, 95 % interval) on {count:,} test examples that it has not learnt from; 1 is "
        "perfect, 0 no better than the mean.",
        predictor=predictor,
        value=_signed(r2.value),
        low=_signed(r2.low),
        high=_signed(min(1.0, r2.high)),
        count=found.judged,
    )


def _signed(share: float) -> str:
    return f"{share:.2f}".replace("-", "\u2212")


def _title(prop: Property) -> str:
    return f"{t(prop.title)} ({t(prop.unit)})" if prop.unit else t(prop.title)


def _ends(own: Values) -> tuple[float, float]:
    """The values of the first and the last colour."""
    known = own[np.isfinite(own)]
    if not len(known):
        return 0.0, 1.0
    low, high = (float(end) for end in np.quantile(known, INNER))
    if low == high:
        low, high = float(known.min()), float(known.max())
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def _learnt(name: str, prop: str) -> Regression | UserError:
    return _regression(*model_cache.key(name), model_cache.at_hand(name), prop, name)


@st.cache_resource(max_entries=32, show_spinner=Later("Learning the property from the codes ..."))
def _regression(folder: str, changed: int, real: bool, prop: str, _name: str) -> Regression | UserError:
    try:
        return regression(model_cache.explorer(_name).latents.mean, model_cache.property_values(_name, prop))
    except UserError as error:
        return error
