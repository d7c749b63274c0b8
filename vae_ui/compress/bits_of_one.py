"""The ledger of one picture: the bits of x, the bits of z, the bits that come back, and what is left of them."""

import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.images import writing
from vae_ui.base import pictures, state
from vae_ui.base.translation import t
from vae_ui.compress import measured
from vae_ui.compress.spans import Span, spans
from vae_ui.widgets import choose_image


def show(name: str, model: Explorer) -> None:
    """The picture with its choice on the left, the ledger on the right."""
    place = state.place(name)
    measured.checkpoint(name)
    index = place.picked or 0

    def put(number: int) -> None:
        place.picked = number

    left, right = st.columns([1, 2], gap="large")
    with left:
        choose_image.test_image(model, "compress", index, put)
        [picture] = writing.pictures(measured.test_pictures(name, slice(index, index + 1)))
        pictures.show(picture, t("Test image {number}", number=index), "x", "x", width=170)
        if measured.two_levels(name):
            st.caption(t("In black and white, because a pixel of this model has two levels."))
    with right:
        _ledger(name, index)


def _ledger(name: str, index: int) -> None:
    found = measured.ledger_of(name, index)
    x, z, returned, net = (float(part[-1]) for part in (found.x, found.z, found.returned, found.net))
    st.subheader(
        t("This picture takes {net:.0f} bits instead of {raw:,}", net=net, raw=found.uncompressed), anchor=False
    )
    lines = [
        Span(t("x given z"), 0, x, t("{bits:+.0f} bits", bits=x), pictures.tint("x")),
        Span(t("z"), x, x + z, t("{bits:+.0f} bits", bits=z), pictures.tint("z")),
        Span(t("returned"), x + z, net, t("{bits:+.0f} bits", bits=-returned), pictures.tint("z"), hollow=True),
        Span(t("the file grows by"), 0, net, t("{bits:+.0f} bits", bits=net), pictures.tint("loss")),
    ]
    alt = t("Bits of this picture: {x:.0f} for x, {z:.0f} for z, {returned:.0f} returned", x=x, z=z, returned=returned)
    st.html(spans(lines, alt))
    st.caption(
        t(
            "Which z stands for x is open: any draw of q(z|x) will do. So z is chosen by {returned:.0f} bits that are already in the "
            "file, and opening the file gives them back. This is called bits-back coding. What is left, on average, is −ELBO.",
            returned=returned,
        )
    )
