"""Download a model: the stage with the model as one HTML file, and its networks as ONNX."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core import checkpoints
from vae_core.config import ModelConfig
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes, nearest_codes
from vae_core.messages import Message
from vae_core.utils.arrays import UInt8
from vae_ui.base import detail, pictures, state, translation
from vae_ui.base.translation import t
from vae_ui.decode import sliders
from vae_ui.reconstruct import result
from vae_ui.reconstruct.inputs import Given
from vae_ui.stage import Ellipse, Overlay, Payload
from vae_ui.stage.html_file import html_file
from vae_ui.stage.payload import pack_map, thumbnails, unpack
from vae_ui.views import view_of
from vae_ui.widgets import model_cache
from vae_ui.widgets.map_views import View

LARGEST = 4_000_000  # bytes of the whole file, small enough for e-mail
CODE = 200_000  # bytes of these for the page's own code
DOTS = 10_000
USE = """
import numpy as np, onnxruntime
encoder, decoder = (onnxruntime.InferenceSession(f"{{half}}coder.onnx") for half in ("en", "de"))
x = np.zeros((1, {shape}), np.float32)
mean, *logvar = encoder.run(None, {{"x": x{given}}})
(picture,) = decoder.run(None, {{"z": mean{given}}})
"""
MODES = {
    "Explore": (
        Message("Explore"),
        Message(
            "Each dot is the code of one test image. Move the pointer over the map: the decoder draws the code under it."
        ),
    ),
    "Decode": (Message("Decode"), Message("Change the numbers of the code z: the decoder draws the image at once.")),
    "Draw": (
        Message("Draw"),
        Message(
            "Draw on the left: the encoder turns the drawing into a code, and the decoder draws it again from this code alone."
        ),
    ),
    "Walk": (
        Message("Interpolate"),
        Message("Play the path from A to B. A click on the map sets A and the next one B."),
    ),
}


@dataclass(frozen=True)
class Quantized:
    """What the stage shows when the file is made: the code, its place on the map, its test image's number and its class.

    `x` is the test image on the drawing pad, (*shape); `seed` that of the first random sample.
    """

    code: Codes
    at: tuple[float, float]
    pick: int | None
    label: int
    ellipses: Sequence[Ellipse]
    x: NDArray[np.generic]
    seed: int = 0


def draw(name: str, model: Explorer, view: View) -> None:
    """Buttons for the two files, which are made when they are asked for."""
    if not detail.in_full():
        return
    from vae_core.export.onnx import in_onnx  # the networks, which a page without these buttons does not need

    with st.expander(t("Download this model")):
        st.caption(
            t(
                "The HTML file shows this map and decodes like this page; it needs neither this app nor a network. The ONNX zip holds "
                "the encoder and the decoder for other programs, and a description of their inputs and outputs."
            )
        )
        if model_cache.browser_block(name).answer:
            st.info(
                t(
                    "The browser cannot run this model without the server, so it cannot be downloaded: choose another one in the "
                    "sidebar."
                )
            )
            return
        page = partial(page_file, model, view, model_cache.browser_block(name).blob, chosen(name, model, view))
        with st.container(horizontal=True):
            _button(t("HTML file"), page, f"{name}.html", "text/html")
            if in_onnx(model.info.run.model):
                _button(t("ONNX (encoder, decoder)"), partial(onnx_file, model), f"{name}-onnx.zip", "application/zip")
        if not in_onnx(model.info.run.model):
            st.caption(t("There is no ONNX file of a model that writes one word after the other."))


def chosen(name: str, model: Explorer, view: View) -> Quantized:
    """What this session's stage shows; the first test image where nothing has been chosen."""
    place = state.place(name)
    pick = 0 if place.z is None else place.picked
    code = model.latents.mean[0] if place.z is None else place.z
    ellipses = view.ellipse(model, pick) if pick is not None else []
    x = model_cache.test_images(name)[pick or 0]
    return Quantized(np.asarray(code), view.at(model, code), pick, place.label, ellipses, x, state.seed())


def page_file(model: Explorer, view: View, block: bytes, look: Quantized) -> bytes:
    """The HTML file of the model: its map, its weights, and the stage's own code."""
    dots, header = fitted(view.payload, (LARGEST - CODE) * 3 // 4 - len(block))
    pick = look.pick if look.pick is not None and look.pick < DOTS else None
    overlay = Overlay(z=look.at, code=look.code, label=look.label, pick=pick, ellipses=look.ellipses).record()
    shared = {"hash": header["hash"], "model": unpack(block)[0]["hash"], "overlay": overlay}
    modes = [
        {"title": t(MODES[name][0]), "note": t(MODES[name][1]), **shared, **mode}
        for name, mode in _modes(model, view, look).items()
    ]
    return html_file(t("Where do the codes of {model} live?", model=t(model.info.title)), [dots, block], modes).encode()


def _modes(model: Explorer, view: View, look: Quantized) -> dict[str, dict[str, object]]:
    """The parts of the stage, their layout and their options, as the app's pages set them."""
    on_pad = result.options(model, Given(look.x, ""))
    return {
        "Explore": {"layout": "side", "parts": ["picture", "around"], "height": 520, "options": {}},
        "Decode": {
            "layout": "sliders",
            "parts": ["sliders", "picture"],
            "height": 320,
            "options": sliders.options(model, look.seed),
        },
        "Draw": {"layout": "pad", "parts": ["pad", "picture", "numbers"], "height": 430, "options": on_pad},
        "Walk": {
            "layout": "path",
            "parts": ["picture", "path"],
            "height": 430,
            "options": {"title": t("Decoded"), "path": _way(model, look)},
        },
    }


def _way(model: Explorer, look: Quantized) -> dict[str, object]:
    """A path from the chosen code to the first test image of another class."""
    mean, labels = model.latents.mean, model.latents.labels
    start = labels[nearest_codes(mean, look.code, 1)[0]]
    codes = np.stack([look.code, mean[int(np.argmax(labels != start))]])
    decoded = model.decode(codes, look.label if model.conditional else None)
    return {"a": codes[0].tolist(), "b": codes[1].tolist(), "kind": "linear", "t": 0.5, "own": True} | {
        "ends": [pictures.sent(picture) for picture in decoded]
    }


def onnx_file(model: Explorer) -> bytes:
    """A zip of encoder.onnx, decoder.onnx and README.txt."""
    from vae_core.export.onnx import onnx_models  # imports `onnx`, which nothing else needs

    vae = checkpoints.load(model.info.folder).vae
    files = onnx_models(vae, model.info.title, model.info.classes)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**files, "README.txt": read_me(model).encode()}.items():
            archive.writestr(name, data)
    return packed.getvalue()


def read_me(model: Explorer) -> str:
    """README.txt of the ONNX zip in the session's language: inputs and outputs of the two networks, and an example in Python."""
    config = model.info.run.model
    shape = ", ".join(map(str, config.shape))
    given = f', "label": np.eye({config.classes}, dtype=np.float32)[[0]]' if config.classes else ""
    parts = [
        t("{model}: encoder.onnx and decoder.onnx", model=t(model.info.title)),
        t("INPUT OF THE ENCODER"),
        before(model),
        t("OUTPUT OF THE ENCODER"),
        between(config),
        t("THE DECODER"),
        t(
            "z (N, {size}), float32, gives picture (N, {shape}): the mean of p(x|z).",
            size=config.latent_dim,
            shape=shape,
        ),
        view_of(model).output_words(),
        t("EXAMPLE IN PYTHON") + USE.format(shape=shape, given=given),
    ]
    return "\n\n".join(parts)


def before(model: Explorer) -> str:
    """The input of the encoder."""
    lines = view_of(model).input_words(model.info.run.data.dataset)
    if classes := model.info.run.model.classes:
        lines.append(t("label (N, {count}), float32: 1 at the class, 0 elsewhere.", count=classes))
    return "\n".join(lines)


def between(config: ModelConfig) -> str:
    """The output of the encoder."""
    mean = t("mean (N, {size}) is the code.", size=config.latent_dim)
    if config.posterior == "point":
        return mean + "\n" + t("A plain autoencoder has no q(z|x), so this is its only output.")
    return "\n".join(
        [
            mean,
            t(
                "logvar (N, {size}) is the logarithm of the variance of q(z|x) in each dimension.",
                size=config.latent_dim,
            ),
            t("z = mean + exp(logvar / 2) * eps, with eps from a standard normal, is a sample of q(z|x)."),
        ]
    )


def fitted(payload: Payload, room: int) -> tuple[bytes, dict[str, object]]:
    """The map as one block, with thumbnails and at most 10,000 dots.

    Thumbnails are reduced, and these or texts left out, until it fits `room` bytes.
    """
    header, arrays = unpack(payload.blob)
    header.pop("thumbs", None)
    arrays.pop("places", None)
    dots = {name: array[:DOTS] if len(array) == payload.count else array for name, array in arrays.items()}
    thumbs = thumbnails(payload)
    for shown in _thinner(None if thumbs is None else thumbs[:DOTS], dots.pop("texts", None)):
        small = pack_map(header, dots | shown)
        if len(small) <= room:
            break
    return small, header


def _thinner(thumbs: UInt8 | None, texts: UInt8 | None) -> Iterator[dict[str, UInt8]]:
    if thumbs is not None:
        yield {"thumbs": thumbs}
        yield {"thumbs": np.ascontiguousarray(thumbs[:, ::2, ::2])}
    if texts is not None:
        yield {"texts": texts}
    yield {}


def _button(label: str, content: partial[bytes], file: str, kind: str) -> None:
    st.download_button(
        label, translation.kept(content), file, kind, key=f"take-{kind}", on_click="ignore", icon=":material/download:"
    )
