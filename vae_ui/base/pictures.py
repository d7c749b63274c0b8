"""Images on a page as HTML: pixels without smoothing at any width, framed in the colour of their part, singly or in rows.

The browser enlarges small PNGs, so a strip of digits takes a few kilobytes and also fits a phone.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import starmap

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.images import writing
from vae_core.utils.arrays import UInt8
from vae_ui.base import translation
from vae_ui.base.palette import colour
from vae_ui.base.translation import t

MAIN = 220  # width in pixels of a page's main image


@dataclass(frozen=True)
class Row:
    """A strip of images with its name and a note; `mark` in [0, 1] is the position of the blue dot above it.

    `below`: the words of each image, which stand below it. Those that differ from `against`, or else from those of the image before,
    are bold.
    """

    name: str
    note: str
    picture: UInt8  # (H, W) or (H, W, 3)
    alt: str
    mark: float | None = None
    faded: bool = False
    below: Sequence[Sequence[str]] = ()
    against: Sequence[Sequence[str]] = ()


KINDS = {  # of a file, by the end of its name
    "png": "image/png",
    "gif": "image/gif",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "npz": "application/octet-stream",
    "smi": "chemical/x-daylight-smiles",
    "sdf": "chemical/x-mdl-sdfile",
}


def tint(name: str) -> str:
    """The colour of a part of the model in the theme, light or dark, of this session."""
    return colour(name, is_dark())


def is_dark() -> bool:
    """Whether this browser shows the dark theme."""
    return bool(st.context.theme.type == "dark")


def source(picture: UInt8) -> str:
    """The picture as PNG in a data URL."""
    return "data:image/png;base64," + base64.b64encode(writing.png(picture)).decode()


def sent(picture: NDArray[np.generic]) -> str | list[float]:
    """A model's input (C, H, W) as the stage reads it: uint8 levels in base64, or the numbers of a point or a row (D,)."""
    if picture.ndim == 1:
        return [float(v) for v in picture]
    levels = picture if picture.dtype == np.uint8 else np.rint(picture.clip(0, 1) * 255).astype(np.uint8)
    return base64.b64encode(levels.tobytes()).decode()


def image(picture: UInt8, alt: str, part: str | None = None, width: str = "100%") -> str:
    """An <img> with hard pixels, framed in the colour of `part` ("x", "out", "z", ...)."""
    edge = f"outline:3px solid {tint(part)};outline-offset:2px;" if part else ""
    style = f"display:block;width:{width};height:auto;image-rendering:pixelated;border-radius:3px;{edge}"
    return f'<img src="{source(picture)}" alt="{escape(alt)}" style="{style}">'


def show(picture: UInt8, alt: str, part: str | None = None, name: str = "", width: int = MAIN) -> None:
    """One picture, its name in the colour of its part above it, at most `width` pixels wide."""
    head = f'<figcaption style="{_head(part)}">{escape(name)}</figcaption>' if name else ""
    st.html(
        f'<figure style="margin:0 0 6px;padding:0 5px;max-width:{width + 10}px">{head}{image(picture, alt, part)}</figure>'
    )


def named(content: str, name: str, part: str | None = None) -> str:
    """An HTML figure with its name in the colour of its part above it."""
    head = f'<figcaption style="{_head(part)}">{escape(name)}</figcaption>'
    return f'<figure style="margin:0 0 6px;padding:0 5px">{head}{content}</figure>'


def pair(items: Sequence[tuple[UInt8, str, str, str]], width: int = MAIN) -> None:
    """Images to compare, each (picture, alt, part, name), side by side also on a phone, each at most `width` pixels wide."""
    beside([(image(picture, alt, part), part, name) for picture, alt, part, name in items], width)


def beside(items: Sequence[tuple[str, str, str]], width: int = MAIN) -> None:
    """HTML figures side by side, each (HTML, part, name), at most `width` pixels wide; three or more wrap on a phone."""
    least = 0 if len(items) < 3 else 150
    cells = "".join(
        f'<figure style="margin:0;flex:1 1 0;min-width:{least}px;max-width:{width}px">'
        f'<figcaption style="{_head(part)}">{escape(name)}</figcaption>{content}</figure>'
        for content, part, name in items
    )
    st.html(
        f'<div style="display:flex;flex-wrap:{"wrap" if least else "nowrap"};align-items:flex-end;gap:1.2rem;padding:0 5px 6px">'
        f"{cells}</div>"
    )


def gallery(items: Sequence[tuple[UInt8, str, str]], part: str | None = None, width: int = 72) -> str:
    """Small images side by side as HTML, each (picture, alt, text below it); they wrap where the page is narrow."""
    cells = "".join(
        f'<figure style="margin:0;width:{width}px">{image(picture, alt, part)}'
        f'<figcaption style="font-size:.8rem;line-height:1.25;margin-top:5px;opacity:.8">{escape(words)}</figcaption></figure>'
        for picture, alt, words in items
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:.9rem;padding:5px">{cells}</div>'


def rows(strips: Sequence[Row], cells: int, cell: int, header: Sequence[str] = (), above: bool = False) -> str:
    """Strips below one another as HTML, each of `cells` images at most `cell` pixels wide.

    The name is left of the strip; above it where the page is narrow or `above` is set.
    """
    width, name = cells * cell, f"flex:0 0 {'100%' if above else '6.6rem'};line-height:1.25;"
    return _ruler(header, width, name) * bool(header) + "".join(_row(strip, width, name) for strip in strips)


def fold(title: str, content: str, opened: bool = False) -> str:
    """HTML that a click unfolds in the browser, without a rerun."""
    return (
        f"<details {'open' if opened else ''}><summary style='cursor:pointer;padding:.5rem 0'>{escape(title)}"
        f"</summary>{content}</details>"
    )


def download(label: str, content: Callable[[], bytes], file: str, key: str) -> None:
    """A download button; the file is made when it is pressed, without a rerun of the page."""
    kind = KINDS[file.rpartition(".")[2]]
    st.download_button(
        label, translation.kept(content), file, kind, key=key, on_click="ignore", icon=":material/download:"
    )


def enlarged(picture: UInt8, side: int = 1000) -> UInt8:
    """The picture enlarged by whole factors to about `side` pixels in width, for a file."""
    return writing.upscale(picture, max(1, round(side / picture.shape[1])))


def _head(part: str | None) -> str:
    paint = f"color:{tint(part)};" if part else ""
    return f"{paint}font-weight:600;margin-bottom:6px;line-height:1.3"


def _row(strip: Row, width: int, name: str) -> str:
    ring = ""
    if strip.mark is not None:
        ring = (
            f'<i style="position:absolute;left:calc({100 * strip.mark:.2f}% - 6px);top:-9px;width:12px;height:12px;'
            f'border-radius:50%;background:{tint("z")};border:2px solid #fff;box-sizing:border-box"></i>'
        )
    words = _words(strip.below, strip.against)
    return (
        f'<div style="{_LINE}margin-bottom:7px;{"opacity:.45;filter:grayscale(1)" if strip.faded else ""}">'
        f'<div style="{name}"><b>{escape(strip.name)}</b>'
        f'<span style="opacity:.75;font-size:.85rem"> {escape(strip.note)}</span></div>'
        f'<div style="{_STRIP}max-width:{width}px">{image(strip.picture, strip.alt)}{ring}{words}</div></div>'
    )


def _words(below: Sequence[Sequence[str]], against: Sequence[Sequence[str]]) -> str:
    """A line for each word, with its value below each image; one line for all words that are the same along the strip."""
    if not below:
        return ""
    places = zip(zip(*below, strict=True), zip(*(against or [below[0], *below[:-1]]), strict=True), strict=True)
    lines = [[(value, value != other) for value, other in zip(*place, strict=True)] for place in places]
    moving = [line for line in lines if len({value for value, _ in line}) > 1 or any(new for _, new in line)]
    resting = ", ".join(line[0][0] for line in lines if line not in moving)
    said = "".join(
        f'<div style="display:flex;margin-top:3px">{"".join(starmap(_piece, line))}</div>' for line in moving
    )
    if resting and len(below) > 1:
        resting = t("in each: {words}", words=resting)
    return said + (f'<div style="{_PIECE}margin-top:3px">{escape(resting)}</div>' if resting else "")


def _piece(value: str, is_new: bool) -> str:
    paint = f"border-left:2px solid {tint('out') if is_new else 'transparent'};"
    text = f"<b>{escape(value)}</b>" if is_new else escape(value)
    return f'<span title="{escape(value)}" style="flex:1 1 0;min-width:0;{_PIECE}{paint}">{text}</span>'


def _ruler(header: Sequence[str], width: int, name: str) -> str:
    marks = "".join(f'<span style="flex:1 1 0;text-align:center">{escape(text)}</span>' for text in header)
    return (
        f'<div style="{_LINE}font-size:.8rem;opacity:.8;margin-bottom:8px"><div style="{name}height:0"></div>'
        f'<div style="{_STRIP}max-width:{width}px;display:flex">{marks}</div></div>'
    )


_LINE = "display:flex;flex-wrap:wrap;align-items:center;gap:1px 12px;"
_PIECE = "padding-left:min(4px,.4vw);font-size:clamp(.56rem,2.2vw,.78rem);line-height:1.3;overflow-wrap:anywhere;"
_STRIP = "flex:1 1 17rem;min-width:0;position:relative;"
