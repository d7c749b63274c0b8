"""The photographs of one draw, what is made of them, and the counts by kind."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from benchmarks.made_photos import strokes
from benchmarks.made_photos.scenes import KINDS, photo
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.images import reading
from vae_core.images.objects import TWO
from vae_core.images.preparation import prepare
from vae_core.metrics.samples.features import bundled
from vae_core.utils.arrays import UInt8

SHAPE = (1, 28, 28)
BLACK_AND_WHITE = 32  # the first class of digits in black and white
# Run in a checkout that may be older: the first result of `prepare` is the model's input.
ELSEWHERE = """
import sys, pathlib, numpy as np
from vae_core.images import reading
from vae_core.images.preparation import prepare
files = sorted(pathlib.Path(sys.argv[1]).glob("*.jpg"))
np.save(sys.argv[2], np.stack([prepare(reading.read(file), (1, 28, 28))[0] for file in files]))
"""


@dataclass(frozen=True)
class Photo:
    """The kind, the digit, and the JPEG file."""

    kind: str
    digit: int
    data: bytes


@dataclass(frozen=True)
class Made:
    """An image (1, 28, 28), what was said of the photograph, and the processor time in seconds from the decoded picture on."""

    x: UInt8
    problem: str | None
    seconds: float = 0.0


@dataclass(frozen=True)
class Count:
    """Photographs of a kind: all, those read right, those wrong without a word, and the median time in seconds."""

    photos: int
    right: int
    silent: int
    seconds: float


def made(seed: int, count: int, mnist: Path | None = None) -> list[Photo]:
    """So many photographs of each kind; the digits are drawn, or taken from the MNIST in that folder."""
    known = load(DataConfig(dataset="mnist"), mnist).test if mnist else None
    photos = []
    for place, kind in enumerate(KINDS):
        for number in range(count):
            rng = np.random.default_rng([seed, place, number])
            if known is None:
                digits = rng.integers(10, size=2)
                paths = [strokes.drawn(rng, int(digit)) for digit in digits]
            else:
                chosen = rng.integers(len(known.x), size=2)
                digits = np.asarray(known.labels)[chosen]
                paths = [strokes.thinned(np.asarray(known.x[int(i), 0])) for i in chosen]
            photos.append(Photo(kind, int(digits[0]), photo(kind, paths, int(rng.integers(2**31)))))
    return photos


def prepared_here(photos: Sequence[Photo]) -> list[Made]:
    """What this code makes of the photographs."""
    results = []
    for one in photos:
        picture, began = reading.read(one.data), time.process_time()
        prepared = prepare(picture, SHAPE)
        results.append(Made(prepared.x, prepared.problem, time.process_time() - began))
    return results


def prepared_elsewhere(photos: Sequence[Photo], checkout: Path) -> list[Made]:
    """The images that the code in another folder makes of the photographs; nothing that it says is known."""
    with tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(photos):
            (Path(folder) / f"{number:06}.jpg").write_bytes(one.data)
        out = Path(folder) / "x.npy"
        subprocess.run([sys.executable, "-c", ELSEWHERE, folder, str(out)], cwd=checkout, check=True)
        return [Made(x, None) for x in np.load(out)]


def tally(photos: Sequence[Photo], results: Sequence[Made]) -> dict[str, Count]:
    """The counts by kind, and those of all kinds under `all`."""
    read = digits_read(np.stack([result.x for result in results]))
    rows = [
        (one.kind, right(one, result, int(digit)), result)
        for one, result, digit in zip(photos, results, read, strict=True)
    ]
    return {kind: _count([row[1:] for row in rows if kind in (row[0], "all")]) for kind in (*KINDS, "all")}


def right(photo: Photo, result: Made, digit: int) -> bool:
    """Whether the digit was read, and not said to be something else; of two digits, whether that was said."""
    if photo.kind == "two digits":
        return result.problem == TWO
    return digit == photo.digit and result.problem != TWO


def digits_read(x: UInt8) -> np.ndarray:
    """The digit that the bundled classifier sees in each image (N, 1, 28, 28), -1 for something else.

    Of its classes the first ten are digits, and the last ten the same digits in black and white (tools/feature_classifier.py).
    """
    with torch.no_grad():
        classes = bundled()(torch.from_numpy(x).float() / 255).argmax(1).numpy()
    return np.where(classes < 10, classes, np.where(classes >= BLACK_AND_WHITE, classes - BLACK_AND_WHITE, -1))


def _count(rows: Sequence[tuple[bool, Made]]) -> Count:
    silent = sum(not good and result.problem is None for good, result in rows)
    return Count(
        len(rows), sum(good for good, _ in rows), silent, float(np.median([result.seconds for _, result in rows]))
    )


def said(count: Count) -> str:
    """A count in words."""
    seconds = f", {count.seconds:.2f} s each" if count.seconds else ""
    return f"{count.right} of {count.photos} right, {count.silent} wrong without a word{seconds}"
