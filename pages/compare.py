"""Compare: up to four models on the same inputs and the same codes, with their figures."""

import streamlit as st

from vae_ui.base import detail, pictures, plain_text, state, translation
from vae_ui.base.csv_download import csv_button
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.scene import LARGEST_SEED
from vae_ui.base.translation import t
from vae_ui.compare import files, measured, sweeps
from vae_ui.comparison import charts, matched_pair, side_by_side, small_latent_maps, tables
from vae_ui.shell.frame import frame, live
from vae_ui.shell.sidebar import unique_titles
from vae_ui.widgets import model_cache

name, _ = frame(t("Which model is better, and at what?"), t("Each model gets the same test images and the same codes."))
titles = unique_titles(model_cache.offered().whole)


def stage() -> None:
    _models()
    if detail.in_full():
        with readable_errors():
            sweeps.section()


def _models() -> None:
    chooser, again = st.columns([5, 1], vertical_alignment="bottom")
    names = chooser.multiselect(
        t("Models, at most four"),
        list(titles),
        format_func=lambda key: titles.get(key, key),
        max_selections=side_by_side.MOST,
        **side_by_side.choice(name),
    )
    again.button(
        t("Other images"),
        icon=":material/shuffle:",
        on_click=lambda: state.choose_seed((state.seed() + 1) % LARGEST_SEED),
        help=t("Take other test images and other codes, with the next seed."),
    )
    if not names:
        st.info(t("Choose one to four models above."))
        return
    groups = side_by_side.by_data(side_by_side.chosen(names))
    for why in filter(None, map(model_cache.models().why_not, names)):
        plain_text.warn(why)
    if len(groups) > 1:
        st.info(t("These models were trained on different data sets, so each data set is compared separately."))
    for group in groups:
        if sentence := matched_pair.differences({model.title: model.explorer.info for model in group}):
            plain_text.warn(sentence)
        _group(group)


def _group(group: list[side_by_side.Model]) -> None:
    translation.suit(group[0].explorer.info.run.kind)
    if not model_cache.at_hand(group[0].name):
        st.caption(
            t(
                "The data set is not on this computer: the first model's reconstructions are used in place of its test images."
            )
        )
    with readable_errors():
        st.html(side_by_side.drawn(group, side_by_side.reconstructions(group, state.seed())))
    st.caption(
        t(
            "Each column is one test image. Which model keeps its slant and its class? The figures are means over these images, in "
            "nats per image, lower is better."
        )
    )
    if side_by_side.has_words(group):
        st.caption(
            t("Below x stand its true words, below each reconstruction those that the model says; wrong ones are bold.")
        )
    st.html(tables.table(group))
    st.caption(tables.notes(group))
    csv_button(lambda: files.figures(group), "figures", f"figures-csv-{group[0].data}")
    if detail.in_full():
        measured.section(group)
    if len(dots := side_by_side.plane(group)) > 1:
        colours = pictures.tint("z"), pictures.tint("prior"), pictures.tint("loss")
        st.plotly_chart(
            charts.rate_distortion(dots, *colours), config={"displayModeBar": False}, key=f"plane-{group[0].data}"
        )
        st.caption(
            t(
                "Models of this data set. Lower: less distortion. Further left: a lower rate. −ELBO is constant along a dotted "
                "line; beta moves a model along it, a better network moves it down and to the left."
            )
        )
    st.html(side_by_side.drawn(group, side_by_side.samples(group, state.seed())))
    st.caption(
        t(
            "Samples with the same noise for each model, from the prior; for a plain autoencoder from a normal fitted to its codes. "
            "A sample in a gap between the codes gives an image of nothing."
        )
    )
    st.html(small_latent_maps.maps(group))
    st.caption(
        t(
            "The codes of the test images, coloured by class; dashed circles: the prior at 1, 2 and 3 standard deviations. Codes that "
            "fill the prior give good samples; codes that spread out keep more detail."
        )
    )


live(stage)
