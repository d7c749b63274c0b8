"""The histogram of scores with a threshold to drag, drawn in the browser, and the choice of the score."""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.anomalies.curves import Curve, precision_recall, roc
from vae_core.anomalies.judged import Judged
from vae_core.anomalies.scores import SCORES
from vae_ui.base import translation
from vae_ui.base.palette import LANGUAGE
from vae_ui.base.translation import t
from vae_ui.bundles import loader

DIGITS = 6  # significant digits of a score on its way to the browser
BOTH = 2  # anomalies and normal examples that a curve needs at least


def choose_score(judged: Judged, kind: str) -> str:
    """Draw the choice of the score, the one to trust first; gives its name. `kind` of data: another one has other scores."""
    name = st.segmented_control(
        t("Score"),
        list(judged.scores),
        default=next(iter(judged.scores)),
        format_func=lambda one: t(SCORES[one].title),
        required=True,
        label_visibility="collapsed",
        key=f"anomalies-score-{kind}",
    )
    return str(name)


def show(judged: Judged, score: str, key: str) -> float:
    """Draw the histogram, the counts and the curves; gives the threshold that the person has set, or the proposed one."""
    values, start = judged.scores[score], judged.detector.threshold(score)
    strange = np.zeros(len(values), bool) if judged.strange is None else judged.strange
    both = min(strange.sum(), (~strange).sum()) >= BOTH
    own = translation.own_key(f"{key}-{score}")
    data = {
        "normal": _numbers(np.sort(values[~strange])),
        "strange": _numbers(np.sort(values[strange])),
        "start": start,
        "roc": _curve(roc(values, strange)) if both else None,
        "precision": _curve(precision_recall(values, strange)) if both else None,
        "language": LANGUAGE,
        "words": translation.table(),
    }
    _figure(data=data, key=own, on_threshold_change=lambda: None)
    told = (st.session_state.get(own) or {}).get("threshold")
    return float(told) if isinstance(told, int | float) and np.isfinite(told) else start


def caption(judged: Judged, score: str) -> str:
    """How to read the figure, and what the score is."""
    words = [
        t(SCORES[score].sentence),
        t(
            "Drag the line: what lies right of it is flagged. It starts where 5 % of the normal validation examples lie above."
        ),
    ]
    if judged.strange is not None:
        words.append(t("Bands: 95 % for each point of a curve, from exact binomial intervals of both shares."))
    return " ".join(words)


def _curve(found: Curve) -> dict[str, Any]:
    return {name: _numbers(getattr(found, name)) for name in ("x", "y", "low", "high")}


def _numbers(values: NDArray[np.float64]) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in values]


_figure = st.components.v2.component("latent_anomalies", html='<div class="threshold"></div>\n', js=loader("anomalies"))
