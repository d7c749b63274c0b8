"""The models of an experiment side by side: one sentence, reconstructions, samples, latent maps, and the rate-distortion plane."""

from collections.abc import Sequence

import streamlit as st

from vae_core.experiments.catalogue import Experiment
from vae_core.experiments.sentence import Measured, measured, sentence
from vae_core.explore.explorer import Explorer
from vae_ui.base import pictures, plain_text, state
from vae_ui.base.translation import t
from vae_ui.comparison import charts, side_by_side, small_latent_maps, tables
from vae_ui.comparison.side_by_side import Model
from vae_ui.widgets import model_cache


def show(experiment: Experiment, models: Sequence[Model]) -> None:
    """Everything on the models that are there; the sentence once all of them are."""
    place = st.empty()
    if whole := len(models) == len(experiment.arms):
        place.caption(t("Measuring the models on the same test images ..."))
    st.html(side_by_side.drawn(models, side_by_side.reconstructions(models, state.seed())))
    _notes(models)
    st.html(small_latent_maps.maps(models))
    st.caption(
        t(
            "The codes of the test images, coloured by class; dashed circles: the prior at 1, 2 and 3 standard deviations. "
            "A code of more than two numbers is shown on its two principal components."
        )
    )
    st.html(side_by_side.drawn(models, side_by_side.samples(models, state.seed())))
    st.caption(t("Samples of the prior, with equal noise; for a plain autoencoder, of a normal fitted to its codes."))
    _plane(models)
    st.html(tables.table(models))
    st.caption(tables.notes(models))
    if whole:  # last, because it takes seconds the first time
        said = plain_text.attribute(t(sentence(experiment, [_measured(model) for model in models])))
        place.html(f'<p class="experiment-sentence" style="font-size:1.15rem;font-weight:600;margin:0">{said}</p>')


def _measured(model: Model) -> Measured:
    return _figures(*model_cache.key(model.name), model.title, model.explorer)


@st.cache_data(max_entries=64, show_spinner=False)
def _figures(folder: str, changed: int, title: str, _explorer: Explorer) -> Measured:
    return measured(title, _explorer)


def _notes(models: Sequence[Model]) -> None:
    words = [t("Each column is one test image.")]
    if not model_cache.at_hand(models[0].name):
        words.append(
            t(
                "The data set is not on this computer: the first model's reconstructions are used in place of its test images."
            )
        )
    if not tables.same_pixels(models):
        words.append(
            t("These models have different likelihoods or targets: compare their squared error, not their nats.")
        )
    st.caption(" ".join(words))


def _plane(models: Sequence[Model]) -> None:
    """Distortion over rate, where at least two models have both in comparable nats."""
    dots = [
        dot for model in models if (dot := side_by_side.dot(model.title, model.explorer.info, chosen=True)) is not None
    ]
    if len(dots) > 1 and tables.same_pixels(models):
        colours = pictures.tint("z"), pictures.tint("prior"), pictures.tint("loss")
        st.plotly_chart(
            charts.rate_distortion(dots, *colours), config={"displayModeBar": False}, key="experiment-plane"
        )
        st.caption(t("Lower: less distortion. Further left: a lower rate. −ELBO is constant along a dotted line."))
