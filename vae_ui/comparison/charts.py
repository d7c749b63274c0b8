"""Charts with axes, drawn by Plotly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from vae_ui.base.translation import t


@dataclass(frozen=True)
class Dot:
    """A model on the rate-distortion plane, both in nats per image; `hover` is its hover text. Texts are escaped for Plotly."""

    title: str
    rate: float
    distortion: float
    chosen: bool
    hover: str = ""


def rate_distortion(dots: Sequence[Dot], chosen: str, other: str, ink: str) -> go.Figure:
    """Each model as a dot, rate on the x axis and distortion on the y axis, with lines of equal −ELBO (Alemi et al. 2018, fig. 1).

    `chosen` and `other` are the colours of the dots, `ink` that of lines and text.
    """
    rates, distortions = (np.array(values) for values in zip(*((d.rate, d.distortion) for d in dots), strict=True))
    left, right = 0.0, float(rates.max() * 1.15 + 1)
    low, high = _span(distortions)
    figure = go.Figure()
    for bound in _levels(low + left, high + right):
        figure.add_scatter(
            x=[left, right], y=[bound - left, bound - right], mode="lines", hoverinfo="skip",
            line={"color": ink, "width": 1, "dash": "dot"}, opacity=0.5,
        )  # fmt: skip
        place = min(right, max(left, bound - low))
        if low <= bound - place <= high:
            figure.add_annotation(
                x=place,
                y=bound - place,
                text=t("−ELBO {value:g}", value=bound),
                showarrow=False,
                xanchor="right",
                yanchor="bottom",
            )
    for picked, colour in ((False, other), (True, chosen)):
        some = [dot for dot in dots if dot.chosen == picked]
        figure.add_scatter(
            x=[d.rate for d in some],
            y=[d.distortion for d in some],
            mode="markers+text",
            text=[f" {d.title} " for d in some],
            textposition=["middle left" if d.rate > 0.6 * right else "middle right" for d in some],
            marker={"size": 14 if picked else 10, "color": colour},
            hovertext=[d.hover for d in some],
            hoverinfo="text",
            cliponaxis=False,
        )
    figure.update_xaxes(title=t("rate, nats per image"), range=[left, right], zeroline=False)
    figure.update_yaxes(title=t("distortion, nats per image"), range=[low, high], zeroline=False)
    figure.update_layout(
        showlegend=False,
        height=420,
        font={"size": 15},
        hoverlabel={"font": {"size": 15}},
        margin={"l": 10, "r": 10, "t": 20, "b": 10},
        dragmode=False,
    )
    return figure


def _span(values: np.ndarray) -> tuple[float, float]:
    room = max(2.0, 0.2 * float(np.ptp(values)))
    return float(values.min()) - room, float(values.max()) + room


def _levels(low: float, high: float) -> list[float]:
    """Up to seven round numbers between the two."""
    step = next(s for s in (digit * 10.0**power for power in range(16) for digit in (1, 2, 5)) if (high - low) / s <= 7)
    return [float(v) for v in np.arange(np.ceil(low / step) * step, high, step)]


def heat_map(title: str, factors: Sequence[str], shares: Sequence[Sequence[float]], most: float, ink: str) -> go.Figure:
    """Dimensions by factors: each cell is a share in [0, 1], coloured from 0 to `most`; `ink` is the colour of the text."""
    values = np.array(shares)  # (L, F)
    names = [f"z{i + 1}" for i in range(len(values))]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=list(factors),
            y=names,
            zmin=0,
            zmax=most,
            colorscale="Cividis",  # its lightness is even, also for colour-blind people
            texttemplate="%{z:.0%}",
            textfont={"size": 14},
            hovertemplate=t("{number} carries {share} of {factor}", number="%{y}", share="%{z:.1%}", factor="%{x}")
            + "<extra></extra>",
            xgap=2,
            ygap=2,
            colorbar={"tickformat": ".0%", "thickness": 12, "tickfont": {"size": 14, "color": ink}},
        )
    )
    words = {"size": 15, "color": ink}
    figure.update_xaxes(side="top", showgrid=False, fixedrange=True, tickfont=words)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True, tickfont=words)
    figure.update_layout(
        title={"text": title, "font": {"size": 16}},
        height=120 + 30 * len(values),
        font={"size": 14},
        hoverlabel={"font": {"size": 15}},
        margin={"l": 10, "r": 10, "t": 80, "b": 10},
        dragmode=False,
    )
    return figure
