"""What the Decode page shows: sliders and a picture that follows them in the browser, and what is known of the place."""

import numpy as np
import streamlit as st

from vae_core.explore.codes import Codes
from vae_core.explore.explorer import Explorer
from vae_core.images import writing
from vae_ui.base import pictures, state
from vae_ui.base.state import Place
from vae_ui.stage import Event, Overlay, latent_map
from vae_ui.widgets import choose_image, model_cache, small_map, walks

KEY = "decode-stage"
REACH = 3.0  # deviations of the prior


def stage(name: str, model: Explorer) -> None:
    """The sliders and the picture; what was done on them since the last run is in `state.place` first."""
    place, block = state.place(name), model_cache.browser_block(name)
    dots = small_map.payload(name) if model.latent_dim == 2 else None  # more numbers fill the room with their sliders
    if place.z is None:
        place.z = walks.usual(model)[0].copy()
    latent_map(
        dots,
        height=280,
        model=block,
        overlay=lambda: Overlay(
            code=place.z, label=place.label if model.conditional else 0, pick=_encoded(place, model)
        ),
        parts=("sliders", "picture"),
        layout="sliders",
        options=options(model),
        on_event=lambda event: _follow(place, model, event),
        key=KEY,
    )


def _follow(place: Place, model: Explorer, event: Event) -> None:
    """The code and the class on the stage are the place from now on."""
    if event.code is None or len(event.code) != model.latent_dim:
        return
    place.z = event.code
    place.picked = place.picked if event.pick is None else event.pick
    if event.label is not None and event.label in range(model.info.run.model.classes):
        place.label = event.label


def options(model: Explorer) -> dict[str, object]:
    """What the sliders must know of the model, each by dimension: see `stage/js/parts/sliders.js`."""
    mean, spread = walks.usual(model)
    return {
        "order": model.order(),
        "rates": model.rates().tolist(),
        "unit": "variance" if walks.is_plain(model) else "nats",
        "limits": [limits(model, dimension) for dimension in range(model.latent_dim)],
        "mean": mean.tolist(),
        "spread": spread.tolist(),
        "names": list(choose_image.class_names(model)) if model.conditional else [],
        "seed": state.seed(),
    }


def limits(model: Explorer, dimension: int) -> tuple[float, float]:
    """Three deviations of the prior to either side; the whole range of the codes without a standard normal one."""
    if walks.has_normal_prior(model):
        return -REACH, REACH
    codes = model.latents.mean[:, dimension]
    return float(np.floor(codes.min())), float(np.ceil(codes.max()))


def place_of(name: str, model: Explorer) -> None:
    """Below the picture, said when a hand lets go: how usual the place is; a test image's code, and the picture as a file."""
    place = state.place(name)
    assert place.z is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.html(words(name, model, place.z), width="stretch")
        if (index := _encoded(place, model)) is not None:
            _original(name, index)
        encode(name, model)
        download(name, model, place)


def words(name: str, model: Explorer, z: Codes) -> str:
    """How far the code is from the middle of the prior, and how many codes lie about it."""
    rank = model_cache.density(name).rank(z)
    where = "in a gap between the codes" if rank < 0.02 else f"denser than at {rank:.0%} of the test images"
    far = ""
    if walks.has_normal_prior(model):
        usual = f" (usual for {len(z)} numbers: {np.sqrt(len(z)):.1f})" if len(z) > 2 else ""
        far = (
            f'<b style="color:{pictures.tint("z")}">z</b> is <b>{np.linalg.norm(z):.2f}</b> deviations from the middle of '
            f"the prior{usual}<br>"
        )
    return f'<div style="line-height:1.5;font-size:.95rem">{far}Density of codes here: {where}</div>'


def _encoded(place: Place, model: Explorer) -> int | None:
    """The test image whose code this is."""
    index = place.picked
    if index is None or place.z is None:
        return None
    return index if np.array_equal(place.z, model.latents.mean[index]) else None


def _original(name: str, index: int) -> None:
    real = model_cache.at_hand(name)
    x = model_cache.thumbnails(name)[index]
    pictures.show(x, "The image that was encoded", "x" if real else "out", "x encoded" if real else "x′", 76)


def encode(name: str, model: Explorer) -> None:
    """A button that unfolds the choice of a test image, whose code the sliders take."""
    place = state.place(name)
    index = 0 if place.picked is None else place.picked
    with st.popover("Encode this image", icon=":material/image:"):
        st.html(pictures.image(model_cache.thumbnails(name)[index], f"Test image {index}", "x", "140px"))
        choose_image.test_image(model, f"decode-{name}", index, lambda i: _encode(place, model, i))
        st.button("Encode it", type="primary", on_click=lambda: _encode(place, model, index))


def _encode(place: Place, model: Explorer, index: int) -> None:
    place.picked, place.z = index, np.array(model.latents.mean[index], np.float32)
    if model.conditional:
        place.label = int(model.latents.labels[index])


def download(name: str, model: Explorer, place: Place) -> None:
    """A button that gives the picture as a file."""
    z, label = place.z, place.label if model.conditional else None
    assert z is not None

    def png() -> bytes:
        return writing.png(pictures.enlarged(walks.drawn(model, z[None], label)[0], 512))

    pictures.download("PNG", png, f"{name}-decoded.png", "decode-png")


def caption(name: str, model: Explorer) -> str:
    """What to look at."""
    if walks.is_plain(model):
        text = (
            "Each slider is one number of the code, over the range of the test images' codes. A plain autoencoder has no rate: "
            "the figure is the variance of its codes. Look for places that give no real picture."
        )
    else:
        text = (
            "Each slider is one number of the code, in deviations of the prior. The figure beside its name is its rate: how "
            "much it tells of a picture, in nats per image. Move one near 0 nats: nothing changes."
        )
    if model.conditional:
        text += " The class is told to the decoder, so the code holds the style alone."
    return (
        text
        if model_cache.at_hand(name)
        else f"{text} Its data are not on this machine: test images are reconstructions."
    )
