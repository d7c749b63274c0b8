"""Pictures: grey or in colour, on a drawing pad, in strips and sheets, with the error of each pixel."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.config import ModelConfig
from vae_core.data.tables.columns import Columns
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.explore.loaded_model import Images
from vae_core.images import writing
from vae_core.images.preparation import STYLES, Style
from vae_core.utils.arrays import UInt8
from vae_ui.base import pictures, plain_text
from vae_ui.base.palette import GROUND
from vae_ui.base.translation import t
from vae_ui.views.base import Inputs, Source, Strip
from vae_ui.views.said import Said


class PictureView:
    """Pictures (C, H, W), uint8 or floats in [0, 1]."""

    sources: ClassVar[tuple[Source, ...]] = ("test", "draw", "file", "camera")
    files: ClassVar[tuple[str, ...]] = ("png",)
    thumb: ClassVar[int] = 32
    on_release: ClassVar[bool] = False
    moves: ClassVar[bool] = True
    mixes: ClassVar[bool] = True
    draws_samples: ClassVar[bool] = False
    has_target: ClassVar[bool] = True
    has_slopes: ClassVar[bool] = True
    tiles: ClassVar[bool] = True

    def __init__(self, model: ModelConfig, columns: Columns = (), vocabulary: Vocabulary | None = None) -> None:
        self.shape = model.shape

    def pictures(self, x: Inputs) -> UInt8:
        return writing.pictures(x)

    def map_texts(self, x: Inputs) -> list[str]:
        return []

    def as_inputs(self, decoded: Images) -> Inputs:
        return np.round(decoded * 255).astype(np.uint8)

    def figure(self, x: Inputs, alt: str, part: str | None = None, width: int = 220) -> str:
        return pictures.image(self.pictures(x[None])[0], alt, part, f"{width}px")

    def strips(self, strips: Sequence[Strip], cell: int, header: Sequence[str] = (), above: bool = False) -> str:
        if not strips:
            return ""
        rows = [
            pictures.Row(
                s.name, s.note, self._side_by_side(s.x), s.alt, s.mark, s.faded, *map(_words, (s.said, s.against))
            )
            for s in strips
        ]
        return pictures.rows(rows, len(strips[0].x), cell, header, above)

    def _side_by_side(self, x: Inputs) -> UInt8:
        return writing.sheet(self.pictures(x), len(x), 1)

    def gallery(self, x: Inputs, alts: Sequence[str], words: Sequence[str], part: str | None = None) -> str:
        return pictures.gallery(list(zip(self.pictures(x), alts, words, strict=True)), part, 72)

    def sheet(self, x: Images, alt: str, columns: int | None) -> None:
        pictures.show(tiles(self.pictures(x), columns), alt, "out", width=540)

    def content(self, x: Images, columns: int | None, width: int, file: str) -> bytes:
        return writing.png(pictures.enlarged(tiles(self.pictures(x), columns), width))

    def on_pad(self, x: Inputs, blank: bool, brush: dict[str, Any]) -> dict[str, object]:
        return {"x": None if blank else pictures.sent(x), "draw": True, "pad": brush}

    def sum_words(self) -> str:
        return t("The distortion is a sum over all pixels.")

    def input_words(self, dataset: str) -> list[str]:
        channels, height, width = self.shape
        shape = {"channels": channels, "height": height, "width": width}
        if channels == 1:
            lines = [t("x (N, {channels}, {height}, {width}), float32 in [0, 1]: grey levels divided by 255.", **shape)]
        else:
            lines = [t("x (N, {channels}, {height}, {width}), float32 in [0, 1]: RGB levels divided by 255.", **shape)]
        if STYLES.get(dataset, Style()).on_black:
            lines.append(
                t(
                    "The training images are light on black. A photograph of ink on paper must first be made grey, inverted, cropped "
                    "to the drawing, centred and resized, like the images of the data set."
                )
            )
        return lines

    def output_words(self) -> str:
        return t("Clip to [0, 1], multiply by 255 and round to get an image. Any sigmoid is already part of the file.")

    def error(self, x: Inputs, made: Images, error: Images) -> None:
        st.subheader(t("The difference"), anchor=False)
        rms = np.sqrt(np.mean(np.square(error)))
        alt = t("The error of each pixel; root mean square {rms:.3f} of full brightness", rms=rms)
        pictures.show(heat(error), alt, None, "")
        st.html(_legend())
        st.caption(t("Brightness that the reconstruction lost, and that it added: look at the edges."))

    def nats(self, x: Inputs, by_part: Images, alt: str) -> str:
        value = by_part.sum(0)
        most = float(np.abs(value).max()) or 1.0
        figure = pictures.image(diverging(value / most, "rate", "distortion"), alt, None, "100%")
        least = f"−{most:.2g}" if value.min() < 0 else "0"
        return _framed(
            figure, scale((least, t("{most:.2g} nats", most=most)), "rate" if value.min() < 0 else None, "distortion")
        )

    def slopes(self, slopes: Images, names: Sequence[str], alts: Sequence[str]) -> str:
        value = slopes.mean(1)
        most = float(np.abs(value).max()) or 1.0
        shown = [diverging(one / most, "x", "out") for one in value]
        words = (f"−{most:.2g}", "0", f"+{most:.2g}")
        return pictures.gallery(list(zip(shown, alts, names, strict=True)), None, 96) + _framed(
            "", scale(words, "x", "out")
        )


def _words(said: Sequence[Said]) -> list[tuple[str, ...]]:
    return [one.words for one in said]


def tiles(some: UInt8, columns: int | None = None) -> UInt8:
    """Pictures (N, H, W[, 3]) as one sheet, square unless `columns` is given."""
    return writing.sheet(some, columns or int(np.ceil(np.sqrt(len(some)))), 1)


def heat(error: Images) -> UInt8:
    """The signed error (C, H, W) as colours: lost brightness in the colour of x, added brightness in that of x'."""
    value = error.mean(0)
    return diverging(np.sign(value) * np.abs(value) ** 0.7, "x", "out")  # small errors are seen too


def signed_map(values: Images, alt: str) -> str:
    """Signed numbers (C, H, W), the sum over the channels, as a picture with its scale, as HTML."""
    value = values.sum(0)
    most = float(np.abs(value).max()) or 1.0
    figure = pictures.image(diverging(value / most, "x", "out"), alt, None, "100%")
    return _framed(figure, scale((f"−{most:.2g}", "0", f"+{most:.2g}"), "x", "out"))


def diverging(value: Images, below: str, above: str) -> UInt8:
    """Numbers (H, W) in [-1, 1] as colours: 0 is the page's ground, the ends are the colours of two parts of the model."""
    ends = np.where(value[..., None] < 0, _rgb(pictures.tint(below)), _rgb(pictures.tint(above)))
    ground = _rgb(GROUND[pictures.is_dark()])
    return np.rint(ground + np.abs(value)[..., None] * (ends - ground)).clip(0, 255).astype(np.uint8)


def _rgb(hex_colour: str) -> NDArray[np.float32]:
    return np.array([int(hex_colour[i : i + 2], 16) for i in (1, 3, 5)], np.float32)


def _legend() -> str:
    return _framed("", scale((t("darker"), t("same"), t("brighter")), "x", "out"))


def scale(words: Sequence[str], below: str | None, above: str) -> str:
    """The scale of `diverging` with words below it, as HTML; without `below` it begins at 0."""
    ground = GROUND[pictures.is_dark()]
    colours = [pictures.tint(below)] if below else []
    marks = "".join(f"<span>{plain_text.attribute(word)}</span>" for word in words)
    return (
        '<div style="height:10px;border-radius:3px;border:1px solid #8886;'
        f'background:linear-gradient(90deg,{",".join([*colours, ground, pictures.tint(above)])})"></div>'
        f'<div style="display:flex;justify-content:space-between">{marks}</div>'
    )


def _framed(figure: str, legend: str) -> str:
    return f'<div style="max-width:230px;padding:0 5px;font-size:.8rem">{figure}<div style="height:6px"></div>{legend}</div>'
