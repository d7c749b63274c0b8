"""Take it home: the stage with this model as one HTML file, and its networks as ONNX."""

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
from vae_core.explore.codes import Codes, nearest_codes
from vae_core.explore.explorer import Explorer
from vae_core.images.preparation import STYLES, Style
from vae_core.presets.run_config import RunConfig
from vae_core.utils.arrays import UInt8
from vae_ui.base import pictures, state
from vae_ui.decode import sliders
from vae_ui.reconstruct import result
from vae_ui.reconstruct.inputs import Given
from vae_ui.stage import Ellipse, Overlay
from vae_ui.stage.file import html_file
from vae_ui.stage.payload import pack, unpack
from vae_ui.widgets import model_cache
from vae_ui.widgets.flat_views import View

LARGEST = 4_000_000  # bytes of the whole file: it goes by mail, and opens at once from a USB stick
CODE = 200_000  # of them for the page itself
DOTS = 10_000
USE = """IN PYTHON
import numpy as np, onnxruntime
encoder, decoder = (onnxruntime.InferenceSession(f"{{half}}coder.onnx") for half in ("en", "de"))
x = np.zeros((1, {shape}), np.float32)
mean, *logvar = encoder.run(None, {{"x": x{told}}})
(picture,) = decoder.run(None, {{"z": mean{told}}})
"""
ON_BLACK = (
    "\nThe model knows light things on black: a photograph of ink on paper has to be made grey, inverted, cropped to what "
    "is drawn,\ncentred and resized first, as the data set's own pictures are."
)
NOTES = {
    "Explore": "Each dot is one test image, placed by the encoder. Move over the map: the decoder answers.",
    "Decode": "Move the numbers of the code z: the decoder draws along.",
    "Draw": "Draw on the left: the encoder finds a code for it, the decoder draws it again from nothing else.",
    "Walk": "Play the way from A to B. A click on the map sets A, the next one B.",
}


@dataclass(frozen=True)
class Quantized:
    """What is on the stage when the file is made: the code, where it lies, its picture's number and its class.

    `x` is the test image that lies on the pad, (*shape).
    """

    code: Codes
    at: tuple[float, float]
    pick: int | None
    label: int
    ellipses: Sequence[Ellipse]
    x: NDArray[np.generic]


def draw(name: str, model: Explorer, view: View) -> None:
    """The two files, made when they are asked for."""
    with st.expander("Take it home"):
        st.caption(
            "One HTML file opens without this app and without a network, from a USB stick too, and decodes as this page "
            "does. ONNX is for programs: the encoder and the decoder as a zip, and how to use them."
        )
        if model_cache.browser_block(name).answer:
            st.info("This model needs the server to draw, so it cannot be taken home: choose another in the sidebar.")
            return
        page = partial(page_file, model, view, model_cache.browser_block(name).blob, chosen(name, model, view))
        with st.container(horizontal=True):
            _button("One HTML file", page, f"{name}.html", "text/html")
            _button("ONNX (encoder, decoder)", partial(onnx_file, model), f"{name}-onnx.zip", "application/zip")


def chosen(name: str, model: Explorer, view: View) -> Quantized:
    """What this browser looks at: the first test image where nothing has been chosen."""
    place = state.place(name)
    pick = 0 if place.z is None else place.picked
    code = model.latents.mean[0] if place.z is None else place.z
    ellipses = view.ellipse(model, pick) if pick is not None else []
    x = model_cache.test_images(name)[pick or 0]
    return Quantized(np.asarray(code), view.at(model, code), pick, place.label, ellipses, x)


def page_file(model: Explorer, view: View, block: bytes, look: Quantized) -> bytes:
    """The HTML file of the model: its map, its weights, and the stage's own code."""
    dots, header = fitted(view.payload.blob, (LARGEST - CODE) * 3 // 4 - len(block))
    pick = look.pick if look.pick is not None and look.pick < DOTS else None
    overlay = Overlay(z=look.at, code=look.code, label=look.label, pick=pick, ellipses=look.ellipses).record()
    shared = {"hash": header["hash"], "model": unpack(block)[0]["hash"], "overlay": overlay}
    modes = [
        {"title": title, "note": NOTES[title], **shared, **mode} for title, mode in _modes(model, view, look).items()
    ]
    return html_file(f"Where do the codes of {model.info.title} live?", [dots, block], modes).encode()


def _modes(model: Explorer, view: View, look: Quantized) -> dict[str, dict[str, object]]:
    """What the app's pages would send to the stage: parts, their layout and their options."""
    on_pad = result.options(model, Given(look.x, ""))
    return {
        "Explore": {"layout": "side", "parts": ["picture", "around"], "height": 520, "options": {}},
        "Decode": {
            "layout": "sliders",
            "parts": ["sliders", "picture"],
            "height": 320,
            "options": sliders.options(model),
        },
        "Draw": {"layout": "pad", "parts": ["pad", "picture", "numbers"], "height": 430, "options": on_pad},
        "Walk": {
            "layout": "path",
            "parts": ["picture", "path"],
            "height": 430,
            "options": {"title": "Decoded", "path": _way(model, look)},
        },
    }


def _way(model: Explorer, look: Quantized) -> dict[str, object]:
    """From the chosen code to the first test image of another class."""
    mean, labels = model.latents.mean, model.latents.labels
    start = labels[nearest_codes(mean, look.code, 1)[0]]
    codes = np.stack([look.code, mean[int(np.argmax(labels != start))]])
    decoded = model.decode(codes, look.label if model.conditional else None)
    return {"a": codes[0].tolist(), "b": codes[1].tolist(), "kind": "linear", "t": 0.5, "own": True} | {
        "ends": [pictures.sent(picture) for picture in decoded]
    }


def onnx_file(model: Explorer) -> bytes:
    """A zip of encoder.onnx, decoder.onnx and README.txt."""
    from vae_core.export.onnx import onnx_models  # needs `onnx`, which nothing else does

    vae = checkpoints.load(model.info.folder).vae
    files = onnx_models(vae, model.info.title, model.info.classes)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**files, "README.txt": read_me(model).encode()}.items():
            archive.writestr(name, data)
    return packed.getvalue()


def read_me(model: Explorer) -> str:
    """How to feed the two networks, and what to make of their answers."""
    config = model.info.run.model
    shape = ", ".join(map(str, config.shape))
    told = f', "label": np.eye({config.classes}, dtype=np.float32)[[0]]' if config.classes else ""
    mean_only = config.posterior == "point"
    parts = [
        f"{model.info.title}: encoder.onnx and decoder.onnx",
        "BEFORE THE ENCODER\n" + before(model.info.run),
        f"AFTER THE ENCODER\nmean (N, {config.latent_dim}) is the code. "
        + (
            "A plain autoencoder has no q(z|x), so nothing else comes out."
            if mean_only
            else f"logvar (N, {config.latent_dim}) is the logarithm of the variance of q(z|x) in each dimension.\n"
            "z = mean + exp(logvar / 2) * eps, with eps from a standard normal, is a sample; z = mean is what maps use."
        ),
        f"THE DECODER\nz (N, {config.latent_dim}), float32, gives picture (N, {shape}): the mean of p(x|z).\n"
        + after(config),
        USE.format(shape=shape, told=told, latent=config.latent_dim),
    ]
    return "\n\n".join(parts)


def before(run: RunConfig) -> str:
    """What the encoder takes."""
    config = run.model
    if config.is_points:
        return "x (N, 2), float32: points, about as large as a standard normal's."
    channels, height, width = config.shape
    label = f"\nlabel (N, {config.classes}), float32: 1 at the class, 0 elsewhere." if config.classes else ""
    kind = "grey" if channels == 1 else "RGB"
    return (
        f"x (N, {channels}, {height}, {width}), float32 in [0, 1]: {kind} levels divided by 255, channels before rows "
        f"before columns.{label}{ON_BLACK if STYLES.get(run.data.dataset, Style()).on_black else ''}"
    )


def after(config: ModelConfig) -> str:
    """What to make of the decoder's answer."""
    if config.is_points:
        return "No post-processing: the numbers are the point."
    return "Clip to [0, 1], times 255 and rounded is a picture. No sigmoid is needed: it is in the file where the likelihood has one."


def fitted(blob: bytes, room: int) -> tuple[bytes, dict[str, object]]:
    """The map's block, in `room` bytes if that can be: 10,000 dots, and where need be smaller pictures of them or none."""
    header, arrays = unpack(blob)
    count = len(arrays["points"])
    dots = {name: array[:DOTS] if len(array) == count else array for name, array in arrays.items()}
    for thumbs in _thinner(dots.pop("thumbs", None)):
        small = pack(header, dots | thumbs, deflate=("lattice", "thumbs"))
        if len(small) <= room:
            break
    return small, header


def _thinner(thumbs: UInt8 | None) -> Iterator[dict[str, UInt8]]:
    if thumbs is not None:
        yield {"thumbs": thumbs}
        yield {"thumbs": np.ascontiguousarray(thumbs[:, ::2, ::2])}
    yield {}


def _button(label: str, content: partial[bytes], file: str, kind: str) -> None:
    st.download_button(label, content, file, kind, key=f"take-{kind}", on_click="ignore", icon=":material/download:")
