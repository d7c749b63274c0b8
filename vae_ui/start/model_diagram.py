"""The model as one SVG diagram: x, encoder, latent map, decoder, x'; horizontal for a screen, vertical for a phone."""

import base64
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from vae_core.utils.arrays import UInt8
from vae_ui.base.palette import GROUND, INK, LANGUAGE
from vae_ui.base.pictures import source, tint
from vae_ui.base.translation import t

Flat = NDArray[np.float32]
MAP = 210  # side of the latent map
LENS = 52  # radius of the magnified circle

# Streamlit removes <svg> from a page's HTML, so each shape is an <img> and carries its own font and colours.
STYLE = """<style>text{{font-family:'Source Sans 3','Source Sans Pro','Segoe UI',Helvetica,Arial,sans-serif;font-size:16px;fill:{ink}}}
.name{{font-weight:600}}.small{{font-size:13.5px;opacity:.85}}image{{image-rendering:pixelated}}</style>"""
SHOWN = """<style>.vae-tall { display: none; }
@media (max-width: 640px) { .vae-wide { display: none; } .vae-tall { display: block; } }</style>"""


@dataclass(frozen=True)
class Drawing:
    """The content of the diagram: images as uint8, positions in the plane of the map, numbers as text."""

    x: UInt8
    out: UInt8
    dots: Flat  # (K, 2)
    dot_colours: list[str]
    mean: Flat  # (2,)
    deviation: Flat  # (2,)
    z: Flat  # (2,)
    axes: tuple[str, str]
    numbers: dict[str, str]  # "μ", "σ", "log σ²", "ε", "z"
    plain: bool = False  # a plain autoencoder: no q(z|x), no noise, no prior
    real: bool = True  # x is the image itself, not its reconstruction
    condition: str = ""  # the class that a conditional model is given


def diagram(d: Drawing) -> str:
    """The diagram as HTML in both shapes; CSS shows the one that fits the screen."""
    words, x, out = _alternative(d), _input(d), t("x′, drawn from z")
    wide = (
        _framed(d.x, "x", 4, 30, 170, x)
        + _trapezoid(198, 30, 170, 90, 90, t("encoder"))
        + _map(d, 308, 12, 413)
        + _trapezoid(564, 30, 90, 170, 90, t("decoder"))
        + _framed(d.out, "out", 676, 30, 170, out)
        + _arrows([(180, 196), (290, 306), (522, 562), (656, 674)], 115)
        + _flow(d, wide=True)
    )
    tall = (
        _framed(d.x, "x", 100, 26, 150, x)
        + _funnel(186, 150, 70, t("encoder"))
        + _map(d, 70, 250, 262)
        + _flow(d, wide=False)
        + _funnel(646, 70, 150, t("decoder"))
        + _framed(d.out, "out", 100, 730, 150, out)
    )
    return (
        SHOWN
        + _image(wide, 852, 290 if d.plain else 376, "vae-wide", words)
        + _image(tall, 350, 888, "vae-tall", words)
    )


def _image(content: str, width: int, height: int, kind: str, words: str) -> str:
    dark = tint("z") == LANGUAGE["z"][1]
    ink = INK[dark]
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"{STYLE.format(ink=ink)}<g>{content}</g></svg>"
    )
    text = text.replace("currentColor", ink).replace("var(--ground)", GROUND[dark])
    address = "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode()
    return f'<img class="{kind}" src="{address}" alt="{escape(words)}" style="width:100%;max-width:{width * 1.25:.0f}px;height:auto">'


def _input(d: Drawing) -> str:
    return t("x, a test image") if d.real else t("x, a reconstruction")


def _alternative(d: Drawing) -> str:
    if d.plain:
        return t("The encoder maps a test image x to the code z = {z}; the decoder draws x' from z.", z=d.numbers["z"])
    return t(
        "The encoder maps a test image x to a normal distribution with mean {mean} and standard deviation {std}; the noise "
        "{eps} picks the code z = {z} from it; the decoder draws x' from z.",
        mean=d.numbers["μ"],
        std=d.numbers["σ"],
        eps=d.numbers["ε"],
        z=d.numbers["z"],
    )


def _framed(picture: UInt8, part: str, x: float, y: float, side: float, title: str) -> str:
    colour = tint(part)
    return (
        f'<text class="name" x="{x}" y="{y - 10}" style="fill:{colour}">{escape(title)}</text>'
        f'<image href="{source(picture)}" x="{x}" y="{y}" width="{side}" height="{side}"/>'
        f'<rect x="{x - 2}" y="{y - 2}" width="{side + 4}" height="{side + 4}" rx="4" fill="none" stroke="{colour}" '
        'stroke-width="3.5"/>'
    )


def _trapezoid(x: float, y: float, left: float, right: float, width: float, title: str) -> str:
    middle = y + max(left, right) / 2
    points = [
        (x, middle - left / 2),
        (x + width, middle - right / 2),
        (x + width, middle + right / 2),
        (x, middle + left / 2),
    ]
    return _shape(points, x + width / 2, middle + 5, title)


def _funnel(y: float, top: float, bottom: float, title: str) -> str:
    points = [(175 - top / 2, y), (175 + top / 2, y), (175 + bottom / 2, y + 52), (175 - bottom / 2, y + 52)]
    return _shape(points, 175, y + 32, title)


def _shape(points: list[tuple[float, float]], x: float, y: float, title: str) -> str:
    corners = " ".join(f"{a:g},{b:g}" for a, b in points)
    return (
        f'<polygon points="{corners}" fill="currentColor" fill-opacity=".09" stroke="currentColor" stroke-opacity=".45" '
        f'stroke-width="1.5" stroke-linejoin="round"/><text class="name" x="{x}" y="{y}" text-anchor="middle">{escape(title)}</text>'
    )


def _arrows(spans: list[tuple[float, float]], y: float) -> str:
    return "".join(
        f'<path d="M{a} {y}H{b - 6}" stroke="currentColor" stroke-width="2.5" fill="none"/>'
        f'<path d="M{b} {y}l-8 -5v10z" fill="currentColor"/>'
        for a, b in spans
    )


class _Scale:
    """From the plane to the map's square: the same scale on both axes, wide enough for 99 % of the codes."""

    def __init__(self, d: Drawing, x: float, y: float) -> None:
        low, high = np.quantile(d.dots, [0.005, 0.995], axis=0)
        if not d.plain:
            low, high = np.minimum(low, -3.15), np.maximum(high, 3.15)
        low, high = np.minimum(low, d.z), np.maximum(high, d.z)
        self.middle, self.unit = (low + high) / 2, MAP / float(max((high - low).max(), 1e-6)) / 1.04
        self.x, self.y = x + MAP / 2, y + MAP / 2

    def at(self, point: Flat) -> tuple[float, float]:
        across, up = (np.asarray(point) - self.middle) * self.unit
        return self.x + float(across), self.y - float(up)


def _map(d: Drawing, x: float, y: float, lens_x: float) -> str:
    scale = _Scale(d, x, y)
    frame = f'<rect x="{x}" y="{y}" width="{MAP}" height="{MAP}" rx="6" '
    clip = f"vae-map-{x:g}"
    dots = "".join(
        f'<circle cx="{across:.1f}" cy="{down:.1f}" r="1.7" fill="{colour}"/>'
        for (across, down), colour in zip(map(scale.at, d.dots), d.dot_colours, strict=True)
    )
    circles = "" if d.plain else "".join(_ring(scale, radius) for radius in (1, 2, 3))
    cx, cy = scale.at(d.mean)
    rx, ry = (float(v) * scale.unit for v in d.deviation)
    cloud = "" if d.plain else _ellipse(cx, cy, max(2 * rx, 2.5), max(2 * ry, 2.5))
    zx, zy = scale.at(d.z)
    lens = "" if d.plain else _lens(d, scale, lens_x, y + MAP + 84)
    return (
        f'<clipPath id="{clip}">{frame}/></clipPath>{frame}fill="currentColor" fill-opacity=".04" stroke="currentColor" '
        f'stroke-opacity=".4"/><g clip-path="url(#{clip})"><g opacity=".6">{dots}</g>{circles}{cloud}</g>{lens}'
        f'{_dot(zx, zy, 4.5)}<text class="small" x="{x + 7}" y="{y + 17}">{d.axes[1]} ↑</text>'
        f'<text class="small" x="{x + MAP - 7}" y="{y + MAP - 8}" text-anchor="end">{d.axes[0]} →</text>'
    )


def _ring(scale: _Scale, radius: float) -> str:
    x, y = scale.at(np.zeros(2, np.float32))
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * scale.unit:.1f}" fill="none" stroke="{tint("prior")}" '
        f'stroke-width="1.6" stroke-dasharray="5 4"/>'
    )


def _ellipse(x: float, y: float, rx: float, ry: float) -> str:
    colour = tint("q")
    return (
        f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{colour}" fill-opacity=".3" stroke="{colour}" '
        'stroke-width="2"/>'
    )


def _dot(x: float, y: float, radius: float) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius + 3}" fill="none" stroke="{tint("z")}" stroke-width="2"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{tint("z")}" stroke="#fff" stroke-width="1.5"/>'
    )


def _lens(d: Drawing, scale: _Scale, x: float, y: float) -> str:
    """The posterior q(z|x), magnified: its ellipses at 1 and 2 standard deviations, its mean, and the step from there to z."""
    reach = float(max(np.abs(d.z - d.mean).max(), 2.1 * d.deviation.max(), 1e-6))
    unit = 0.9 * LENS / reach
    zx, zy = x + float(d.z[0] - d.mean[0]) * unit, y - float(d.z[1] - d.mean[1]) * unit
    rx, ry = (float(v) * unit for v in d.deviation)
    near_x, near_y = scale.at(d.mean)
    times = unit / scale.unit
    cloud = _ellipse(x, y, 2 * rx, 2 * ry) + _ellipse(x, y, rx, ry)
    return (
        f'<path d="M{near_x:.1f} {near_y:.1f}L{x - LENS + 2} {y - 10}M{near_x:.1f} {near_y:.1f}L{x + LENS - 2} {y - 10}" '
        'stroke="currentColor" stroke-opacity=".35" stroke-width="1.2"/>'
        f'<circle cx="{x}" cy="{y}" r="{LENS}" fill="var(--ground)"/>'
        f'<clipPath id="vae-lens-{x:g}"><circle cx="{x}" cy="{y}" r="{LENS}"/></clipPath><g clip-path="url(#vae-lens-{x:g})">'
        f'{cloud}<path d="M{x} {y}L{zx:.1f} {zy:.1f}" stroke="{tint("eps")}" stroke-width="3"/>'
        f'<circle cx="{x}" cy="{y}" r="4" fill="{tint("q")}"/>{_dot(zx, zy, 5)}</g>'
        f'<circle cx="{x}" cy="{y}" r="{LENS}" fill="none" stroke="currentColor" stroke-opacity=".55" stroke-width="2"/>'
        f'<text class="small" x="{x + 38}" y="{y + LENS + 1}">×{times:.0f}</text>'
    )


def _flow(d: Drawing, wide: bool) -> str:
    """The numbers below: the output of the encoder, the noise, and the input of the decoder."""
    said = [] if d.plain else [("q", "μ", "μ"), ("q", "log σ²", "log σ²"), ("q", "σ", "σ")]
    given = [("z", "z", "z = μ(x)")] if d.plain else [("eps", "ε", "ε"), ("z", "z", "z = μ + σ·ε")]
    if wide:
        top = 268
        left = "".join(_number(150, top + 30 * i, d, item) for i, item in enumerate(said))
        right = "".join(_number(545, top + 30 * i, d, item) for i, item in enumerate(given))
        return left + right + _given(d, 545, top + 66)
    left = "".join(_number(4, 496 + 24 * i, d, item, 14) for i, item in enumerate(said))
    right = "".join(_number(4, 584 + 24 * i, d, item, 14) for i, item in enumerate(given))
    return left + right + _given(d, 4, 634)


def _given(d: Drawing, x: float, y: float) -> str:
    if not d.condition:
        return ""
    return f'<text class="small" x="{x}" y="{y}">{escape(t("given class: {name}", name=d.condition))}</text>'


def _number(x: float, y: float, d: Drawing, item: tuple[str, str, str], size: int = 17) -> str:
    part, key, title = item
    return (
        f'<text x="{x}" y="{y}" style="fill:{tint(part)};font-size:{size}px;font-variant-numeric:tabular-nums">'
        f'<tspan class="name">{title}</tspan> {"" if "=" in title else "="} {"= " if "=" in title else ""}{d.numbers[key]}</text>'
    )
