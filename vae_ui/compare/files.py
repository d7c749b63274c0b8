"""The figures of the Compare page as tables for a file: those of the checkpoints, and all that were measured."""

from collections.abc import Sequence

from vae_core.export.csv_files import Table
from vae_core.jobs.measurement import Report
from vae_core.metrics.figures import margin_key
from vae_ui.base.translation import t
from vae_ui.comparison import tables
from vae_ui.comparison.side_by_side import Model


def figures(group: Sequence[Model]) -> Table:
    """A row for each model: its figures, and half the width of their 95 % intervals where the checkpoint holds them."""
    found = [tables.figures(model) for model in group]
    columns: dict[str, Sequence[object]] = {t("model"): [model.title for model in group]}
    for name in tables.COLUMNS:
        figure = tables.described(name)
        title, margins = t(figure.title), [model.explorer.info.figures.get(margin_key(name)) for model in group]
        columns[f"{title} ({t(figure.unit)})"] = [row[name] for row in found]
        if any(margin is not None for margin in margins):
            columns[t("{figure}, ± (95 % interval)", figure=title)] = margins
    return columns


def measured(group: Sequence[Model], reports: Sequence[Report]) -> Table:
    """A row for each measured figure of each model, with the ends of its 95 % interval."""
    rows = [
        (model.title, t(figure.title), estimate.value, estimate.low, estimate.high, tables.about(figure), figure.source)
        for model, report in zip(group, reports, strict=True)
        for line in report.lines
        for figure, estimate in [(tables.described(line.figure), tables.shown(line.figure, line.estimate))]
    ]
    heads = (
        t("model"),
        t("figure"),
        t("value"),
        t("from (95 % interval)"),
        t("to (95 % interval)"),
        t("unit"),
        t("source"),
    )
    return {head: [row[i] for row in rows] for i, head in enumerate(heads)}
