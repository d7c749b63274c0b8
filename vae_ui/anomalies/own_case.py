"""A case of a person's own: a picture, or rows of a table, with its scores and what of it is strange."""

from pathlib import Path

import numpy as np
import streamlit as st

from vae_core.anomalies.judged import Judged
from vae_core.anomalies.scores import SCORES
from vae_core.data.own.pictures.one_picture import read_picture
from vae_core.data.tables import reading
from vae_core.data.tables.columns import decode, encode
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.images import preparation
from vae_core.images.reading import SUFFIXES
from vae_ui.anomalies.strangest import error_map
from vae_ui.base import pictures, plain_text
from vae_ui.base.translation import t
from vae_ui.datasets import uploads
from vae_ui.views import view_of
from vae_ui.views.base import Inputs
from vae_ui.views.row import formats

MOST = 200  # rows of a file that are judged on the page; the command judges all


def show(model: Explorer, judged: Judged, score: str, threshold: float) -> None:
    """Draw the widgets, and what the model says of the case."""
    try:
        x = _rows(model, judged) if model.info.columns else _picture(model)
        if x is not None:
            _say(model, judged, x, score, threshold)
    except UserError as error:
        plain_text.refuse(error)


def _picture(model: Explorer) -> Inputs | None:
    kinds = [suffix[1:] for suffix in sorted(SUFFIXES)]
    file = st.file_uploader(t("Upload an image"), kinds, key="anomalies-picture", max_upload_size=50)
    uploads.say_refusal()
    if file is None:
        return None
    image, said = read_picture(file.getvalue(), file.name)
    if said:
        st.caption(t(said))
    made = preparation.prepare(image, model.shape, None, model.info.run.data.dataset)
    if made.problem is not None:
        plain_text.warn(made.problem)
    return made.x[None]


def _rows(model: Explorer, judged: Judged) -> Inputs:
    """The rows of an uploaded table, or one row that the person edits; it starts as the most normal test row."""
    path = uploads.table_chooser("anomalies.own")
    if path:
        return encode(model.info.columns, reading.cells(reading.read(Path(path), fewest=1)))[:MOST]
    usual = judged.strangest(next(iter(judged.scores)))[-1]
    start = decode(model.info.columns, np.asarray(judged.x[usual : usual + 1], np.float32))
    st.caption(t("Or change values of this row, which is the most normal one of the test split."))
    edited = st.data_editor(
        start, hide_index=True, column_config=formats(model.info.columns), key=f"anomalies-row-{usual}"
    )
    return encode(model.info.columns, edited)


def _say(model: Explorer, judged: Judged, x: Inputs, score: str, threshold: float) -> None:
    scores = judged.of(x)
    if len(x) > 1:
        flagged = (scores[score] > threshold).astype(int)
        st.dataframe({t("Flagged"): flagged, **{t(SCORES[name].title): values for name, values in scores.items()}})
        return
    value = float(scores[score][0])
    said = t(
        "Score {value:.3g}: stranger than {share:.0%} of the normal validation examples.",
        value=value,
        share=judged.share_below(score, value),
    )
    verdict = t("It is flagged.") if value > threshold else t("It is not flagged.")
    st.markdown(f"{said} **{verdict}**")
    cost = error_map(model, x[0], t("What each part of your example costs"))
    if model.info.columns:
        st.html(cost)
    else:
        figure = view_of(model).figure(x[0], t("Your example"), "x")
        pictures.beside([(figure, "x", "x"), (cost, "distortion", t("cost of each pixel"))])
