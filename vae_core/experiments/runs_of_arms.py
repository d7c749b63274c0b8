"""The run of each arm: found among all runs of the home folder by its settings, so that nothing is trained twice."""

from collections.abc import Callable, Sequence

from vae_core.experiments.catalogue import Experiment
from vae_core.presets.run_config import RunConfig
from vae_core.runs import RunRow

BUSY = ("queued", "running", "pausing", "stopping")  # a run that will go on by itself


def find_run(run: RunConfig, rows: Sequence[RunRow]) -> RunRow | None:
    """The run with these settings whose beta and learning rate were left alone: one that is done, else one that waits or trains,
    else the newest one that was stopped or failed; None where there is none.

    `rows` are all runs that may have these settings, newest first.
    """
    same = [row for row in rows if not row.controls and _without_title(row.run) == _without_title(run)]
    for states in (("done",), BUSY):
        if found := next((row for row in same if row.state in states), None):
            return found
    return same[0] if same else None


def find_runs(experiment: Experiment, rows: Callable[[RunConfig], Sequence[RunRow]]) -> list[RunRow | None]:
    """The run of each arm, among those that `rows` gives for its settings; None for an arm that is bundled, or was never trained."""
    wanted = [None if arm.bundled else arm.run(experiment.title) for arm in experiment.arms]
    return [None if run is None else find_run(run, rows(run)) for run in wanted]


def _without_title(run: RunConfig) -> RunConfig:
    return run.model_copy(update={"title": ""})
