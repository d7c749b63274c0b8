"""The curve of nats against bytes as a background job, cached by the checkpoint's content."""

import hashlib
import io
from pathlib import Path

import numpy as np
import torch

from vae_core import checkpoints
from vae_core.checkpoints import CheckpointInfo
from vae_core.data import load
from vae_core.jobs.job import Job, report_progress
from vae_core.jobs.measurement import subject_of
from vae_core.messages import Message
from vae_core.slim.size_curve import SIZES, Curve, Point, curve, examples_of
from vae_core.utils.files import write_atomically
from vae_core.utils.paths import home

VERSION = 1  # of the method: a new version measures every model again


class SizeCurveJob(Job[Curve]):
    """The curve of one checkpoint, on test examples of its data, or where these are not there on what the model makes itself."""

    @classmethod
    def of(cls, info: CheckpointInfo, at_hand: bool) -> "SizeCurveJob":
        """The job of a checkpoint whose data are `at_hand` or not; nothing is measured yet."""
        content = (VERSION, sorted(info.hashes.items()), info.run.data.model_dump_json(), at_hand)
        result = home() / "cache" / f"size-curve-{hashlib.sha256(repr(content).encode()).hexdigest()[:16]}.npz"
        return cls(result, _read, __name__, (str(info.folder), "data" if at_hand else "own", str(result)))


def _read(path: Path) -> Curve:
    with np.load(path, allow_pickle=False) as archive:
        loss, size, decoded = archive["loss"], archive["bytes"], archive["decoded"]
    if not len(loss) == len(size) == len(decoded) == len(SIZES) or not np.isfinite(loss).all():
        raise ValueError(Message("{path} does not hold a curve: measure it again.", path=path))
    return {bits: Point(float(loss[i]), int(size[i]), decoded[i]) for i, bits in enumerate(SIZES)}


def main(folder: str, source: str, result: str) -> None:
    """Measure the curve of the checkpoint in `folder` and write it; raises UserError for data that have changed."""
    torch.set_num_threads(1)
    checkpoint, x = checkpoints.load(Path(folder)), None
    if source == "data":
        x = subject_of(checkpoint, load(checkpoint.info.run.data)).data.test.x.numpy()
    found = []
    for _, point in curve(checkpoint, examples_of(checkpoint, x)):
        found.append(point)
        report_progress(len(found) / len(SIZES))
    content = io.BytesIO()
    np.savez(
        content,
        loss=[one.loss for one in found],
        bytes=[one.bytes for one in found],
        decoded=np.stack([one.decoded for one in found]),
    )
    write_atomically({Path(result): content.getvalue()})
