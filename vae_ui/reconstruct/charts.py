"""The chart of the Reconstruct page with axes, drawn by Plotly."""

from collections.abc import Sequence

import plotly.graph_objects as go

from vae_ui.base.translation import t


def closing_bound(
    counts: Sequence[int],
    means: Sequence[float],
    deviations: Sequence[float],
    truth: float | None,
    colours: tuple[str, str],
) -> go.Figure:
    """The bounds L_k (K,) over the number k of samples, a band of one standard deviation, and ln p(x) as a line; all in nats.

    `colours` are those of the bound and of ln p(x).
    """
    bound, exact = colours
    known = [(k, mean, spread) for k, mean, spread in zip(counts, means, deviations, strict=True) if spread == spread]
    figure = go.Figure()
    figure.add_scatter(
        x=[k for k, _, _ in known] + [k for k, _, _ in reversed(known)],
        y=[mean + spread for _, mean, spread in known] + [mean - spread for _, mean, spread in reversed(known)],
        fill="toself", mode="none", fillcolor=bound, opacity=0.25, hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(x=list(counts), y=list(means), mode="lines+markers", line={"color": bound, "width": 3},
                       marker={"size": 8}, hovertemplate="k = %{x}: %{y:.2f}<extra></extra>")  # fmt: skip
    if truth is not None:
        figure.add_hline(truth, line={"color": exact, "width": 2, "dash": "dash"},
                         annotation_text=t("ln p(x) = {value:.2f}", value=truth),
                         annotation_position="bottom right")  # fmt: skip
    figure.update_xaxes(type="log", title=t("k, samples of z"), tickvals=[1, 10, 100, 1000], range=[-0.1, 3.8])
    figure.update_yaxes(title=t("L_k, nats (higher is better)"))
    figure.update_layout(
        showlegend=False, height=320, font={"size": 15}, margin={"l": 10, "r": 10, "t": 10, "b": 10}, dragmode=False
    )
    return figure
