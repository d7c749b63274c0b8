"""The comparison of a checkpoint's scores with the peers' as a background job, cached on disk by the checkpoint's content."""

import hashlib
from pathlib import Path

import torch

from vae_core import checkpoints
from vae_core.anomalies.comparison import Comparison, compare
from vae_core.checkpoints import CheckpointInfo
from vae_core.jobs.job import Job, report_progress
from vae_core.utils.files import write_atomically
from vae_core.utils.paths import home

VERSION = 1  # of the scores and the peers: a new version compares every model again
SEEDS = 5


class ComparisonJob(Job[Comparison]):
    """The comparison of one checkpoint with one seed, its own, or with several, for which it is trained again on other splits."""

    @classmethod
    def of(cls, info: CheckpointInfo, seeds: int = 1) -> "ComparisonJob":
        """The job of a checkpoint; nothing is compared yet."""
        content = (VERSION, sorted(info.hashes.items()), info.run.replace(title="").model_dump_json(), seeds)
        name = hashlib.sha256(repr(content).encode()).hexdigest()[:16]
        result = home() / "cache" / f"anomalies-{name}.json"
        return cls(result, _read, __name__, (str(info.folder), str(seeds), str(result)))


def _read(path: Path) -> Comparison:
    return Comparison.parse(path.read_bytes())


def main(folder: str, seeds: str, result: str) -> None:
    """Compare and write the result."""
    torch.set_num_threads(1)
    checkpoint = checkpoints.load(Path(folder))
    found = compare(checkpoint.info.run, checkpoint.vae, int(seeds), report_progress)
    write_atomically({Path(result): found.model_dump_json().encode()})
