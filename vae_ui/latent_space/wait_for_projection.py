"""In place of a t-SNE or UMAP map that has not been computed yet: the offer to compute it, or its progress."""

import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.jobs.projections import Projection, has_umap
from vae_ui.base import current_user, plain_text, state
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.widgets.job_status import how_far
from vae_ui.widgets.map_views import KINDS

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
        _progress(model, method)
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
        with readable_errors():
            job.start(current_user.present().id)
        st.rerun()


@st.fragment(run_every=1)
def _progress(model: Explorer, method: str) -> None:
    job = Projection.of(model.info, method)
    done = job.progress()
    if done is None:
        st.rerun()
    share = done or 0.0
    text = t(
        "{method} of {count:,} codes: {progress}. You can use the app meanwhile.",
        method=plain_text.markdown(t(KINDS[method])),
        count=len(model.latents.mean),
        progress=how_far(job, share),
    )
    st.progress(share, text)
    if st.button(t("Stop"), icon=":material/stop:"):
        job.cancel()
        st.rerun()
