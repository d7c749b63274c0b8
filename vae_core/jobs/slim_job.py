"""A smaller model made in the background: a checkpoint in a folder beside the file that says what it cost."""

import hashlib
from pathlib import Path

import torch

from vae_core import checkpoints
from vae_core.checkpoints import CheckpointInfo
from vae_core.data import load
from vae_core.frozen import Frozen
from vae_core.jobs.job import Job, report_progress
from vae_core.messages import Message
from vae_core.slim.slimming import Slimmed, SlimSettings, save, slim
from vae_core.training.events import TrainStep
from vae_core.utils.files import write_atomically
from vae_core.utils.paths import home

VERSION = 2  # of the method: a new version makes every model again
TRAINED = 0.9  # progress after the fine-tuning


class Outcome(Frozen):
    """What a smaller model costs on the whole test split: -ELBO, or the distortion of a plain autoencoder, in nats per image."""

    loss_before: float
    loss: float
    bytes_before: int
    bytes: int
    half: tuple[str, ...]  # the weights in 16 bits beside those of 8

    @property
    def cost(self) -> float:
        return self.loss - self.loss_before


class SlimJob(Job[Outcome]):
    """A smaller model, identified by the content of the checkpoint that it is made from, and by the settings."""

    @classmethod
    def of(cls, info: CheckpointInfo, settings: SlimSettings) -> "SlimJob":
        """The job of a checkpoint; nothing is made yet."""
        text = settings.model_dump_json()
        content = repr((VERSION, sorted(info.hashes.items()), text))
        result = home() / "cache" / f"slim-{hashlib.sha256(content.encode()).hexdigest()[:16]}.json"
        return cls(result, _read, __name__, (str(info.folder), text, str(result)))

    @property
    def folder(self) -> Path:
        """The checkpoint of the smaller model, once the job is done."""
        return folder_of(self.result)


def folder_of(result: Path) -> Path:
    return result.with_suffix("")


def _read(path: Path) -> Outcome:
    if not (folder_of(path) / checkpoints.RUN).is_file():
        raise ValueError(Message("The smaller model is not there (any more): make it again."))
    return Outcome.parse(path.read_bytes())


def main(folder: str, settings: str, result: str) -> None:
    """Make the smaller model of the checkpoint in `folder`, and write it and its Outcome."""
    torch.set_num_threads(1)
    checkpoint, chosen = checkpoints.load(Path(folder)), SlimSettings.parse(settings)
    data = load(checkpoint.info.run.data)
    for event in slim(checkpoint, data, chosen):
        if isinstance(event, Slimmed):
            save(
                folder_of(Path(result)), event, checkpoint, data, f"{checkpoint.info.title} ({event.bytes // 1000} kB)"
            )
            half = tuple(event.in_half_precision)
            found = Outcome(
                loss_before=event.loss_before,
                loss=event.loss,
                bytes_before=event.bytes_before,
                bytes=event.bytes,
                half=half,
            )
            write_atomically({Path(result): found.model_dump_json().encode()})
        elif isinstance(event, TrainStep):
            report_progress(TRAINED * min(1.0, event.progress))
