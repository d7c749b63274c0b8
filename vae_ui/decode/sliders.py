"""The Decode page: sliders, the image that the browser decodes from them, and the density of codes at that place."""

from functools import partial

import numpy as np
import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_core.export.csv_files import Table
from vae_ui.base import pictures, plain_text, state
from vae_ui.base.csv_download import csv_button
from vae_ui.base.state import Place
from vae_ui.base.translation import t
from vae_ui.decode import slopes
from vae_ui.stage import Event, Overlay, latent_map
from vae_ui.views import view_of
from vae_ui.widgets import choose_image, latent_units, model_cache, small_map
from vae_ui.widgets.decoded_traversals import drawn_on_release
from vae_ui.widgets.density_words import density_words

KEY = "decode-stage"
# While a hand moves z, the stage says so to the page (js/host/stage.js), whose sentences are those of the z before.
STALE = "<style>html[data-z-moves] .words-on-z { visibility: hidden; }</style>"
REACH = 3.0  # standard deviations of the prior


def stage(name: str, model: Explorer) -> None:
    """Draw the sliders and the image; a code set with the sliders is taken into `state.place` first."""
    place, block = state.place(name), model_cache.browser_block(name)
    dots = small_map.payload(name) if model.latent_dim == 2 else None  # with more numbers the sliders need the space
    if place.z is None:
        place.z = latent_units.usual(model)[0].copy()
    latent_map(
        dots,
        height=280,
        model=block,
        overlay=lambda: Overlay(
            code=place.z, label=place.label if model.conditional else 0, pick=_encoded(place, model)
        ),
        parts=("sliders", "picture", "slopes") if slopes.in_browser(model) else ("sliders", "picture"),
        layout="sliders",
        options=options(model, state.seed()),
        on_event=lambda event: _follow(place, model, event),
        key=KEY,
        common=True,
    )


def _follow(place: Place, model: Explorer, event: Event) -> None:
    """Take over the code and the class that were set on the stage."""
    if event.code is None or len(event.code) != model.latent_dim:
        return
    place.z = event.code
    place.picked = place.picked if event.pick is None else event.pick
    if event.label is not None and event.label in range(model.info.run.model.classes):
        place.label = event.label


def options(model: Explorer, seed: int) -> dict[str, object]:
    """The facts about the model that the sliders need, each by dimension; the first random sample's `seed`."""
    mean, spread = latent_units.usual(model)
    return {
        "order": model.order(),
        "rates": model.rates().tolist(),
        "unit": t("variance") if latent_units.is_plain(model) else t("nats"),
        "limits": [limits(model, dimension) for dimension in range(model.latent_dim)],
        "mean": mean.tolist(),
        "spread": spread.tolist(),
        "names": list(choose_image.class_names(model)) if model.conditional else [],
        "seed": seed,
    }


def limits(model: Explorer, dimension: int) -> tuple[float, float]:
    """The range of a slider: ±3 standard deviations of a standard normal prior, else the range of the codes."""
    if latent_units.has_normal_prior(model):
        return -REACH, REACH
    codes = model.latents.mean[:, dimension]
    return float(np.floor(codes.min())), float(np.ceil(codes.max()))


def place_of(name: str, model: Explorer) -> None:
    """Below the image, updated on release: the density of codes, the encoded test image, and buttons."""
    place = state.place(name)
    assert place.z is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if figure := drawn_on_release(name, model):
            st.html(figure, width="content")
        st.html(STALE + words(name, model, place.z), width="stretch")
        if (index := _encoded(place, model)) is not None:
            _original(name, model, index)
        encode(name, model)
        download(name, model, place)


def words(name: str, model: Explorer, z: Codes) -> str:
    """The distance of the code from the mean of a normal prior, and the density of codes there, as HTML."""
    lines = [density_words(model_cache.density(name).rank(z))]
    if latent_units.has_normal_prior(model):
        lines.insert(0, _distance(z))
    return f'<div class="words-on-z" style="line-height:1.5;font-size:.95rem">{"<br>".join(map(plain_text.attribute, lines))}</div>'


def _distance(z: Codes) -> str:
    far, size = float(np.linalg.norm(z)), len(z)
    if size <= 2:
        return t("z is {distance:.2f} standard deviations from the mean of the prior.", distance=far)
    return t(
        "z is {distance:.2f} standard deviations from the mean of the prior; {usual:.1f} is typical for {count} numbers.",
        distance=far,
        usual=np.sqrt(size),
        count=size,
    )


def _encoded(place: Place, model: Explorer) -> int | None:
    """The number of the test image whose code this is; None where there is none."""
    index = place.picked
    if index is None or place.z is None:
        return None
    return index if np.array_equal(place.z, model.latents.mean[index]) else None


def _original(name: str, model: Explorer, index: int) -> None:
    real = model_cache.at_hand(name)
    part = "x" if real else "out"
    figure = view_of(model).figure(model_cache.test_images(name)[index], t("The encoded image"), part, 76)
    st.html(pictures.named(figure, t("x, encoded") if real else "x′", part))


def encode(name: str, model: Explorer) -> None:
    """A popover to choose a test image, whose code the sliders then show."""
    place = state.place(name)
    index = 0 if place.picked is None else place.picked
    with st.popover(t("Encode a test image"), icon=":material/image:"):
        x = model_cache.test_images(name)[index]
        st.html(view_of(model).figure(x, t("Test image {number}", number=index), "x", 140))
        choose_image.test_image(model, f"decode-{name}", index, lambda i: _encode(place, model, i))
        st.button(t("Encode it"), type="primary", on_click=lambda: _encode(place, model, index))


def _encode(place: Place, model: Explorer, index: int) -> None:
    place.picked, place.z = index, np.array(model.latents.mean[index], np.float32)
    if model.conditional:
        place.label = int(model.latents.labels[index])


def download(name: str, model: Explorer, place: Place) -> None:
    """A button to download the decoded image."""
    z, label, view = place.z, place.label if model.conditional else None, view_of(model)
    assert z is not None
    for file in view.files:
        content = partial(lambda kind: view.content(model.decode(z[None], label), 1, 512, kind), file)
        pictures.download(file.upper(), content, f"{name}-decoded.{file}", f"decode-{file}")
    csv_button(lambda: code_table(model, z), f"{name}-code", "decode-code", t("Code (CSV)"))


def code_table(model: Explorer, z: Codes) -> Table:
    """The code z (L,): each number, and what it says on average over the test images."""
    about = t("variance of the codes") if latent_units.is_plain(model) else t("rate (nats per image)")
    return {t("number of the code"): range(1, len(z) + 1), t("value"): z, about: model.rates()}


def caption(name: str, model: Explorer) -> str:
    """The caption of the page: what to look at."""
    if latent_units.is_plain(model):
        parts = [
            t(
                "Each slider is one number of the code, over the range of the test images' codes. A plain autoencoder has no rate, "
                "so the figure beside a slider is the variance of these codes. Look for codes that give no real image."
            )
        ]
    else:
        parts = [
            t(
                "Each slider is one number of the code, in standard deviations of the prior. The figure beside it is its rate in nats "
                "per image: how much this number says about the image. Move one near 0 nats: nothing changes."
            )
        ]
    if model.conditional:
        parts.append(t("The decoder is given the class, so the code holds only the style."))
    if not model_cache.at_hand(name):
        parts.append(t("The data set is not on this computer: the test images are reconstructions."))
    return " ".join(parts)
