"""Signed bars with a name and a value each, as HTML: nats by column or by number of the code, and what a number of the code moves."""

from collections.abc import Sequence
from html import escape

from vae_ui.base import pictures

STYLE = "display:grid;grid-template-columns:minmax(3rem,auto) minmax(90px,1fr) auto;gap:3px 10px;align-items:center;"
STYLE += "font-size:.85rem;font-variant-numeric:tabular-nums;line-height:1.25;max-width:420px"


def bars(
    names: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    alt: str,
    ends: tuple[str, str],
    most: float = 0.0,
) -> str:
    """A bar for each value: to the right in the colour of the second part of `ends`, below 0 to the left in that of the first.

    All are on one scale whose end is `most`, or the largest of them.
    """
    most = most or max(map(abs, values), default=0.0) or 1.0
    middle = 50.0 if min(values, default=0.0) < 0 else 0.0
    lines = "".join(
        f"<span>{escape(name)}</span>{_bar(value / most * (100 - middle), middle, ends)}<b>{escape(text)}</b>"
        for name, value, text in zip(names, values, texts, strict=True)
    )
    return f'<div role="group" aria-label="{escape(alt)}" style="{STYLE}">{lines}</div>'


def _bar(width: float, middle: float, ends: tuple[str, str]) -> str:
    left = middle + min(width, 0.0)
    colour = pictures.tint(ends[width > 0])
    return (
        '<span aria-hidden="true" style="position:relative;height:12px;background:#8882;border-radius:3px">'
        f'<i style="position:absolute;inset-block:0;left:{left:.2f}%;width:{abs(width):.2f}%;background:{colour}"></i></span>'
    )
