"""A model of a table beside scikit-learn's imputers as a background job, cached by the checkpoint's content."""

import hashlib
from pathlib import Path

import torch

from vae_core import checkpoints
from vae_core.checkpoints import CheckpointInfo
from vae_core.completion.imputer_comparison import ImputerComparison, compare_imputers
from vae_core.data import load
from vae_core.jobs.job import Job, report_progress
from vae_core.jobs.measurement import subject_of
from vae_core.utils.files import write_atomically
from vae_core.utils.paths import home

VERSION = 1  # of the comparison: a new version compares every model again


class ImputersJob(Job[ImputerComparison]):
    """The comparison of one checkpoint, on the test rows of its table."""

    @classmethod
    def of(cls, info: CheckpointInfo) -> "ImputersJob":
        """The job of a checkpoint; nothing is compared yet."""
        content = (VERSION, sorted(info.hashes.items()), info.run.data.model_dump_json())
        result = home() / "cache" / f"imputers-{hashlib.sha256(repr(content).encode()).hexdigest()[:16]}.json"
        return cls(result, _read, __name__, (str(info.folder), str(result)))


def _read(path: Path) -> ImputerComparison:
    return ImputerComparison.parse(path.read_bytes())


def main(folder: str, result: str) -> None:
    """Compare and write the result; raises UserError for a table that has changed since the model was trained."""
    torch.set_num_threads(1)
    checkpoint = checkpoints.load(Path(folder))
    data = subject_of(checkpoint, load(checkpoint.info.run.data)).data
    found = compare_imputers(checkpoint, data, progress=report_progress)
    write_atomically({Path(result): found.model_dump_json().encode()})
