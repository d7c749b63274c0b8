"""The figures of several models as HTML tables: those of the checkpoints, and all that were measured."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from vae_core.jobs.measurement import Report
from vae_core.messages import Message
from vae_core.metrics import Estimate
from vae_core.metrics.figures import BITS, FIGURES, NATS, Figure, margin_key
from vae_core.metrics.report import GROUPS
from vae_ui.base.palette import GROUND
from vae_ui.base.pictures import tint
from vae_ui.base.translation import t
from vae_ui.comparison.side_by_side import Model

_LINE = "1px solid rgb(128 128 128 / 30%)"
_CELL = f"padding:6px 9px;line-height:1.25;vertical-align:top;text-align:right;font-variant-numeric:tabular-nums;border-bottom:{_LINE};"
_UNIT = "font-size:.8rem;opacity:.8;font-weight:400"
_STAY = (
    f"position:sticky;background:light-dark({GROUND[0]},{GROUND[1]});"  # the page's own ground, over what scrolls by
)

# group -> its title, and the question that its figures answer
ASKS = {
    "bound": (Message("The bound"), Message("How well does the code explain an image, and what does the code cost?")),
    "prior": (Message("Prior"), Message("Do samples of the prior lie where the codes lie?")),
    "split": (Message("Decomposition of the rate"), Message("What is the rate spent on?")),
    "disentanglement": (Message("Disentanglement"), Message("Is there one number of the code for each true factor?")),
    "samples": (Message("Samples"), Message("Do samples look like test images, and are they as varied?")),
    "reconstruction": (Message("Reconstructions"), Message("Do reconstructions look like the input?")),
    "use": (Message("Use of the code"), Message("Can the classes be predicted from the codes?")),
    "sentences": (
        Message("Sentences"),
        Message("Are sentences reconstructed, and are those made up varied and right?"),
    ),
    "molecules": (
        Message("Molecules"),
        Message("Are those made up molecules, different, new, and like the data?"),
    ),
    "pairs": (
        Message("A picture and its words"),
        Message("Can each be made of the other, and do both say the same where they come from one code?"),
    ),
    "compression": (Message("Compression"), Message("How many bits does a test image take?")),
}
NEGATED = "elbo"  # the pages show −ELBO, the sum of distortion and rate; files and the command line keep the ELBO


COLUMNS = ("distortion", "rate", NEGATED, "mse", "active_units", "latent_dim", "parameters", "seconds")
BETTER = {
    "higher": Message("{unit}, higher is better"),
    "lower": Message("{unit}, lower is better"),
    "": Message("{unit}"),
}


def table(group: Sequence[Model]) -> str:
    """The figures of the checkpoints, a row for each and a column for each model, the best of each row bold.

    Two models fit on a phone; with more the table scrolls sideways under the names of the figures, which stay.
    """
    found = [figures(model) for model in group]
    names = "".join(f'<th scope="col" style="{_CELL}font-weight:600">{_name(model)}</th>' for model in group)
    corner = (
        f'<th style="{_CELL}{_STAY}left:0;z-index:1;text-align:left;font-weight:600">{escape(t("test images"))}</th>'
    )
    shown = [
        name for name in COLUMNS if name != "mse" or any(row[name] is not None for row in found)
    ]  # words have none
    body = "".join(_figure_row(name, group, [row[name] for row in found]) for name in shown)
    return _scrolling(
        t("Figures of the models"), f"<tr>{corner}{names}</tr>", body, "", f"max-width:{19 + 13 * len(group)}rem;"
    )


def _figure_row(name: str, group: Sequence[Model], values: Sequence[float | None]) -> str:
    figure = described(name)
    leading = best(figure, values)
    cells = (_figure(figure, value, leading, _margin(model, name)) for model, value in zip(group, values, strict=True))
    return f"<tr>{_about(figure)}{''.join(cells)}</tr>"


def _name(model: Model) -> str:
    return escape(model.title).replace("-", "\u2011")  # no line break after "2-"


def figures(model: Model) -> dict[str, float | None]:
    """The figures of the model by the keys of COLUMNS; None where there is none."""
    info = model.explorer.info
    seconds = info.training.get("seconds")
    known: dict[str, float | None] = {name: info.figures.get(name) for name in COLUMNS}
    elbo = known[NEGATED]
    known |= {NEGATED: None if elbo is None else -elbo}
    known |= {"latent_dim": model.explorer.latent_dim, "parameters": model.explorer.parameters}
    return known | {"seconds": None if seconds is None else float(seconds)}


def best(figure: Figure, values: Sequence[float | None]) -> float | None:
    """The best value of a figure; None where there is no better end or fewer than two values."""
    known = [value for value in values if value is not None]
    if not figure.better or len(known) < 2:
        return None
    return min(known) if figure.better == "lower" else max(known)


def _margin(model: Model, name: str) -> float | None:
    """Half the width of the 95 % interval; None where the checkpoint does not hold it."""
    return model.explorer.info.figures.get(margin_key(name))


def _figure(figure: Figure, value: float | None, best_of: float | None, margin: float | None) -> str:
    if value is None:
        about = escape(t("A plain autoencoder has no distribution over codes"))
        return f'<td style="{_CELL}" title="{about}">\u2013</td>'
    text = figure.form.format(value).replace("-", "\u2212")
    about = "" if margin is None else f'<br><span style="{_UNIT}">\u00b1 {margin:.2g}</span>'
    return f'<td style="{_CELL}">{f"<b>{text}</b>" if value == best_of else text}{about}</td>'


def notes(group: Sequence[Model]) -> str:
    """The caption of the table: how to read it."""
    words = [t("Bold: the best of a row.")]
    if any(_margin(model, name) is not None for model in group for name in COLUMNS):
        words.append(t("±: half the width of the 95 % interval over test images."))
    if any(model.explorer.info.run.model.posterior == "point" for model in group):
        words.append(t("A dash: a plain autoencoder has no distribution over codes, so no rate and no ELBO."))
    if any((model.explorer.info.figures.get("distortion") or 0) < 0 for model in group):
        words.append(t("A distortion below 0: p(x|z) is a density, which may exceed 1."))
    if not same_pixels(group):
        words.append(
            t("These models have different likelihoods or targets: compare their squared error, not their nats.")
        )
    return " ".join(words)


def same_pixels(group: Sequence[Model]) -> bool:
    """Whether nats and bits of the models can be compared: they have the same likelihood and target."""
    return len({(m.explorer.info.run.model.likelihood, m.explorer.info.run.data.target) for m in group}) == 1


def measured(group: Sequence[Model], reports: Sequence[Report]) -> str:
    """All measured figures, a row for each, grouped; the heading of a group says why it was left out."""
    names = "".join(
        f'<th scope="col" style="{_CELL}{_STAY}top:0;z-index:2;min-width:6.5rem">{_name(model)}</th>' for model in group
    )
    count = t("{count:,} test images", count=reports[0].images)
    corner = f'<th style="{_CELL}{_STAY}top:0;left:0;z-index:3;text-align:left">{escape(count)}</th>'
    body = "".join(row for name in GROUPS for row in _group_rows(name, group, reports))
    return _scrolling(
        t("All measured figures"),
        f"<tr>{corner}{names}</tr>",
        body,
        "max-height:36rem;",
        f"max-width:{19 + 13 * len(group)}rem;",
    )


def measured_notes(group: Sequence[Model]) -> str:
    """The caption of the table of all figures: how to read it."""
    words = [
        t(
            "The table scrolls. Small type: the 95 % interval over other images and other samples, where it can be computed; that of "
            "a classifier's accuracy holds for this trained classifier."
        )
    ]
    if len(group) > 1:
        words.append(
            t(
                "Bold: the best, where its interval does not overlap that of the second; other differences may be random."
            )
        )
    if not same_pixels(group):
        words.append(
            t(
                "Nats and bits of these models cannot be compared, since their likelihoods or targets differ, so none is bold."
            )
        )
    return " ".join([*words, t("Move the pointer over a figure's name to see its source.")])


def _group_rows(name: str, group: Sequence[Model], reports: Sequence[Report]) -> Iterator[str]:
    title, ask = ASKS[name]
    yield (
        f'<tr><th scope="colgroup" colspan="{len(group) + 1}" style="{_CELL}text-align:left;padding-top:14px">'
        f'<div style="position:sticky;left:9px;max-width:min(78vw,52rem)">{escape(t(title))} '
        f'<span style="{_UNIT}">{escape(t(ask))}</span>'
        f"{''.join(_left_out(name, group, reports))}</div></th></tr>"
    )
    found = [
        {line.figure: shown(line.figure, line.estimate) for line in report.lines if line.group == name}
        for report in reports
    ]
    for key in dict.fromkeys(key for lines in found for key in lines):
        estimates = [lines.get(key) for lines in found]
        figure = described(key)
        fair = same_pixels(group) or figure.unit not in (NATS, BITS)
        yield _row(_about(figure), estimates, leader(figure, estimates) if fair else None)
    if name == "bound" and any(report.kl for report in reports):
        most = max(max(report.kl, default=0.0) for report in reports)
        cells = "".join(_bars(report.kl, most) for report in reports)
        yield f"<tr>{_side(t('KL by dimension'), t('nats per image, one bar each'), 'Kingma and Welling 2014, app. B')}{cells}</tr>"


def _left_out(name: str, group: Sequence[Model], reports: Sequence[Report]) -> Iterator[str]:
    """Why a group is left out, one line for all models with the same reason."""
    reasons: dict[str, list[str]] = {}
    for model, report in zip(group, reports, strict=True):
        if reason := report.left_out.get(name):
            reasons.setdefault(reason, []).append(model.title)
    for why, titles in reasons.items():
        if len(titles) == len(group):
            text = t("left out: {reason}", reason=t(why))
        else:
            text = t("left out for {models}: {reason}", models=", ".join(titles), reason=t(why))
        yield f'<br><span style="{_UNIT}">{escape(text)}</span>'


def shown(key: str, estimate: Estimate) -> Estimate:
    """The estimate with the sign that the pages use."""
    return estimate.times(-1.0) if key == NEGATED else estimate


def described(key: str) -> Figure:
    """The figure's title, unit and direction as the pages show it."""
    return FIGURES["minus_elbo" if key == NEGATED else key]


def about(figure: Figure) -> str:
    """Unit and direction in the session's language: "nats per image, lower is better"."""
    return t(BETTER[figure.better], unit=t(figure.unit))


def leader(figure: Figure, estimates: Sequence[Estimate | None]) -> int | None:
    """The index of the best estimate; None where its 95 % interval overlaps that of the second."""
    known = [(each.value, i) for i, each in enumerate(estimates) if each is not None and not math.isnan(each.value)]
    if not figure.better or len(known) < 2:
        return None
    (_, first), (_, second) = sorted(known, reverse=figure.better == "higher")[:2]
    one, other = estimates[first], estimates[second]
    return first if one is not None and other is not None and one.disjoint(other) else None


def _about(figure: Figure) -> str:
    return _side(t(figure.title), about(figure), figure.source)


def _side(title: str, unit: str, source: str) -> str:
    return (
        f'<th scope="row" style="{_CELL}{_STAY}left:0;z-index:1;text-align:left;font-weight:500;min-width:7rem;max-width:19rem"'
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
    between = (
        f'<br><span style="{_UNIT};white-space:nowrap">{escape(t("{low} to {high}", low=low, high=high))}</span>'
        if known
        else ""
    )
    return f'<td style="{_CELL}">{f"<b>{value}</b>" if bold else value}{between}</td>'


def decimals(found: Estimate) -> int:
    """Decimals that show two digits of the interval's half width, at most four; three where it is unknown."""
    if not math.isfinite(found.margin) or found.margin <= 0:
        return 3
    return max(0, min(4, 1 - math.floor(math.log10(found.margin))))


def _bars(kl: Sequence[float], most: float) -> str:
    """A bar for each dimension, all models on one scale; the numbers are in the title."""
    if not kl:
        return f'<td style="{_CELL}">\u2013</td>'
    listed, largest = (
        ", ".join(f"z{i + 1} {nats:.2f}" for i, nats in enumerate(kl)),
        t("largest {value:.2f}", value=max(kl)),
    )
    bars = "".join(
        f'<i style="flex:0 1 7px;height:{max(1.0, 100 * nats / max(most, 1e-9)):.0f}%;background:{tint("rate")}"></i>'
        for nats in kl
    )
    return (
        f'<td style="{_CELL}"><div role="img" aria-label="{listed}" title="{listed}" style="display:flex;gap:2px;height:44px;'
        f'align-items:flex-end;justify-content:flex-end">{bars}</div><span style="{_UNIT}">{escape(largest)}</span></td>'
    )


def _scrolling(label: str, head: str, body: str, style: str = "", width: str = "") -> str:
    return (
        f'<div style="overflow:auto;{style}" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table style="border-collapse:collapse;width:100%;{width}"><thead>{head}</thead><tbody>{body}</tbody></table></div>'
    )
