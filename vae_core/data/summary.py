"""What a data set holds, in figures and a few pictures, for a look at it before anything is trained."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae_core.data.base import Array, Dataset

SPLITS = ("train", "val", "test")
BINS = 32
LOOKED_AT = 20_000  # images of the training split whose values are counted


@dataclass(frozen=True)
class ClassSummary:
    """A class by name ("" where there are no labels): how many images each split has of it, and some from the training split."""

    name: str
    counts: tuple[int, int, int]
    examples: Array  # uint8 (n, C, H, W), or float32 (n, D)


@dataclass(frozen=True)
class Summary:
    """All classes in order, and the values of pixels or numbers: `shares` (BINS,) of them between the `edges` (BINS + 1,)."""

    classes: tuple[ClassSummary, ...]
    shares: NDArray[np.float64]
    edges: NDArray[np.float64]

    @property
    def is_points(self) -> bool:
        """Whether each example is a row of numbers rather than an image."""
        return self.classes[0].examples.ndim == 2

    @property
    def counts(self) -> tuple[int, int, int]:
        """Images in the training, validation and test split."""
        train, val, test = (sum(one.counts[i] for one in self.classes) for i in range(3))
        return train, val, test


def summarise(data: Dataset, examples: int = 12) -> Summary:
    """Figures of all splits, with the first `examples` training images of each class."""
    labels = [getattr(data, split).labels.numpy() for split in SPLITS]
    x = data.train.x.numpy()
    names = data.classes or ("",)
    counts = [np.bincount(part, minlength=len(names)) for part in labels]
    order = np.argsort(labels[0], kind="stable")  # the images of each class side by side, each class's first ones first
    starts = np.concatenate([[0], np.cumsum(counts[0])])
    classes = tuple(
        ClassSummary(
            name,
            (int(counts[0][i]), int(counts[1][i]), int(counts[2][i])),
            x[order[starts[i] : min(starts[i] + examples, starts[i + 1])]],
        )
        for i, name in enumerate(names)
    )
    return Summary(classes, *_histogram(x))


def _histogram(x: Array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    some = x[np.linspace(0, len(x) - 1, min(len(x), LOOKED_AT)).astype(np.int64)]
    if some.dtype == np.uint8:
        levels = np.bincount(some.ravel(), minlength=256).reshape(BINS, -1).sum(1)
        return levels / levels.sum(), np.linspace(0, 256, BINS + 1)
    counts, edges = np.histogram(some[np.isfinite(some)], BINS)
    return counts / max(1, counts.sum()), edges
