"""What edits do to digits: `python -m benchmarks.edits`, of MNIST's test pictures under `mnist-vae-20d`.

Each direction is learnt from the codes of training pictures, and beside that from those of the test pictures themselves, which is what
the page Edits has; it is added to the codes of test pictures. A classifier that was trained apart, on real training pictures, says what
digit is decoded. First the share that turns into the class that the direction leads to, the mean
over all 90 ordered pairs of classes; then the share that keeps its digit when a property is changed within the class, and how much of
the property that gives. With `--choose` other directions are compared with those of the app on validation pictures.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import torch
from torch import Tensor

from vae_core import checkpoints
from vae_core.data import Dataset, Split, load, to_input
from vae_core.edits.directions import Direction, between, towards_more
from vae_core.edits.picture_properties import MEASURED, ink
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_core.metrics.pairs.judge import Judge
from vae_core.utils.arrays import Int64
from vae_core.utils.paths import data_dir

MODEL, CLASSES = "mnist-vae-20d", 10
STRENGTHS, KEPT_AT = (1.0, 1.5, 2.0), (-1.0, 1.0)
FLIPPED, KEPT, JUDGE = (
    0.85,
    0.87,
    0.98,
)  # the bars: at strength 1.5, at strength 1, and of the judge on real test pictures
EPOCHS = 4  # of the judge
Between = Callable[[Codes, Int64, Int64], Direction]


@dataclass(frozen=True)
class Judged:
    """A model, the classifier that judges what it decodes, from pictures to their classes (N, 1), and the data."""

    model: Explorer
    judge: Callable[[Tensor], Tensor]
    data: Dataset

    def codes(self, split: Split) -> Codes:
        return self.model.encode(split.x.numpy())[0]

    def classes(self, z: Codes) -> Int64:
        """What the judge says of the decoded codes (N, L), (N,)."""
        return self.judge(torch.from_numpy(self.model.decode(z)))[:, 0].numpy()


def flipped(judged: Judged, learnt: Split, split: Split, way: Between, strengths: tuple[float, ...]) -> list[float]:
    """The share of the pictures of a class that becomes the other one at each strength, the mean over ordered pairs.

    The directions are learnt from the codes of `learnt` and added to those of `split`.
    """
    known, labels = judged.codes(learnt), learnt.labels.numpy()
    members = [np.flatnonzero(labels == k) for k in range(CLASSES)]
    codes, truth = judged.codes(split), split.labels.numpy()
    shares = []
    for a, b in permutations(range(CLASSES), 2):
        step = way(known, members[a], members[b]).step
        shares.append([(judged.classes(codes[truth == a] + np.float32(t) * step) == b).mean() for t in strengths])
    return np.mean(shares, 0).tolist()


def kept(
    judged: Judged, learnt: Split, split: Split, name: str, strengths: tuple[float, ...]
) -> list[tuple[float, float]]:
    """At each strength of more of a property: the share that keeps its digit, and the mean change of the property."""
    measure = MEASURED[name].of
    direction = towards_more(judged.codes(learnt), measure(ink(learnt.x.numpy())), learnt.labels.numpy())
    codes, truth = judged.codes(split), split.labels.numpy()
    before, found = measure(ink(judged.model.decode(codes))), []
    for t in strengths:
        z = codes + np.float32(t) * direction.step
        change = np.nanmean(measure(ink(judged.model.decode(z))) - before)
        found.append((float((judged.classes(z) == truth).mean()), float(change)))
    return found


# -- other directions, for `--choose` ------------------------------------------------------------------------------------
def discriminant(codes: Codes, start: Int64, end: Int64, noise: float = 1.0) -> Direction:
    """Fisher's linear discriminant, as long as the difference of the means. `noise`: added to each variance within the classes, times
    the mean variance, without which numbers of the code that say nothing would take over."""
    step = between(codes, start, end).step.astype(np.float64)
    centred = np.concatenate([codes[rows] - codes[rows].mean(0) for rows in (start, end)]).astype(np.float64)
    within = centred.T @ centred / len(centred)
    return _as_long(np.linalg.solve(within + noise * np.trace(within) / len(within) * np.eye(len(within)), step), step)


def logistic(codes: Codes, start: Int64, end: Int64) -> Direction:
    """The normal of a logistic regression, as long as the difference of the means."""
    from sklearn.linear_model import LogisticRegression

    rows = np.concatenate([start, end])
    fitted = LogisticRegression(max_iter=300).fit(codes[rows], np.repeat([0, 1], [len(start), len(end)]))
    return _as_long(fitted.coef_[0], between(codes, start, end).step)


def _as_long(normal: np.ndarray, step: np.ndarray) -> Direction:
    return Direction(np.asarray(normal * np.linalg.norm(step) / np.linalg.norm(normal), np.float32))


CANDIDATES: dict[str, Between] = {
    "difference of means (used)": between,
    "discriminant": discriminant,
    "discriminant, less noise": lambda *given: discriminant(*given, noise=0.1),
    "logistic regression": logistic,
}


def verdict(value: float, bar: float) -> str:
    return f"{'yes' if value >= bar else 'NO'} (at least {bar:.0%})"


def choose(judged: Judged) -> None:
    """The share that flips, for each candidate, on validation pictures."""
    print("turned into the other class, validation pictures: " + ", ".join(f"strength {t:g}" for t in STRENGTHS))
    for name, way in CANDIDATES.items():
        print(
            f"{name:28} "
            + " ".join(
                f"{share:7.1%}" for share in flipped(judged, judged.data.train, judged.data.val, way, STRENGTHS)
            ),
            flush=True,
        )


def report(judged: Judged) -> None:
    train, test = judged.data.train, judged.data.test
    right = float((judged.classes(judged.codes(test)) == test.labels.numpy()).mean())
    print(f"reconstructions of test pictures that are judged to be their own digit: {right:.2%}")
    print(f"{'directions learnt from':44} {'training codes':62} test codes, as on the page")
    found = [flipped(judged, learnt, test, between, STRENGTHS) for learnt in (train, test)]
    for t, *shares in zip(STRENGTHS, *found, strict=True):
        said = [f"{share:.1%}  {verdict(share, FLIPPED) if t == 1.5 else ''}" for share in shares]
        print(f"turned into the other class at strength {t:<4g}{said[0]:62} {said[1]}", flush=True)
    for name in ("ink", "slant", "width", "height"):
        pairs = [kept(judged, learnt, test, name, KEPT_AT) for learnt in (train, test)]
        for t, *both in zip(KEPT_AT, *pairs, strict=True):
            said = [_kept_in_words(name, *one) for one in both]
            print(f"{f'{name} {t:+g}, keep their digit':44} {said[0]:62} {said[1]}", flush=True)


def _kept_in_words(name: str, share: float, change: float) -> str:
    bar = verdict(share, KEPT) if name in ("ink", "slant") else ""
    return f"{share:.1%}, {change:+.2f} {MEASURED[name].unit}  {bar}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    torch.set_num_threads(1)
    checkpoint = checkpoints.load(checkpoints.bundled() / MODEL)
    data = load(checkpoint.info.run.data, data_dir(options.data_dir))
    judged = Judged(Explorer(checkpoint), Judge(data.train.x, data.train.labels[:, None], (CLASSES,), EPOCHS), data)
    right = float((judged.judge(to_input(data.test.x))[:, 0] == data.test.labels).float().mean())
    print(f"the judge is right on {right:.2%} of real test pictures  {verdict(right, JUDGE)}", flush=True)
    (choose if options.choose else report)(judged)


if __name__ == "__main__":
    main()
