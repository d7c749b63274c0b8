"""Compare: up to four models on the same inputs and the same codes, with their figures."""

import streamlit as st

from vae_ui.base import pictures, plain_text, state
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.scene import LARGEST_SEED
from vae_ui.compare import measured, side_by_side, tables
from vae_ui.shell.frame import frame, live
from vae_ui.shell.sidebar import unique_titles
from vae_ui.widgets import charts, model_cache

name, _ = frame("Which model is better, and at what?", "The same test images and the same codes, given to each model.")
titles = unique_titles(model_cache.models())


def stage() -> None:
    chooser, again = st.columns([5, 1], vertical_alignment="bottom")
    names = chooser.multiselect(
        "Models, up to four",
        list(titles),
        format_func=lambda key: titles.get(key, key),
        max_selections=side_by_side.MOST,
        **side_by_side.choice(name),
    )
    again.button(
        "Other images",
        icon=":material/shuffle:",
        on_click=lambda: state.choose_seed((state.seed() + 1) % LARGEST_SEED),
        help="Other test images and other codes: the next seed.",
    )
    if not names:
        st.info("Choose one to four models above: the first two tell most.")
        return
    groups = side_by_side.by_data(side_by_side.chosen(names))
    for why in (why for key, why in model_cache.left_out().items() if key in names):
        plain_text.warn(why)
    if len(groups) > 1:
        st.info(
            "These models learnt from different data, so they cannot share inputs: each data set is compared by itself."
        )
    for group in groups:
        _group(group)


def _group(group: list[side_by_side.Model]) -> None:
    if not model_cache.at_hand(group[0].name):
        st.caption(
            "This data set is not on this computer, so the first model's reconstructions stand in for test images."
        )
    with readable_errors():
        st.html(pictures.rows(side_by_side.reconstructions(group, state.seed()), side_by_side.CELLS, side_by_side.CELL))
    st.caption(
        "Each column is one test image: who keeps its slant and its class? The figures: nats per image on these, lower is better."
    )
    st.html(tables.table(group))
    st.caption(tables.notes(group))
    measured.section(group)
    if len(dots := side_by_side.plane(group)) > 1:
        colours = pictures.tint("z"), pictures.tint("prior"), pictures.tint("loss")
        st.plotly_chart(
            charts.rate_distortion(dots, *colours), config={"displayModeBar": False}, key=f"plane-{group[0].data}"
        )
        st.caption(
            "Every trained model of these data: down means truer pictures, left a cheaper code. Along a dotted line the bound is the "
            "same; beta moves a model along it, a better network moves it down and left."
        )
    st.html(pictures.rows(side_by_side.samples(group, state.seed()), side_by_side.CELLS, side_by_side.CELL))
    st.caption(
        "The same chance z for each, from the prior (spread like its own codes for a plain autoencoder): holes give no picture."
    )
    st.html(side_by_side.maps(group))
    st.caption(
        "Where the test images lie, by class; dashed: the prior. Tidy and round invites sampling, spread out keeps detail."
    )


live(stage)
