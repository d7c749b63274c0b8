"""The features as a file, and the Python code that reads it and comes to the same score."""

from functools import partial
from pathlib import Path

import streamlit as st

from vae_core.data import load
from vae_core.explore.explorer import Explorer
from vae_core.features.comparison import FOLDS
from vae_core.features.feature_table import SUFFIXES, FeatureTable, content, feature_table
from vae_core.features.features_job import FeaturesJob
from vae_core.features.pipeline_code import code
from vae_core.features.predictors import PREDICTORS, suited
from vae_core.features.targets import Target
from vae_core.messages import Message
from vae_ui.base import pictures
from vae_ui.base.translation import t
from vae_ui.widgets import model_cache

LABELS = {".csv": Message("CSV file"), ".parquet": Message("Parquet file"), ".npz": Message("npz file")}


def show(name: str, model: Explorer, target: Target) -> None:
    """Draw the buttons, the choice of a predictor, and its code."""
    with st.container(horizontal=True, gap="small"):
        for suffix in SUFFIXES:
            file = f"{name}-features{suffix}"
            made = partial(_content, name, model, target, file)
            pictures.download(t(LABELS[suffix]), made, file, f"features{suffix}")
    names = suited(target.kind)
    predictor = st.segmented_control(
        t("Predictor"),
        names,
        default=names[0],
        format_func=lambda one: t(PREDICTORS[one].title),
        required=True,
        label_visibility="collapsed",
        key=f"features-predictor-{target.kind}",
    )
    found = FeaturesJob.of(model.info, target.name).load()
    folds = FOLDS if found is None else len(found.lines[0].folds)
    # Without colours, whose contrast is too low for small letters, and in lines that never scroll.
    st.code(code(f"{name}-features.csv", ".csv", target, str(predictor), folds), None, wrap_lines=True)
    st.caption(t("It reads the CSV file, in the same folder, and prints the score on codes from the table above."))


def _content(name: str, model: Explorer, target: Target, file: str) -> bytes:
    return content(_features(*model_cache.key(name), target, model).table, Path(file))


@st.cache_resource(max_entries=2, show_spinner=False, ttl=600)
def _features(folder: str, changed: int, target: Target, _model: Explorer) -> FeatureTable:
    return feature_table(Explorer.open(_model.info.folder), load(_model.info.run.data), target)
