"""The curve of accuracy by the number of labels, on codes and on the data themselves, computed in the background when asked for."""

import plotly.graph_objects as go
import streamlit as st

from vae_core.checkpoints import CheckpointInfo
from vae_core.few_labels.classifiers import METHODS
from vae_core.few_labels.curve_job import CurveJob, Curves, Line
from vae_core.messages import Message
from vae_ui.base import pictures, plain_text
from vae_ui.base.translation import t
from vae_ui.few_labels.peers import TITLES
from vae_ui.widgets.job_status import begin_job, watch_job

WATCHED = Message("The curve: {progress}")
TINTS = {"propagation": "z", "neighbours": "out", "logistic": "x"}


def show(info: CheckpointInfo) -> None:
    """Draw the curve, its progress, or the button that computes it."""
    job = CurveJob.of(info)
    found = job.load()
    if found is not None:
        st.plotly_chart(figure(found), config={"displayModeBar": False}, key="few-labels-curve")
        st.caption(
            t(
                "Mean of {draws} draws of the labelled examples, as many of each class; bars: the lowest and the highest draw. Solid: "
                "on codes; dotted: on the data themselves.",
                draws=found.draws,
            )
        )
    elif job.progress() is not None:
        st.fragment(watch_job, run_every=1)(job, WATCHED, "few-labels-curve")
    else:
        if reason := job.failure():
            plain_text.refuse(t("The curve failed. {reason}", reason=t(reason)))
        if st.button(t("Draw the curve to 10 labels a class"), icon=":material/play_arrow:", key="few-labels-curve-go"):
            begin_job(job)


def figure(found: Curves) -> go.Figure:
    """Accuracy in percent over labels in all, a line for each method and place, with the range of the draws for propagation."""
    chart = go.Figure()
    for line in found.lines:
        _line(chart, line)
    chart.update_xaxes(title=t("labels in all"), type="log", tickvals=found.lines[0].labels)
    chart.update_yaxes(title=t("right among the others"), tickformat=".0%", range=[0, 1])
    chart.update_layout(
        height=380, font={"size": 15}, margin={"l": 10, "r": 10, "t": 10, "b": 10}, dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    return chart


def _line(chart: go.Figure, line: Line) -> None:
    above = [max(each) - mean for each, mean in zip(line.accuracies, line.means, strict=True)]
    below = [mean - min(each) for each, mean in zip(line.accuracies, line.means, strict=True)]
    bars = {"type": "data", "symmetric": False, "array": above, "arrayminus": below, "thickness": 1.5}
    chart.add_scatter(
        x=line.labels, y=line.means, mode="lines+markers",
        name=t("{method}, {place}", method=t(METHODS[line.method].title), place=t(TITLES[line.place])),
        line={"color": pictures.tint(TINTS[line.method]), "width": 3, "dash": "solid" if line.place == "codes" else "dot"},
        error_y=bars if line.method == "propagation" else None, hovertemplate="%{x}: %{y:.1%}",
    )  # fmt: skip
