"""Features: how well classifiers and regressors learn from codes, beside the data themselves and PCA."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.features import files, scores, target_choice
from vae_ui.shell.frame import frame, live

name, model = frame(
    t("Are codes good features?"),
    t(
        "A classifier or a regressor learns from the codes of this model. Would it learn as well from the data, or from PCA?"
    ),
)


def stage() -> None:
    with readable_errors():
        if model.conditional:
            st.info(
                t("This model is told the class, so its codes are no features for telling it: choose another model.")
            )
            return
        target = target_choice.choose(model)
        if target is None:
            return
        scores.show(model.info, target)
        st.subheader(t("Take the codes along"), anchor=False)
        files.show(name, model, target)


live(stage)
