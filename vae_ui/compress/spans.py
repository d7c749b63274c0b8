"""Bars with a name and a text each, as HTML, each from one value to another in a colour of its own: a sum, or sizes side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from vae_ui.views.bars import STYLE


@dataclass(frozen=True)
class Span:
    """A bar from `start` to `stop`; `hollow`: only its outline, for what is taken away."""

    name: str
    start: float
    stop: float
    text: str
    colour: str
    hollow: bool = False


def spans(lines: Sequence[Span], alt: str) -> str:
    """The bars below one another on one scale, from 0 to the largest value."""
    most = max(max(one.start, one.stop) for one in lines) or 1.0
    rows = "".join(
        f"<span>{escape(one.name)}</span>{_bar(one, 100 / most)}<b style='text-align:right'>{escape(one.text)}</b>"
        for one in lines
    )
    style = STYLE.replace("max-width:420px", "max-width:620px").replace("gap:3px", "gap:8px")
    return f'<div role="group" aria-label="{escape(alt)}" style="{style}">{rows}</div>'


def _bar(one: Span, scale: float) -> str:
    low, width = min(one.start, one.stop) * scale, abs(one.stop - one.start) * scale
    fill = f"border:2px dashed {one.colour}" if one.hollow else f"background:{one.colour}"
    return (
        '<span aria-hidden="true" style="position:relative;height:18px;background:#8882;border-radius:3px">'
        f'<i style="position:absolute;inset-block:0;left:{low:.2f}%;width:{width:.2f}%;box-sizing:border-box;border-radius:3px;{fill}">'
        "</i></span>"
    )
