"""Compare: up to four models on the same inputs and the same codes, with their figures."""

import streamlit as st

from vae_ui import cache, comparing, figures, measuring, pictures, state, tables, text
from vae_ui.frame import frame, readable_errors
from vae_ui.sidebar import unique_titles

name, _ = frame("Which model is better, and at what?", "The same test images and the same codes, given to each model.")
titles = unique_titles(cache.models())


@st.fragment
def stage() -> None:
    chooser, again = st.columns([5, 1], vertical_alignment="bottom")
    names = chooser.multiselect(
        "Models, up to four",
        list(titles),
        comparing.default(name),
        format_func=lambda key: titles.get(key, key),
        key=f"compare.{name}",
        max_selections=comparing.MOST,
        persist_state="session",
    )
    again.button(
        "Other images",
        icon=":material/shuffle:",
        on_click=lambda: state.choose_seed((state.seed() + 1) % state.LARGEST_SEED),
        help="Other test images and other codes: the next seed.",
    )
    if not names:
        st.info("Choose one to four models above: the first two tell most.")
        return
    groups = comparing.by_data(comparing.chosen(names))
    for why in (why for key, why in cache.left_out().items() if key in names):
        text.warn(why)
    if len(groups) > 1:
        st.info(
            "These models learnt from different data, so they cannot share inputs: each data set is compared by itself."
        )
    for group in groups:
        _group(group)


def _group(group: list[comparing.Model]) -> None:
    if not cache.at_hand(group[0].name):
        st.caption(
            "This data set is not on this computer, so the first model's reconstructions stand in for test images."
        )
    with readable_errors():
        st.html(pictures.rows(comparing.reconstructions(group, state.seed()), comparing.CELLS, comparing.CELL))
    st.caption(
        "Each column is one test image: who keeps its slant and its class? The figures: nats per image on these, lower is better."
    )
    st.html(tables.table(group))
    st.caption(tables.notes(group))
    measuring.section(group)
    if len(dots := comparing.plane(group)) > 1:
        colours = pictures.tint("z"), pictures.tint("prior"), pictures.tint("loss")
        st.plotly_chart(
            figures.rate_distortion(dots, *colours), config={"displayModeBar": False}, key=f"plane-{group[0].data}"
        )
        st.caption(
            "Every trained model of these data: down means truer pictures, left a cheaper code. Along a dotted line the bound is the "
            "same; beta moves a model along it, a better network moves it down and left."
        )
    st.html(pictures.rows(comparing.samples(group, state.seed()), comparing.CELLS, comparing.CELL))
    st.caption(
        "The same chance z for each, from the prior (spread like its own codes for a plain autoencoder): holes give no picture."
    )
    st.html(comparing.maps(group))
    st.caption(
        "Where the test images lie, by class; dashed: the prior. Tidy and round invites sampling, spread out keeps detail."
    )


stage()
