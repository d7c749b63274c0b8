"""The test split as a model judges it: scores, the truth where it is known, and scores of a person's own examples."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core import checkpoints
from vae_core.anomalies.scores import Detector, Values
from vae_core.checkpoints import CheckpointInfo
from vae_core.data import Split, load
from vae_core.data.some_classes import unseen
from vae_core.utils.arrays import Int64


@dataclass(frozen=True)
class Judged:
    """`x` (N, *shape) are the test examples as the model takes them, `labels` (N,), `scores` (N,) by name; `strange` (N,) says which
    are of classes that were not trained on, None where the training saw all; `training` counts the examples trained on."""

    detector: Detector
    x: NDArray[np.generic]
    labels: Int64
    scores: dict[str, Values]
    strange: NDArray[np.bool_] | None
    training: int

    def strangest(self, score: str) -> Int64:
        """The numbers of the test examples, the strangest first."""
        return np.argsort(-self.scores[score], kind="stable")

    def of(self, x: NDArray[np.generic]) -> dict[str, Values]:
        """The scores of other examples (M, *shape), (M,) by name."""
        return self.detector(Split(torch.from_numpy(np.ascontiguousarray(x)), torch.zeros(len(x)).long()))

    def share_below(self, score: str, value: float) -> float:
        """The share of normal validation examples that are less strange than this."""
        return float((self.detector.normal[score] < value).mean())


def judge(info: CheckpointInfo) -> Judged:
    """The test split judged by a checkpoint; raises UserError where its data cannot be read, and for a conditional model."""
    checkpoint = checkpoints.load(info.folder)
    data = load(info.run.data)
    detector = Detector(checkpoint.vae, data, info.run.data.target)
    strange = unseen(data.classes, info.run.data, data.test.labels)
    if strange is not None and (strange.all() or not strange.any()):
        strange = None
    scores = detector(data.test)
    return Judged(detector, data.test.x.numpy(), data.test.labels.numpy(), scores, strange, len(data.train))
