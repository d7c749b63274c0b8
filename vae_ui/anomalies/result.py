"""All that the page shows of a trained model: the threshold first, then the simpler tools, the strangest cases, and one's own."""

import streamlit as st

from vae_core.anomalies.judged import Judged, judge
from vae_core.explore.explorer import Explorer
from vae_ui.anomalies import own_case, peers, strangest, threshold
from vae_ui.base import plain_text
from vae_ui.base.translation import Later, t
from vae_ui.widgets import model_cache


def show(name: str) -> None:
    """Everything on the model of that name; it runs again by itself when a person sets the threshold or chooses a score."""
    st.fragment(_draw)(name)


def _draw(name: str) -> None:
    model, judged = model_cache.explorer(name), _judged(*model_cache.key(name), model_cache.explorer(name))
    if judged.strange is not None:
        st.markdown(f"**{plain_text.markdown(peers.sentence(model.info))}**")
    score = threshold.choose_score(judged, model.info.run.model.kind)
    limit = threshold.show(judged, score, f"anomalies-{name}")
    st.caption(threshold.caption(judged, score))
    st.subheader(t("The strangest examples"), anchor=False)
    strangest.show(model, judged, score, limit)
    if judged.strange is not None:
        st.subheader(t("Simpler tools on the same examples"), anchor=False)
        peers.section(model.info, judged.training)
    st.subheader(t("Is yours strange?"), anchor=False)
    own_case.show(model, judged, score, limit)


@st.cache_resource(max_entries=6, show_spinner=Later("Scoring the test examples ..."))
def _judged(folder: str, changed: int, _model: Explorer) -> Judged:
    return judge(_model.info)
