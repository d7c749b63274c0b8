"""What the two trainings led to: the symptom in numbers, pictures, curves and codes, and what the doctor says."""

from html import escape

import numpy as np
import streamlit as st

from vae_core.config import ModelConfig
from vae_core.mistakes.catalogue import Mistake
from vae_core.mistakes.outcome import Outcome, Pair, Rows
from vae_core.mistakes.symptoms import FIGURES, shown
from vae_ui.base import plain_text
from vae_ui.base.pictures import tint
from vae_ui.base.translation import t
from vae_ui.break_it import charts
from vae_ui.comparison import small_latent_maps
from vae_ui.views import Strip, view_for
from vae_ui.widgets import findings

CELL = 52
COMMON = ("distortion", "rate", "reported")  # figures that are shown of every mistake, beside its own
NEAREST, FARTHEST = 4.0, 40.0  # standard deviations of the prior that the maps show at least and at most


def show(mistake: Mistake, pair: Pair) -> None:
    """Everything on a trained pair, the symptom first."""
    st.html(_verdict(mistake, pair))
    st.html(view_for(ModelConfig(shape=(1, 8, 8))).strips(_strips(mistake, pair), CELL))
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        _curves(pair)
    with right:
        st.html(_figures(mistake, pair))
        st.caption(t("Distortion and rate: measured on test images by the right lines, whatever the program reports."))
    doctor(mistake, pair)
    _maps(pair)


def _verdict(mistake: Mistake, pair: Pair) -> str:
    figure = FIGURES[mistake.figure]
    values = {
        "figure": t(figure.title),
        "unit": t(figure.unit),
        "faulty": shown(mistake.figure, pair.faulty.figures[mistake.figure]),
        "right": shown(mistake.figure, pair.right.figures[mistake.figure]),
    }
    if mistake.is_seen(pair):
        text = t("The symptom is there: {figure} {faulty} with the mistake, {right} without it ({unit}).", **values)
    else:
        text = t("The symptom is not there: {figure} {faulty} with the mistake, {right} without it ({unit}).", **values)
    return f'<div style="font-size:1.1rem;font-weight:600;margin:.2rem 0 .4rem">{escape(text)}</div>'


def _strips(mistake: Mistake, pair: Pair) -> list[Strip]:
    right, faulty = t("right"), t("with the mistake")
    strips = [
        Strip("x", t("test images"), _x(pair.right.images), t("Test images")),
        Strip("x\u2032", right, _x(pair.right.reconstructions), t("Reconstructions of the right program")),
        Strip(
            "x\u2032",
            faulty,
            _x(pair.faulty.reconstructions),
            t("Reconstructions of the program with the mistake"),
        ),
    ]
    if mistake.figure == "repeat":
        again = t("Second reconstructions of the same images by the program with the mistake")
        strips.append(Strip(t("x\u2032 again"), faulty, _x(pair.faulty.again), again))
    return [
        *strips,
        Strip(t("Samples"), right, _x(pair.right.samples), t("Samples of the right program")),
        Strip(t("Samples"), faulty, _x(pair.faulty.samples), t("Samples of the program with the mistake")),
    ]


def _x(rows: Rows) -> np.ndarray:
    return np.array(rows, np.uint8).reshape(len(rows), 1, 8, 8)


def _curves(pair: Pair) -> None:
    top = max(loss for loss in pair.right.steps if loss is not None)
    curves = [
        (t("right"), tint("out"), pair.right.steps, pair.right.stride),
        (t("with the mistake"), tint("eps"), pair.faulty.steps, pair.faulty.stride),
    ]
    st.plotly_chart(charts.losses(curves, top), config={"displayModeBar": False}, key="break-losses")
    st.caption(
        t(
            "The loss as each program reports it. It can be wrong: where a faulty line computes it, a lower loss is no better model."
        )
    )


def _figures(mistake: Mistake, pair: Pair) -> str:
    """A table of the figures, the mistake's own first."""
    cell = "padding:5px 8px;text-align:right;border-bottom:1px solid rgb(128 128 128 / 30%);font-variant-numeric:tabular-nums"
    head = "".join(
        f'<th scope="col" style="{cell};font-weight:600">{escape(words)}</th>'
        for words in (t("with the mistake"), t("right"))
    )
    rows = "".join(
        f'<tr><th scope="row" style="{cell};text-align:left;font-weight:{600 if key == mistake.figure else 400}">'
        f'{escape(t(FIGURES[key].title))}<br><span style="font-size:.8rem;opacity:.8;font-weight:400">{escape(t(FIGURES[key].unit))}'
        f"</span></th>"
        + "".join(f'<td style="{cell}">{shown(key, each.figures[key])}</td>' for each in (pair.faulty, pair.right))
        + "</tr>"
        for key in dict.fromkeys((mistake.figure, *COMMON))
    )
    return (
        f'<table style="border-collapse:collapse;width:100%;line-height:1.25"><thead><tr><td style="{cell}"></td>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def doctor(mistake: Mistake, pair: Pair) -> None:
    """What the diagnosis finds in the program with the mistake, and how to find the mistake without it."""
    found = pair.faulty.findings
    st.html(findings.listed(t("What the doctor says"), found, t("nothing.")))
    if not found:
        st.markdown(
            plain_text.markdown(
                t("The doctor cannot see this mistake: to it, curves and codes look like those of a working model.")
            )
        )
    st.markdown(f"**{t('How to find it')}**: {plain_text.markdown(t(mistake.search))}")


def _maps(pair: Pair) -> None:
    drawings = [
        (t("right"), _map(pair.right, _reach(pair))),
        (t("with the mistake"), _map(pair.faulty, _reach(pair))),
    ]
    st.html(small_latent_maps.beside(drawings))
    st.caption(
        t(
            "The codes of 270 test images, coloured by class, on equal axes; dashed circles: the prior at 1, 2 and 3 standard "
            "deviations. Codes farther out stand at the edge."
        )
    )


def _codes(outcome: Outcome) -> np.ndarray:
    return np.array([[np.nan if value is None else value for value in row] for row in outcome.codes], np.float64)


def _reach(pair: Pair) -> float:
    """Half the side of both maps, in standard deviations of the prior."""
    codes = np.abs(np.concatenate([_codes(pair.right), _codes(pair.faulty)]))
    finite = codes[np.isfinite(codes)]
    return float(np.clip(np.quantile(finite, 0.99) * 1.05, NEAREST, FARTHEST))


def _map(outcome: Outcome, reach: float) -> str:
    codes, labels = _codes(outcome), np.array(outcome.labels)
    known = np.isfinite(codes).all(1)
    return small_latent_maps.svg(codes[known], labels[known], reach, tint("prior"), ("z1", "z2"), True)
