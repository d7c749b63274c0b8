"""In place of a t-SNE or UMAP map that has not been computed yet: the offer to compute it, or its progress."""

import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.jobs.projections import Projection, has_umap
from vae_core.messages import Message
from vae_ui.base import plain_text, state
from vae_ui.base.translation import t
from vae_ui.widgets.job_status import begin_job, watch_job
from vae_ui.widgets.map_views import KINDS

WATCHED = Message("{method} of {count:,} codes: {progress}. You can use the app meanwhile.")
SIZE = 210  # MB that the extra `umap` adds to an installation (umap-learn 0.5.12 with numba and llvmlite)


def draw(model: Explorer) -> None:
    """For the method that is chosen as the view of the map."""
    method = state.choices().view
    if method == "umap" and not has_umap():
        st.info(
            t(
                "UMAP needs an extra library, which takes {size} MB: run `pip install 'vae-explorer[umap]'` and start the app again, "
                "or choose t-SNE, which shows neighbours as well.",
                size=SIZE,
            )
        )
        return
    job = Projection.of(model.info, method)
    if job.progress() is not None:
        words = {"method": plain_text.markdown(t(KINDS[method])), "count": len(model.latents.mean)}
        st.fragment(watch_job, run_every=1)(job, WATCHED, "projection", **words)
        return
    st.info(
        t(
            "{method} places {count:,} codes in two dimensions so that near codes stay near. It takes about one minute in the "
            "background; the result is kept.",
            method=plain_text.markdown(t(KINDS[method])),
            count=len(model.latents.mean),
        )
    )
    if reason := job.failure():
        plain_text.refuse(t("The last attempt failed. {reason} Start it again, or choose PCA.", reason=t(reason)))
    if st.button(t("Compute it"), type="primary", icon=":material/play_arrow:"):
        begin_job(job)
