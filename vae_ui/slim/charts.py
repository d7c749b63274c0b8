"""The chart of the page Smaller, drawn by Plotly."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

import plotly.graph_objects as go

from vae_ui.base import plain_text
from vae_ui.base.translation import t

SIDES = ["top center", "bottom center"] * 10  # of the names, so that neighbours on the line do not overlap


@dataclass(frozen=True)
class Mark:
    """A model on the chart: its name, the bytes of its weights, and nats."""

    name: str
    bytes: int
    nats: float


def nats_by_bytes(rounded: Sequence[Mark], pruned: Sequence[Mark], bound: str, tints: tuple[str, str]) -> go.Figure:
    """Nats over bytes: models of fewer bits along a line, pruned ones as diamonds; `bound` names what is in nats."""
    figure = go.Figure()
    for marks, name, mode, symbol, colour in (
        (rounded, t("fewer bits"), "lines+markers+text", "circle", tints[0]),
        (pruned, t("pruned and fine-tuned, 8 bits"), "markers", "diamond", tints[1]),
    ):
        figure.add_scatter(
            x=[one.bytes / 1000 for one in marks], y=[one.nats for one in marks], name=name, mode=mode,
            text=[plain_text.plotly(one.name) for one in marks], textposition=SIDES[: len(marks)], cliponaxis=False,
            marker={"size": 13, "symbol": symbol, "color": colour}, line={"color": colour, "width": 3},
            hovertemplate="%{text}<br>%{x:,.0f}<br>%{y:,.2f}<extra></extra>", showlegend=bool(pruned),
        )  # fmt: skip
    figure.update_xaxes(
        title=t("kB of weights"), type="log", dtick="D2", tickformat=",d", range=_decades(rounded, pruned)
    )
    figure.update_yaxes(title=t("{bound} (nats, lower is better)", bound=bound))
    figure.update_layout(
        height=340, font={"size": 15}, margin={"l": 10, "r": 10, "t": 10, "b": 10}, dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    return figure


def _decades(*groups: Sequence[Mark]) -> list[float]:
    """From the smallest to the largest model in powers of 10 kB, with room for the names on the right."""
    sizes = [log10(one.bytes / 1000) for group in groups for one in group]
    span = max(sizes) - min(sizes)
    return [min(sizes) - 0.08 * span, max(sizes) + 0.15 * span]
