"""Sweeps on the Compare page: each figure over the values of a setting, with its interval over the seeds, as curves and as a table."""

import math
from collections.abc import Sequence
from itertools import groupby

import plotly.graph_objects as go
import streamlit as st

from vae_core.experiments.sweeps import SHOWN, Point, Sweep, kept, results
from vae_core.export.csv_files import Table
from vae_core.metrics import Estimate
from vae_core.metrics.figures import Figure
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.runs.many.listing import like_any
from vae_ui.base import palette, plain_text
from vae_ui.base.csv_download import csv_button
from vae_ui.base.score_table import Score, score_table
from vae_ui.base.translation import t
from vae_ui.comparison import tables

WIDE = 20.0  # a setting whose largest value is so many times its smallest one has a logarithmic axis
DIGITS = {"mse": 4, "active_units": 1}  # behind the point in the table; 2 for nats
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")


def section() -> None:
    """Draw the sweep that is chosen, among those with a training that is done; nothing where there is none."""
    store = Store()
    known = {sweep.id: sweep for sweep in kept(store.home) if any(point.done for point in _points(store, sweep))}
    if not known:
        return
    st.header(t("Sweeps"), anchor=False)
    id = st.selectbox(t("Sweep"), list(known), format_func=lambda id: _title(known[id]), key="compare.sweep")
    points = _points(store, known[id])
    figures = [name for name in SHOWN if any(point.figure(name) is not None for point in points)]
    name = st.segmented_control(
        t("Figure"),
        figures,
        format_func=lambda name: t(tables.described(name).title),
        default=figures[0],
        required=True,
        key="compare.sweep.figure",
    )
    chart = curves(known[id], points, name or figures[0])
    st.plotly_chart(chart, config={"displayModeBar": False}, key="compare.sweep.chart")
    st.caption(_caption(known[id], points))
    st.html(
        score_table(
            [*_heads(known[id]), t("seeds"), *_titles(figures)], [_line(point, known[id], figures) for point in points]
        )
    )
    csv_button(lambda: table(known[id], points, figures), "sweep", "compare.sweep.csv")


def _points(store: Store, sweep: Sweep) -> list[Point]:
    return results(sweep, like_any(store, sweep.runs()))


def _title(sweep: Sweep) -> str:
    varied = (f"{title_of(sweep.base, name)} {', '.join(map(_text, values))}" for name, values in sweep.varied.items())
    return f"{sweep.base.title}: {'; '.join(varied)}"


def _caption(sweep: Sweep, points: Sequence[Point]) -> str:
    left = sum(sweep.seeds - len(point.done) for point in points)
    words = [
        t("Mean over the seeds, with Student's 95 % interval, on the test images.")
        if sweep.seeds > 1
        else t("One seed, so there is no interval: the differences may be chance.")
    ]
    if left:
        words.append(t("{left} of {count} trainings are not done.", left=left, count=sweep.count))
    return " ".join(words)


def curves(sweep: Sweep, points: Sequence[Point], name: str) -> go.Figure:
    """The figure over the values of the setting that has most of them, a curve for each combination of the others."""
    axis = max(sweep.varied, key=lambda setting: len(sweep.varied[setting]))
    figure = tables.described(name)
    chart = go.Figure()
    others = [setting for setting in sweep.varied if setting != axis]
    ordered = sorted(
        points, key=lambda point: [sweep.varied[setting].index(point.settings[setting]) for setting in others]
    )
    for number, (values, group) in enumerate(
        groupby(ordered, key=lambda point: [point.settings[setting] for setting in others])
    ):
        said = ", ".join(
            f"{title_of(sweep.base, setting)} {_text(value)}" for setting, value in zip(others, values, strict=True)
        )
        _curve(chart, number, said, axis, name, list(group))
    found = sweep.varied[axis]
    is_number = all(isinstance(value, int | float) for value in found)
    is_wide = is_number and min(found) > 0 and max(found) / min(found) >= WIDE
    chart.update_xaxes(
        title=plain_text.attribute(title_of(sweep.base, axis)),
        type="log" if is_wide else "linear" if is_number else "category",
        tickvals=list(found) if is_number and len(found) < 12 else None,
        ticktext=[_text(value) for value in found] if is_number and len(found) < 12 else None,
    )
    chart.update_yaxes(title=f"{t(figure.title)}, {t(figure.unit)}")
    chart.update_layout(
        height=380, font={"size": 15}, margin={"l": 10, "r": 10, "t": 10, "b": 10}, dragmode=False,
        showlegend=bool(others), legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    return chart


def _curve(chart: go.Figure, number: int, said: str, axis: str, name: str, points: Sequence[Point]) -> None:
    known = [(point.settings[axis], found) for point in points if (found := shown(name, point)) is not None]
    known.sort(key=lambda pair: pair[0] if isinstance(pair[0], int | float) else 0)
    ends = [(_finite(one.high - one.value), _finite(one.value - one.low)) for _, one in known]
    colour = palette.class_colours(number + 1)[-1]
    chart.add_scatter(
        x=[value if isinstance(value, int | float) else _text(value) for value, _ in known],
        y=[one.value for _, one in known],
        mode="lines+markers",
        name=plain_text.attribute(said),
        line={"color": colour, "width": 3},
        marker={"size": 9, "symbol": SYMBOLS[number % len(SYMBOLS)]},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [end[0] for end in ends],
            "arrayminus": [end[1] for end in ends],
        },
        hovertemplate="%{x}: %{y:.3f}<extra></extra>",
    )


def shown(name: str, point: Point) -> Estimate | None:
    """The figure of a point as pages show it: −ELBO in place of the ELBO."""
    found = point.figure(name)
    return None if found is None else tables.shown(name, found)


def title_of(run: RunConfig, setting: str) -> str:
    """The title of a setting, or its name where forms have none."""
    fields = (type(part).model_fields for part in (run.objective, run.model, run.train))
    titles = (known[setting].title for known in fields if setting in known)
    return t(next((title for title in titles if title), "Beta" if setting == "beta" else setting))


def _heads(sweep: Sweep) -> list[str]:
    return [", ".join(title_of(sweep.base, setting) for setting in sweep.varied)]


def _titles(figures: Sequence[str]) -> list[str]:
    described: list[Figure] = [tables.described(name) for name in figures]
    return [f"{t(figure.title)} ({t(figure.unit)})" for figure in described]


def _line(point: Point, sweep: Sweep, figures: Sequence[str]) -> tuple[str, list[Score]]:
    said = ", ".join(map(_text, point.settings.values()))
    return said, [
        Score(f"{len(point.done)} / {sweep.seeds}"),
        *(Score(_number(name, shown(name, point))) for name in figures),
    ]


def _number(name: str, found: Estimate | None) -> str:
    if found is None:
        return "–"
    digits = DIGITS.get(name, 2)
    margin = f" ± {found.margin:.{digits}f}" if math.isfinite(found.margin) else ""
    return f"{found.value:.{digits}f}{margin}".replace("-", "−")


def table(sweep: Sweep, points: Sequence[Point], figures: Sequence[str]) -> Table:
    """A row for each combination: its settings, how many seeds are done, and each figure with the ends of its interval."""
    columns: dict[str, Sequence[object]] = {
        title_of(sweep.base, setting): [_text(point.settings[setting]) for point in points] for setting in sweep.varied
    }
    columns[t("seeds")] = [len(point.done) for point in points]
    for name, title in zip(figures, _titles(figures), strict=True):
        found = [shown(name, point) for point in points]
        columns[title] = [None if one is None else one.value for one in found]
        columns[t("{figure}, from (95 % interval)", figure=title)] = [one and _known(one.low) for one in found]
        columns[t("{figure}, to (95 % interval)", figure=title)] = [one and _known(one.high) for one in found]
    return columns


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "-".join(map(_text, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
