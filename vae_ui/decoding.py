"""What the Decode page shows: a slider for each number of the code, and the picture that the decoder draws of it."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core import images
from vae_core.explorer import Explorer
from vae_core.latent import Codes
from vae_ui import cache, choose, pictures, state, walks
from vae_ui.state import Place

IN_SIGHT = 6  # sliders; the rest is folded
REACH = 3.0  # deviations of the prior


def settle(name: str, model: Explorer) -> Codes:
    """The code to decode: the one of the other pages, or the middle of the space to begin with."""
    place = state.place(name)
    if place.z is None:
        place.z = walks.usual(model)[0].copy()
    return place.z


def buttons(name: str, model: Explorer) -> None:
    """Whole codes at a click: the mean, a random sample, and the code of a test image."""
    place = state.place(name)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Mean",
            on_click=lambda: _put(place, walks.usual(model)[0]),
            help="The middle of the prior; for a plain autoencoder the middle of its codes.",
        )
        st.button(
            "Random sample",
            on_click=lambda: _put(place, _sample(place, model)),
            help="A code drawn from the prior; a plain autoencoder has none and borrows the spread of its codes.",
        )
        with st.popover("Encode this image"):
            index = 0 if place.picked is None else place.picked
            st.html(pictures.image(cache.thumbnails(name)[index], f"Test image {index}", "x", "140px"))
            choose.test_image(model, f"decode-{name}", index, lambda i: _encode(place, model, i))
            st.button("Encode it", type="primary", on_click=lambda: _encode(place, model, index))


def _put(place: Place, z: Codes) -> None:
    place.z = np.array(z, np.float32)


def _sample(place: Place, model: Explorer) -> Codes:
    """The next of the codes that belong to the seed, so that the same seed gives the same samples again."""
    drawn = place.extra.get("samples", 0)
    place.extra["samples"] = drawn + 1
    return model.prior_samples(drawn + 1, state.seed())[drawn]


def _encode(place: Place, model: Explorer, index: int) -> None:
    place.picked = index
    _put(place, model.latents.mean[index])
    if model.conditional:
        place.label = int(model.latents.labels[index])


def sliders(name: str, model: Explorer) -> None:
    """One slider for each number of the code, the one that carries most first; the weaker ones are folded."""
    order, rates = model.order(), model.rates()
    with st.container(gap=None):
        for dimension in order[:IN_SIGHT]:
            _slider(name, model, dimension, rates[dimension])
    if len(order) > IN_SIGHT:
        with st.expander(f"{len(order) - IN_SIGHT} more, each carrying less"):
            for dimension in order[IN_SIGHT:]:
                _slider(name, model, dimension, rates[dimension])


def _slider(name: str, model: Explorer, dimension: int, rate: float) -> None:
    place, key = state.place(name), f"z-{name}-{dimension}"
    assert place.z is not None
    low, high = limits(model, dimension)
    value = float(place.z[dimension])
    st.session_state[key] = round(value, 2)

    def keep() -> None:
        z = np.array(place.z, np.float32)
        z[dimension] = st.session_state[key]
        place.z = z

    unit = "variance" if walks.is_plain(model) else "nats"
    st.slider(
        f"**z{dimension + 1}**   {rate:.2f} {unit}",
        min(low, np.floor(value)),
        max(high, np.ceil(value)),
        step=0.05,
        key=key,
        on_change=keep,
    )


def limits(model: Explorer, dimension: int) -> tuple[float, float]:
    """Three deviations of the prior to either side; the whole range of its codes for a plain autoencoder."""
    if not walks.is_plain(model):
        return -REACH, REACH
    codes = model.latents.mean[:, dimension]
    return float(np.floor(codes.min())), float(np.ceil(codes.max()))


def stage(name: str, model: Explorer) -> None:
    """The picture of the code, large, and beside it what else is known of the place."""
    place = state.place(name)
    assert place.z is not None
    picture = walks.drawn(model, place.z[None], place.label if model.conditional else None)[0]
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        pictures.show(picture, "The picture that the decoder draws of z", "out", "x′ decoded from z", 330)
    with right:
        _beside(name, model, place, picture)


def _beside(name: str, model: Explorer, place: Place, picture: NDArray[np.uint8]) -> None:
    z = place.z
    assert z is not None
    if place.picked is not None and np.array_equal(z, model.latents.mean[place.picked]):
        x = cache.thumbnails(name)[place.picked]
        real = cache.at_hand(name)
        pictures.show(x, "The image that was encoded", "x" if real else "out", "x encoded" if real else "x′", 120)
    rank = cache.density(name).rank(z)
    thick = "a gap: no image's code lies near" if rank < 0.02 else f"denser than at {rank:.0%} of the test images"
    far = "" if walks.is_plain(model) else f"<br>{np.linalg.norm(z):.2f} deviations from the prior's middle"
    st.html(
        f'<div style="line-height:1.5;font-size:.95rem"><b style="color:{pictures.tint("z")}">z</b> has '
        f"{len(z)} number{'s' if len(z) > 1 else ''}{far}<br>density of codes here: {thick}</div>"
    )
    pictures.download("PNG", lambda: images.png(pictures.enlarged(picture, 512)), f"{name}-decoded.png", "decode-png")


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
    return text if cache.at_hand(name) else f"{text} Its data are not on this machine: test images are reconstructions."
