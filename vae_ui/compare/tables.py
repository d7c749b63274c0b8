"""The figures of several models as tables: what training wrote down, a row a model, and all that was measured, a row a figure."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from vae_core.jobs.measurement import Report
from vae_core.metrics import Estimate
from vae_core.metrics.figures import BITS, FIGURES, NATS, Figure, margin_key
from vae_core.metrics.report import GROUPS
from vae_ui.base.palette import GROUND
from vae_ui.base.pictures import tint
from vae_ui.compare.side_by_side import Model

_LINE = "1px solid rgb(128 128 128 / 30%)"
_CELL = f"padding:6px 9px;line-height:1.25;vertical-align:top;text-align:right;font-variant-numeric:tabular-nums;border-bottom:{_LINE};"
_UNIT = "font-size:.8rem;opacity:.8;font-weight:400"
_STAY = (
    f"position:sticky;background:light-dark({GROUND[0]},{GROUND[1]});"  # the page's own ground, over what scrolls by
)

# group -> its name for people, and what its figures ask
ASKS = {
    "bound": ("The bound", "how true, and at what price?"),
    "prior": ("Prior", "do samples fall where codes lie?"),
    "split": ("The rate, taken apart", "what is it spent on?"),
    "disentanglement": ("Disentanglement", "one number of the code for each true factor?"),
    "samples": ("Samples", "do they look like test images, and like all of them?"),
    "reconstruction": ("Reconstructions", "do they look like what went in?"),
    "use": ("Use", "can the classes be told from the codes?"),
    "compression": ("Compression", "how many bits does a test image take?"),
}


COLUMNS = ("distortion", "rate", "elbo", "mse", "active_units", "latent_dim", "parameters", "seconds")


def table(group: Sequence[Model]) -> str:
    """The figures as a table that scrolls by itself on a phone; the best of each column is bold."""
    found = [figures(model) for model in group]
    bests = {name: best(FIGURES[name], [row[name] for row in found]) for name in COLUMNS}
    head = "".join(
        f'<th scope="col" style="{_CELL}"><b>{figure.title}</b><br><span style="{_UNIT}">{figure.about}</span></th>'
        for figure in (FIGURES[name] for name in COLUMNS)
    )
    body = "".join(
        f'<tr><th scope="row" style="{_CELL}text-align:left;font-weight:600">{_name(model)}</th>'
        + "".join(_figure(FIGURES[name], row[name], bests[name], _margin(model, name)) for name in COLUMNS)
        + "</tr>"
        for model, row in zip(group, found, strict=True)
    )
    corner = f'<th style="{_CELL}text-align:left;font-weight:600">test images</th>'
    return _scrolling("Figures of the models", f"<tr>{corner}{head}</tr>", body)


def _name(model: Model) -> str:
    return escape(model.title).replace("-", "\u2011")  # no line ends in "2-"


def figures(model: Model) -> dict[str, float | None]:
    """What is known of the model, by the table's keys."""
    info = model.explorer.info
    seconds = info.training.get("seconds")
    known: dict[str, float | None] = {name: info.figures.get(name) for name in COLUMNS}
    known |= {"latent_dim": model.explorer.latent_dim, "parameters": model.explorer.parameters}
    return known | {"seconds": None if seconds is None else float(seconds)}


def best(figure: Figure, values: Sequence[float | None]) -> float | None:
    """The better end of a column, where there is one and more than one value to choose from."""
    known = [value for value in values if value is not None]
    if not figure.better or len(known) < 2:
        return None
    return min(known) if figure.better == "lower" else max(known)


def _margin(model: Model, name: str) -> float | None:
    """Half of the 95 % interval, where the checkpoint keeps it."""
    return model.explorer.info.figures.get(margin_key(name))


def _figure(figure: Figure, value: float | None, best_of: float | None, margin: float | None) -> str:
    if value is None:
        return f'<td style="{_CELL}" title="A plain autoencoder has no distribution over codes">\u2013</td>'
    text = figure.form.format(value).replace("-", "\u2212")
    about = "" if margin is None else f'<br><span style="{_UNIT}">\u00b1 {margin:.2g}</span>'
    return f'<td style="{_CELL}">{f"<b>{text}</b>" if value == best_of else text}{about}</td>'


def notes(group: Sequence[Model]) -> str:
    """What one must know to read the table."""
    words = ["Bold is the best of a column."]
    if any(_margin(model, name) is not None for model in group for name in COLUMNS):
        words.append("\u00b1 is half of a 95 % interval over test images.")
    if any(model.explorer.info.run.model.posterior == "point" for model in group):
        words.append("A dash: a plain autoencoder has no distribution over codes, so no rate and no bound.")
    if not same_pixels(group):
        words.append("These models mean different things by a pixel, so compare their squared error, not their nats.")
    return " ".join(words)


def same_pixels(group: Sequence[Model]) -> bool:
    """Whether nats and bits of the models can be compared: the same likelihood of the same pixels."""
    return len({(m.explorer.info.run.model.likelihood, m.explorer.info.run.data.target) for m in group}) == 1


def measured(group: Sequence[Model], reports: Sequence[Report]) -> str:
    """All measured figures, a row each under the heads of their groups; a head says why a group was left out."""
    names = "".join(
        f'<th scope="col" style="{_CELL}{_STAY}top:0;z-index:2;min-width:6.5rem">{_name(model)}</th>' for model in group
    )
    corner = f'<th style="{_CELL}{_STAY}top:0;left:0;z-index:3;text-align:left">{reports[0].images:,} test images</th>'
    body = "".join(row for name in GROUPS for row in _group_rows(name, group, reports))
    return _scrolling(
        "All measured figures",
        f"<tr>{corner}{names}</tr>",
        body,
        "max-height:36rem;",
        f"max-width:{19 + 13 * len(group)}rem;",
    )


def measured_notes(group: Sequence[Model]) -> str:
    """What one must know to read the table of all figures."""
    words = [
        "Scroll in it to samples, use and compression. In small type: the 95 % interval, where one can be known, over other images and "
        "other samples; a classifier's accuracy is that of the one that has learnt."
    ]
    if len(group) > 1:
        words.append("Bold is a best whose interval does not touch the second's; any other difference may be chance.")
    if not same_pixels(group):
        words.append("Nats and bits of these models mean different pixels, so none of them is bold.")
    return " ".join([*words, "Point at a figure's name for the paper it is from."])


def _group_rows(name: str, group: Sequence[Model], reports: Sequence[Report]) -> Iterator[str]:
    title, ask = ASKS[name]
    yield (
        f'<tr><th scope="colgroup" colspan="{len(group) + 1}" style="{_CELL}text-align:left;padding-top:14px">'
        f'<div style="position:sticky;left:9px;max-width:min(78vw,52rem)">{title} <span style="{_UNIT}">{ask}</span>'
        f"{''.join(_left_out(name, group, reports))}</div></th></tr>"
    )
    found = [{line.figure: line.estimate for line in report.lines if line.group == name} for report in reports]
    for key in dict.fromkeys(key for lines in found for key in lines):
        estimates = [lines.get(key) for lines in found]
        fair = same_pixels(group) or FIGURES[key].unit not in (NATS, BITS)
        yield _row(_about(FIGURES[key]), estimates, leader(FIGURES[key], estimates) if fair else None)
    if name == "bound" and any(report.kl for report in reports):
        most = max(max(report.kl, default=0.0) for report in reports)
        cells = "".join(_bars(report.kl, most) for report in reports)
        yield f"<tr>{_side('KL by dimension', 'nats, a bar each', 'Kingma and Welling 2014, app. B')}{cells}</tr>"


def _left_out(name: str, group: Sequence[Model], reports: Sequence[Report]) -> Iterator[str]:
    """Why a group is left out, once for all models that share the reason."""
    reasons: dict[str, list[str]] = {}
    for model, report in zip(group, reports, strict=True):
        if reason := report.left_out.get(name):
            reasons.setdefault(reason, []).append(model.title)
    for reason, titles in reasons.items():
        who = "" if len(titles) == len(group) else f" for {', '.join(titles)}"
        yield f'<br><span style="{_UNIT}">left out{escape(who)}: {escape(reason)}</span>'


def leader(figure: Figure, estimates: Sequence[Estimate | None]) -> int | None:
    """Which one is the best, where its 95 % interval and that of the second have no point in common."""
    known = [(each.value, i) for i, each in enumerate(estimates) if each is not None and not math.isnan(each.value)]
    if not figure.better or len(known) < 2:
        return None
    (_, first), (_, second) = sorted(known, reverse=figure.better == "higher")[:2]
    one, other = estimates[first], estimates[second]
    return first if one is not None and other is not None and one.disjoint(other) else None


def _about(figure: Figure) -> str:
    return _side(figure.title, figure.about, figure.source)


def _side(title: str, unit: str, source: str) -> str:
    return (
        f'<th scope="row" style="{_CELL}{_STAY}left:0;z-index:1;text-align:left;font-weight:500;min-width:8rem;max-width:19rem"'
        f' title="{escape(source)}">{escape(title)}<br><span style="{_UNIT}">{escape(unit)}</span></th>'
    )


def _row(side: str, estimates: Sequence[Estimate | None], bold: int | None) -> str:
    places = max((decimals(each) for each in estimates if each is not None), default=3)
    return f"<tr>{side}{''.join(_estimate(each, places, i == bold) for i, each in enumerate(estimates))}</tr>"


def _estimate(found: Estimate | None, places: int, bold: bool) -> str:
    if found is None or math.isnan(found.value):
        return f'<td style="{_CELL}">\u2013</td>'
    value, low, high = (f"{each:.{places}f}".replace("-", "\u2212") for each in (found.value, found.low, found.high))
    known = math.isfinite(found.margin)
    between = f'<br><span style="{_UNIT};white-space:nowrap">{low} to {high}</span>' if known else ""
    return f'<td style="{_CELL}">{f"<b>{value}</b>" if bold else value}{between}</td>'


def decimals(found: Estimate) -> int:
    """Places after the point that show two figures of the interval's half width, at most four; three where it is not known."""
    if not math.isfinite(found.margin) or found.margin <= 0:
        return 3
    return max(0, min(4, 1 - math.floor(math.log10(found.margin))))


def _bars(kl: Sequence[float], most: float) -> str:
    """A bar for each dimension, all models to one scale; the numbers are in the title."""
    if not kl:
        return f'<td style="{_CELL}">\u2013</td>'
    told = ", ".join(f"z{i + 1} {nats:.2f}" for i, nats in enumerate(kl))
    bars = "".join(
        f'<i style="flex:0 1 7px;height:{max(1.0, 100 * nats / max(most, 1e-9)):.0f}%;background:{tint("rate")}"></i>'
        for nats in kl
    )
    return (
        f'<td style="{_CELL}"><div role="img" aria-label="{told}" title="{told}" style="display:flex;gap:2px;height:44px;'
        f'align-items:flex-end;justify-content:flex-end">{bars}</div><span style="{_UNIT}">largest {max(kl):.2f}</span></td>'
    )


def _scrolling(label: str, head: str, body: str, style: str = "", width: str = "") -> str:
    return (
        f'<div style="overflow:auto;{style}" tabindex="0" role="region" aria-label="{label}">'
        f'<table style="border-collapse:collapse;width:100%;{width}"><thead>{head}</thead><tbody>{body}</tbody></table></div>'
    )
