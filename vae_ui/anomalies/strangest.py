"""The strangest test examples in order: a picture with what each pixel costs, a row with the columns that cost most."""

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.anomalies.costliest_columns import costliest
from vae_core.anomalies.judged import Judged
from vae_core.data.tables.columns import decode
from vae_core.explore.explorer import Explorer
from vae_core.export.csv_files import Table
from vae_ui.base import pictures
from vae_ui.base.csv_download import csv_button
from vae_ui.base.translation import t
from vae_ui.views import view_of
from vae_ui.widgets import choose_image

SHOWN = 10  # cases in view
CELL = "padding:4px 12px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid rgb(128 128 128 / 30%)"


def show(model: Explorer, judged: Judged, score: str, threshold: float) -> None:
    """Draw the cases, and the button that saves all scores."""
    order = judged.strangest(score)
    if model.info.columns:
        st.html(_rows(model, judged, order[:SHOWN], score))
        st.caption(t("The columns that cost most: in brackets −ln p of the value, in nats, at the mean of q(z|x)."))
    else:
        st.html(_pictures(model, judged, order[:SHOWN], score))
        st.caption(t("Below each picture what its pixels cost, in nats: −ln p of each pixel at the mean of q(z|x)."))
    csv_button(lambda: table(model, judged, score, threshold), "anomalies", "anomalies-csv", t("All scores as CSV"))


def table(model: Explorer, judged: Judged, score: str, threshold: float) -> Table:
    """Every test example with its class, its scores, and whether it is flagged."""
    names = choose_image.class_names(model) if model.info.classes else ()
    found: dict[str, object] = {"test example": np.arange(len(judged.x))}
    if names:
        found["class"] = [names[label] for label in judged.labels]
    if judged.strange is not None:
        found["anomaly"] = judged.strange.astype(int)
    return {**found, "flagged": (judged.scores[score] > threshold).astype(int), **judged.scores}  # type: ignore[dict-item]


def words(model: Explorer, judged: Judged, index: int, score: str) -> str:
    """The class of a test example, where there is one, and its score."""
    names = choose_image.class_names(model) if model.info.classes else ()
    value = f"{judged.scores[score][index]:.3g}"
    return f"{names[judged.labels[index]]} · {value}" if names else value


def error_map(model: Explorer, x: NDArray[np.generic], alt: str) -> str:
    """What each pixel of a picture x (*shape) costs, or each column of a row, as HTML."""
    return view_of(model).nats(x, model.ledger(x).by_pixel, alt)


def _pictures(model: Explorer, judged: Judged, order: NDArray[np.int64], score: str) -> str:
    cells = "".join(_case(model, judged, int(index), score) for index in order)
    return f'<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(118px,1fr));gap:14px">{cells}</div>'


def _case(model: Explorer, judged: Judged, index: int, score: str) -> str:
    said, x = words(model, judged, index, score), judged.x[index]
    alt = t("Test example {number}: {words}", number=index, words=said)
    picture = view_of(model).figure(x, alt, "x", 118)
    cost = error_map(model, x, t("What each pixel of test example {number} costs", number=index))
    mark = "" if judged.strange is None else _mark(bool(judged.strange[index]))
    return f'<div><b>{escape(said)}</b>{mark}{picture}<div style="height:8px"></div>{cost}</div>'


def _mark(strange: bool) -> str:
    text = t("anomaly") if strange else t("normal example")
    return f'<span style="font-size:.85rem;color:{pictures.tint("x" if strange else "z")}"> {escape(text)}</span>'


def _rows(model: Explorer, judged: Judged, order: NDArray[np.int64], score: str) -> str:
    heads = (t("Test row"), t("Score"), t("Costliest columns (nats)"))
    top = "".join(f'<th scope="col" style="{CELL};font-weight:400;opacity:.8">{escape(head)}</th>' for head in heads)
    lines = "".join(_row(model, judged, int(index), score) for index in order)
    return (
        f'<div role="region" tabindex="0" aria-label="{escape(t("The strangest rows"))}" style="overflow-x:auto">'
        f'<table style="border-collapse:collapse"><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def _row(model: Explorer, judged: Judged, index: int, score: str) -> str:
    names = choose_image.class_names(model) if model.info.classes else ()
    name = f" {names[judged.labels[index]]}" if names else ""
    mark = "" if judged.strange is None else _mark(bool(judged.strange[index]))
    cells = decode(model.info.columns, np.asarray(judged.x[index : index + 1], np.float32))
    costs = "<br>".join(
        _cost(
            model.info.columns[cost.place].text(cells[cost.column][0], brief=True) or t("missing"),
            cost.column,
            cost.nats,
        )
        for cost in costliest(model, judged.x[index])
    )
    score_text = f"{judged.scores[score][index]:.3g}"
    return (
        f'<tr><td style="{CELL}">{index}{escape(name)}{mark}</td><td style="{CELL};font-variant-numeric:tabular-nums">'
        f'{score_text}</td><td style="{CELL}">{costs}</td></tr>'
    )


def _cost(value: str, column: str, nats: float) -> str:
    return f"{escape(column)} <b>{escape(value)}</b> <span style='opacity:.75'>({nats:,.0f})</span>"
