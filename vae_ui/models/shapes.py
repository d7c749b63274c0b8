"""The shapes of the diagram as SVG; their colour is the one of the group in which they stand."""

import math
from html import escape
from typing import Any
from xml.etree import ElementTree

Element = list[Any]  # its tag, its attributes, its text, and the elements in it


def path(d: str, kind: str = "") -> str:
    """A line; `kind`: "shade" is filled a little, "dash" is dashed."""
    return f'<path{_class(kind)} d="{d}"/>'


def arrow(*points: tuple[float, float]) -> str:
    """A line through the points with a tip at the last one."""
    (x, y), (end, down) = points[-2:]
    length = math.hypot(end - x, down - y)
    u, v = (end - x) / length, (down - y) / length
    back = (
        f"{end - 4 * u + 2.5 * v:.1f} {down - 4 * v - 2.5 * u:.1f}",
        f"{end - 4 * u - 2.5 * v:.1f} {down - 4 * v + 2.5 * u:.1f}",
    )
    line = "L".join(f"{a:g} {b:g}" for a, b in points)
    return path(f"M{line}M{back[0]}L{end:g} {down:g}L{back[1]}")


def box(x: float, y: float, width: float, height: float, radius: float = 0, kind: str = "") -> str:
    """A rectangle with round corners; `kind` "ground" hides what is behind it."""
    return f'<rect{_class(kind)} x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"/>'


def ellipse(x: float, y: float, rx: float, ry: float, kind: str = "") -> str:
    """An ellipse, upright."""
    return f'<ellipse{_class(kind)} cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}"/>'


def dot(x: float, y: float, radius: float = 2) -> str:
    """A filled dot."""
    return ellipse(x, y, radius, radius, "fill")


def text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    """Words around a place, or before it where `anchor` is "end"."""
    place = "" if anchor == "middle" else f' style="text-anchor:{anchor}"'
    return f'<text x="{x:g}" y="{y:g}"{place}>{escape(words)}</text>'


def elements(svg: str) -> Element:
    """A drawing as the browser builds it, element by element, since it reads no text as HTML."""
    return _element(ElementTree.fromstring(svg))


def _element(found: ElementTree.Element) -> Element:
    return [found.tag, dict(found.attrib), found.text or "", *map(_element, found)]


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
