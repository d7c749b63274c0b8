"""Charts with axes of the page Classroom, drawn by Plotly."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray


def marks(places: NDArray[np.float64], right: Sequence[float] | None, colour: str, ink: str) -> go.Figure:
    """The marks that people set in the latent space, (N, 2), and the right place as a ring."""
    figure = go.Figure()
    figure.add_scatter(
        x=places[:, 0], y=places[:, 1], mode="markers", marker={"size": 11, "color": colour, "opacity": 0.7}
    )
    if right is not None:
        ring = {"size": 26, "color": "rgba(0,0,0,0)", "line": {"width": 3, "color": ink}}
        figure.add_scatter(x=[right[0]], y=[right[1]], mode="markers", marker=ring)
    figure.update_layout(showlegend=False, height=300, margin={"l": 40, "r": 10, "t": 10, "b": 40})
    figure.update_xaxes(title="z1")
    figure.update_yaxes(title="z2", scaleanchor="x")
    return figure
