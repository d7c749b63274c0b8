"""The charts of the page Compress, drawn by Plotly."""

from collections.abc import Sequence

import plotly.graph_objects as go

from vae_ui.base import plain_text
from vae_ui.base.translation import t


def growth(
    ours: Sequence[float],
    counts: Sequence[int],
    other: Sequence[int],
    other_name: str,
    raw: float,
    tints: tuple[str, str, str],
) -> go.Figure:
    """Bytes over the number of pictures: ours after each one, another format's at `counts`, and `raw` for each uncompressed.

    `tints` are the colours of the three.
    """
    figure = go.Figure()
    each = list(range(1, len(ours) + 1))
    lines = (
        (t("uncompressed"), [1, len(ours)], [raw, raw * len(ours)], tints[2], "dot"),
        (plain_text.plotly(other_name), list(counts), list(other), tints[1], "dash"),
        (t("this model"), each, list(ours), tints[0], "solid"),
    )
    for name, x, y, colour, dash in lines:
        figure.add_scatter(
            x=x, y=y, name=name, mode="lines+markers" if len(ours) == 1 else "lines",
            line={"color": colour, "width": 3, "dash": dash}, hovertemplate="%{x:,}: %{y:,.0f}",
        )  # fmt: skip
    figure.update_xaxes(title=t("pictures"), rangemode="tozero")
    figure.update_yaxes(title=t("bytes"), rangemode="tozero")
    figure.update_layout(
        height=320, font={"size": 15}, margin={"l": 10, "r": 10, "t": 10, "b": 10}, dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    return figure


def quality(lines: Sequence[tuple[str, Sequence[tuple[float, float]]]], tints: Sequence[str]) -> go.Figure:
    """Quality over bytes: for each format its name and its settings as (bytes of a picture, PSNR in decibels)."""
    figure = go.Figure()
    for (name, points), colour in zip(lines, tints, strict=True):
        figure.add_scatter(
            x=[size for size, _ in points], y=[psnr for _, psnr in points], name=plain_text.plotly(name), mode="lines+markers",
            line={"color": colour, "width": 3}, marker={"size": 8}, hovertemplate="%{x:,.0f}: %{y:.1f} dB",
        )  # fmt: skip
    figure.update_xaxes(title=t("bytes for a picture"), range=[0, 200])
    figure.update_yaxes(title=t("PSNR (dB)"))
    figure.update_layout(
        height=340, font={"size": 15}, margin={"l": 10, "r": 10, "t": 10, "b": 10}, dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    return figure
