"""The table of all detectors on the same splits, ours and scikit-learn's, with the winner in bold, and the sentence on it."""

import streamlit as st

from vae_core.anomalies.comparison import Comparison, Line, verdict
from vae_core.anomalies.comparison_job import SEEDS, ComparisonJob
from vae_core.anomalies.peers import MOST_COLUMNS, MOST_ROWS
from vae_core.anomalies.scores import SCORES
from vae_core.checkpoints import CheckpointInfo
from vae_core.messages import Message
from vae_ui.base import current_user, plain_text
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.score_table import Score, score_table
from vae_ui.base.translation import t
from vae_ui.widgets.job_status import begin_job, watch_job

WATCHED = Message("Simpler tools on the same splits: {progress}")
AT_ONCE = 5000  # training examples up to which the comparison takes seconds, and starts by itself


def found(info: CheckpointInfo) -> Comparison | None:
    """The comparison with five seeds, or with the model's own; None while there is none."""
    return ComparisonJob.of(info, SEEDS).load() or ComparisonJob.of(info).load()


def section(info: CheckpointInfo, training: int) -> None:
    """Draw the table, or the progress; small data are compared without being asked."""
    known = found(info)
    if known is not None:
        st.html(table(known))
        st.caption(_caption(known))
    one, five = ComparisonJob.of(info), ComparisonJob.of(info, SEEDS)
    if known is None and training <= AT_ONCE and one.progress() is None and one.failure() is None:
        with readable_errors():
            one.start(current_user.present())
    wanted = one if known is None else five
    if known is not None and known.seeds == SEEDS:
        return
    if wanted.progress() is not None:
        st.fragment(watch_job, run_every=0.5)(wanted, WATCHED, "anomalies-compare")
        return
    if reason := wanted.failure():
        plain_text.refuse(t("The comparison failed. {reason}", reason=t(reason)))
    _offer(wanted, known is None)


def table(known: Comparison) -> str:
    """A line for each detector, best first."""
    return score_table((t("Detector"), "AUROC", t("average precision")), [_line(known, line) for line in known.lines])


def _line(known: Comparison, line: Line) -> tuple[str, list[Score]]:
    name = t("{score} (this VAE)", score=t(SCORES[line.detector].title)) if line.ours else line.detector
    best = line.auroc == known.lines[0].auroc
    area = f"{line.auroc:.3f}" if known.seeds == 1 else f"{line.auroc:.3f} ± {line.estimate.margin:.3f}"
    precision = f"{sum(line.precisions) / len(line.precisions):.3f}"
    return name, [Score(area, best), Score(precision)]


def _caption(known: Comparison) -> str:
    seeds = (
        t("One seed.")
        if known.seeds == 1
        else t("Mean of {seeds} seeds, with Student's 95 % interval.", seeds=known.seeds)
    )
    return t(
        "Bold: the best. {seeds} The same splits for all: {strange:,} anomalies and {normal:,} normal test examples. scikit-learn's "
        "detectors have their usual settings, on pixels or columns; those whose time grows with the square have at most {rows:,} "
        "training examples, EllipticEnvelope at most {columns} principal components.",
        seeds=seeds,
        strange=known.strange,
        normal=known.normal,
        rows=MOST_ROWS,
        columns=MOST_COLUMNS,
    )


def sentence(info: CheckpointInfo) -> str:
    """Which score to trust: by the comparison once there is one."""
    known = found(info)
    if known is not None:
        return t(verdict(known))
    return t("Trust the mean of ranks. −ELBO alone fails on pictures: a simple picture is likely under any model.")


def _offer(job: ComparisonJob, first: bool) -> None:
    label = t("Compare with simpler tools") if first else t("Compare with five seeds")
    if st.button(label, icon=":material/play_arrow:", key="anomalies-compare"):
        begin_job(job)
    if not first:
        st.caption(t("Four more trainings, each on splits of its own, in the background."))
