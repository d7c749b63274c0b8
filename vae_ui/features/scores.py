"""The scores of all predictors of a target as a table, the job that computes them, and what they mean in a sentence."""

import streamlit as st

from vae_core.checkpoints import CheckpointInfo
from vae_core.features.comparison import FOLDS, MOST, PLACES
from vae_core.features.features_job import FeaturesJob, Line, Scores
from vae_core.features.predictors import PREDICTORS, suited
from vae_core.features.targets import Target
from vae_core.messages import Message
from vae_ui.base import plain_text
from vae_ui.base.score_table import Score, score_table
from vae_ui.base.translation import t
from vae_ui.widgets.job_status import begin_job, watch_job

WATCHED = Message("Comparing: {progress}")
TITLES = {
    "codes": Message("on codes"),
    "raw": Message("on the data themselves"),
    "pca": Message("on PCA of the same size"),
}


def show(info: CheckpointInfo, target: Target) -> None:
    """Draw the table, the progress, or the button that starts the job."""
    job = FeaturesJob.of(info, target.name)
    found = job.load()
    if found is not None:
        st.markdown(f"**{plain_text.markdown(sentence(found))}**")
        st.html(table(found, target))
        st.caption(_caption(found, target))
    elif job.progress() is not None:
        st.fragment(watch_job, run_every=1)(job, WATCHED, "features")
    else:
        if reason := job.failure():
            plain_text.refuse(t("The comparison failed. {reason}", reason=t(reason)))
        if st.button(t("Compare"), type="primary", icon=":material/play_arrow:", key="features-compare"):
            begin_job(job)
        st.caption(t("It takes seconds for a table, some minutes for large pictures, in the background; it is kept."))


def sentence(found: Scores) -> str:
    """Whether the codes are worth it: the best score on each kind of features."""
    best = {place: max(line.mean for line in found.lines if line.place == place) for place in PLACES}
    said = {"codes": best["codes"], "raw": best["raw"], "pca": best["pca"]}
    if best["codes"] >= max(best.values()):
        return t("Codes are the best features here: {codes:.3f}, the data {raw:.3f}, PCA {pca:.3f}.", **said)
    if best["codes"] >= best["pca"]:
        return t(
            "Codes ({codes:.3f}) are better than PCA of the same size ({pca:.3f}); all of the data is better still: {raw:.3f}.",
            **said,
        )
    return t(
        "PCA of the same size ({pca:.3f}) does better than codes ({codes:.3f}) here, and is simpler: use that.", **said
    )


def table(found: Scores, target: Target) -> str:
    """A row for each predictor, the best score in bold, with the lowest and the highest fold."""
    best = max(line.mean for line in found.lines)
    heads = ("", *(t(TITLES[place]) for place in PLACES))
    names = suited(target.kind)
    return score_table(
        heads, [(t(PREDICTORS[one].title), [_score(found.of(one, place), best) for place in PLACES]) for one in names]
    )


def _score(line: Line, best: float) -> Score:
    return Score(f"{line.mean:.3f}", line.mean == best, f"{min(line.folds):.3f} – {max(line.folds):.3f}")


def _caption(found: Scores, target: Target) -> str:
    kind = (
        t("Accuracy: the share of examples whose class is found.")
        if target.kind == "class"
        else t("R²: 1 is perfect, 0 is as good as always saying the mean.")
    )
    words = [
        kind,
        t(
            "Mean of {folds} folds, and below it the lowest and the highest; {examples:,} test examples, at most the first {most:,}.",
            folds=FOLDS,
            examples=found.lines[0].examples,
            most=MOST,
        ),
    ]
    if target.width:
        words.append(t("The column to be predicted is hidden from the codes: it has its mean in every row."))
    return " ".join(words)
