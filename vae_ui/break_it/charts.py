"""The loss that both programs report, as one chart."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from vae_ui.base.translation import t

BELOW, ABOVE = 12.0, 1.7  # nats below zero, and times the largest loss of the right program, that the chart shows
Curve = tuple[str, str, Sequence[float | None], int]  # name, colour, losses, steps from one to the next


def losses(curves: Sequence[Curve], top: float) -> go.Figure:
    """Loss over steps in nats per image; `top` is the largest loss of the right program, and what lies far outside is cut off."""
    figure = go.Figure()
    lowest = min((value for _, _, values, _ in curves for value in values if value is not None), default=0.0)
    low, high = max(-BELOW, min(0.0, lowest)), top * ABOVE
    for name, colour, values, stride in curves:
        shown = np.array([np.nan if value is None else value for value in values], np.float64)
        figure.add_scatter(
            x=np.arange(len(shown)) * stride + 1,
            y=np.clip(
                shown, low - 1, high + 1
            ),  # just outside of the figure: a line to 1e24 is not drawn by every browser
            customdata=shown,
            mode="lines+markers" if len(shown) < 10 else "lines",
            line={"color": colour, "width": 2.5},
            name=name,
            hovertemplate="%{customdata:.4g}<extra>" + name + "</extra>",
        )
    figure.add_hline(y=0, line={"width": 1, "color": "gray"})
    figure.update_xaxes(title=t("step"), zeroline=False, fixedrange=True)
    figure.update_yaxes(title=t("reported loss, nats per image"), range=[low, high], zeroline=False, fixedrange=True)
    figure.update_layout(
        height=300,
        font={"size": 15},
        legend={"orientation": "h", "y": 1.15},
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        dragmode=False,
    )
    return figure
