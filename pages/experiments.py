"""Experiments: models that differ in one setting, trained with one click, side by side with one sentence on their figures."""

import streamlit as st

from vae_ui.base import plain_text, translation
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.experiments import result, training
from vae_ui.shell.frame import head, live

translation.suit("picture")  # the models of every experiment are of digits, whichever model the sidebar has
head(
    t("What does one setting change?"),
    t("Choose an experiment: its models differ in one setting, and all else is equal."),
)


def stage() -> None:
    left, right = st.columns([1, 3.6], gap="medium")
    with left:
        experiment = training.choose()
    with right, readable_errors():
        st.markdown(plain_text.markdown(t(experiment.question)))
        models = training.models(experiment)
        if models:
            result.show(experiment, models)


live(stage)
