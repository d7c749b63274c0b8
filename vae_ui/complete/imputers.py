"""The model beside scikit-learn's imputers on cells of the test rows: the job, its table with the winner in bold, and a sentence."""

import streamlit as st

from vae_core.checkpoints import CheckpointInfo
from vae_core.completion.imputer_comparison import CLOSE, OURS, ImputerComparison, unsuited_table
from vae_core.jobs.imputers_job import ImputersJob
from vae_core.messages import Message
from vae_ui.base import plain_text
from vae_ui.base.score_table import Score, score_table
from vae_ui.base.translation import t
from vae_ui.widgets import model_cache
from vae_ui.widgets.job_status import begin_job, watch_job

WATCHED = Message("Comparing: {progress}")


def show(name: str, info: CheckpointInfo) -> None:
    """The table, the progress, or the button that starts the job; nothing for a model that cannot be compared."""
    if unsuited_table(info) is not None or not model_cache.at_hand(name):
        return
    st.subheader(t("Beside scikit-learn's imputers"), anchor=False)
    job = ImputersJob.of(info)
    found = job.load()
    if found is not None:
        st.markdown(f"**{sentence(found)}**")
        st.html(table(found))
        st.caption(_caption(found))
    elif job.progress() is not None:
        st.fragment(watch_job, run_every=0.5)(job, WATCHED, "complete")
    else:
        _offer(job)


def sentence(found: ImputerComparison) -> str:
    """Which method is the best on this table, and whether the model is as good."""
    ours, best = found.errors[OURS], found.errors[found.best]
    if found.best == OURS:
        return t("This VAE fills the cells best here: {ours:.3f} standard deviations off.", ours=ours)
    said = {"best": found.best, "error": best, "ours": ours}
    if ours <= CLOSE * best:
        return t("{best} is best here ({error:.3f}), and this VAE within 5 % of it ({ours:.3f}).", **said)
    return t("Use {best} for this table: {error:.3f} standard deviations off; this VAE {ours:.3f}.", **said)


def table(found: ImputerComparison) -> str:
    """A line for each method, best first."""
    heads = (t("Method"), t("error (standard deviations)"))
    names = {OURS: t("this VAE"), "SimpleImputer": t("SimpleImputer (the mean)")}
    return score_table(
        heads,
        [(names.get(one, one), [Score(f"{error:.3f}", one == found.best)]) for one, error in found.errors.items()],
    )


def _caption(found: ImputerComparison) -> str:
    return t(
        "A fifth of the known numbers of {rows:,} test rows hidden at random, {cells:,} cells; root mean square error, each column in "
        "its standard deviations, lower is better. The imputers learn from {training:,} training rows, as the model did.",
        rows=found.rows,
        cells=found.cells,
        training=found.training,
    )


def _offer(job: ImputersJob) -> None:
    if reason := job.failure():
        plain_text.refuse(t("The comparison failed. {reason}", reason=t(reason)))
    st.caption(
        t(
            "Hides known cells of the test rows, and measures how far off each method is. It takes seconds, in the background."
        )
    )
    if st.button(t("Compare"), type="primary", icon=":material/play_arrow:", key="complete-compare"):
        begin_job(job)
