"""Below the map while holes are on: what the decoder does in a hole, the way to the next one, and which sampler avoids them."""

import numpy as np
import streamlit as st

from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_core.explore.plane_figures import classifier_regions
from vae_core.explore.plane_figures.prior_holes import Hole, Holes
from vae_core.explore.samplers_prior_mixture_flow import SAMPLERS
from vae_core.utils.paths import app_root
from vae_ui.base import plain_text, state
from vae_ui.base.state import Place
from vae_ui.base.translation import Later, t
from vae_ui.latent_space import figures
from vae_ui.widgets import choose_image, latent_units, model_cache
from vae_ui.widgets.map_views import View

DRAWS = 4000  # codes of each sampler of which the share in holes is counted
SMALLEST = 5e-4  # of the prior: smaller holes are passed over by the button


def draw(name: str, model: Explorer, view: View) -> None:
    """Nothing while holes are not shown."""
    if "holes" not in figures.shown(name, model, view):
        return
    found, place = figures.holes(name, model, view), state.place(name)
    large = [hole for hole in found.found if hole.prior_mass >= SMALLEST]
    st.markdown(words(name, model, view, found))
    with st.container(horizontal=True, gap="small"):
        if large:
            st.button(
                t("Next hole"),
                key="latent-next-hole",
                on_click=lambda: _go(place, model, view, following(large, view.at(model, _z(place)))),
                help=t("z goes to the middle of the next hole; the largest comes first."),
            )
        if found.found and not place.counted:
            st.button(
                t("Which sampler avoids them?"), key="latent-count", on_click=lambda: setattr(place, "counted", True)
            )
    if found.found and place.counted:
        _samplers(name, model, view)


def _z(place: Place) -> Codes:
    assert place.z is not None
    return place.z


def following(large: list[Hole], at: tuple[float, float]) -> Hole:
    """The hole after the one whose middle z is at; the largest where z is at none."""
    here = [i for i, hole in enumerate(large) if np.allclose(hole.place, at, atol=1e-4)]
    return large[(here[0] + 1) % len(large)] if here else large[0]


def _go(place: Place, model: Explorer, view: View, hole: Hole) -> None:
    place.picked, place.z = None, view.code(model, (float(hole.place[0]), float(hole.place[1])))


def words(name: str, model: Explorer, view: View, found: Holes) -> str:
    """What lies at z: whether it is a hole, by how much, and how sure the classifier is of what is decoded there."""
    place = state.place(name)
    at = np.array(view.at(model, _z(place)), np.float32)
    nats = found.at(at)
    said = [
        t(
            "z is in a hole: the prior is {times:,.0f} times as dense as q(z) ({nats:.1f} nats).",
            times=np.exp(nats),
            nats=nats,
        )
        if found.around(at)
        else t("z is in no hole.")
    ]
    if classifier_regions.suits(model):
        label = place.label if model.conditional else None
        sure = classifier_regions.probabilities(model.decode(_z(place)[None], label), model.info.run.data.dataset)[0]
        said.append(
            t(
                "The classifier takes the decoded picture for {name}, with a probability of {sure:.0%}.",
                name=plain_text.markdown(choose_image.class_names(model)[int(sure.argmax())]),
                sure=sure.max(),
            )
        )
    return " ".join(said)


def _samplers(name: str, model: Explorer, view: View) -> None:
    found = shares(name, model, view)
    best = min(found, key=lambda one: found[one])
    parts = ", ".join(f"{_title(model, one)} {share:.1%}" for one, share in found.items())
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(
            t(
                "Of {count:,} codes from each sampler, this share falls into a hole: {shares}.",
                count=DRAWS,
                shares=parts,
            ),
            width="stretch",
        )
        if st.button(
            t("Generate from: {sampler}", sampler=plain_text.markdown(_title(model, best))),
            icon=":material/auto_awesome:",
        ):
            state.choices().sampler = best
            st.switch_page(app_root() / "pages" / "generate.py", query_params=state.address())


def _title(model: Explorer, sampler: str) -> str:
    plain = sampler == "prior" and latent_units.is_plain(model)
    return t("A normal fitted to its codes") if plain else t(SAMPLERS[sampler].title)


def shares(name: str, model: Explorer, view: View) -> dict[str, float]:
    """The share of DRAWS codes of each sampler that falls into a hole; a sampler that cannot be fitted is left out."""
    return _shares(*model_cache.key(name), name, figures.dimensions(view), view)


@st.cache_resource(max_entries=12, show_spinner=Later("Drawing codes from each sampler ..."))
def _shares(folder: str, changed: int, _name: str, pair: tuple[int, ...], _view: View) -> dict[str, float]:
    model = model_cache.explorer(_name)
    holes, found = figures.holes(_name, model, _view), {}
    for kind, sampler in SAMPLERS.items():
        if sampler.suits(model.info.run.model):
            try:
                found[kind] = holes.share(_codes(_name, model, kind)[:, pair])
            except UserError:
                continue
    return found


def _codes(name: str, model: Explorer, kind: str) -> Codes:
    return model.prior_samples(DRAWS, 0) if kind == "prior" else model_cache.sampler(name, kind)(DRAWS, 0)
