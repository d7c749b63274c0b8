"""The pair of trainings of one mistake as a background job, cached on disk by mistake and seed."""

from pathlib import Path

import torch

from vae_core.errors import entry
from vae_core.jobs.job import Job, report_progress
from vae_core.messages import Message
from vae_core.mistakes.catalogue import MISTAKES
from vae_core.mistakes.outcome import Pair
from vae_core.utils.files import write_atomically
from vae_core.utils.paths import home

VERSION = 1  # of the program and its figures: a new version trains every pair again


class PairJob(Job[Pair]):
    """The right and the faulty training of a mistake with one seed."""

    @classmethod
    def of(cls, mistake: str, seed: int = 0) -> "PairJob":
        """The job of a mistake of MISTAKES; nothing is trained yet. Raises UserError for an unknown one."""
        entry(MISTAKES, mistake, Message("mistake"))
        result = home() / "cache" / f"mistake-{VERSION}-{mistake}-{seed}.json"
        return cls(result, _read, __name__, (mistake, str(seed), str(result)))


def _read(path: Path) -> Pair:
    return Pair.parse(path.read_bytes())


def main(mistake: str, seed: str, result: str) -> None:
    """Train the pair and write it."""
    torch.set_num_threads(1)
    pair = MISTAKES[mistake].run(int(seed), report_progress)
    write_atomically({Path(result): pair.model_dump_json().encode()})
