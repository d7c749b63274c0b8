"""The model's scores and the peers' beside one another: how well each tells unseen classes from those that were trained on."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from vae_core.anomalies.curves import average_precision
from vae_core.anomalies.peers import PEERS, peer_scores
from vae_core.anomalies.scores import SCORES, TRUSTED, Detector
from vae_core.data import Dataset, load
from vae_core.data.some_classes import unseen
from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.messages import Message
from vae_core.metrics.confidence_intervals import Estimate, mean_over_seeds
from vae_core.metrics.out_of_distribution import auroc
from vae_core.models.build import build
from vae_core.models.vae import VAE
from vae_core.presets.run_config import RunConfig
from vae_core.training.events import Epoch, Failed
from vae_core.training.fit import fit

Values = NDArray[np.float64]
Progress = Callable[[float], None]
CLOSE = 0.02  # of AUROC, within which a simpler tool is as good


class Line(Frozen):
    """One detector: its AUROC and its average precision with each seed, on the test split."""

    detector: str
    aurocs: tuple[float, ...]
    precisions: tuple[float, ...]

    @property
    def ours(self) -> bool:
        return self.detector in SCORES

    @property
    def auroc(self) -> float:
        """The mean over the seeds."""
        return mean(self.aurocs)

    @property
    def estimate(self) -> Estimate:
        """The mean AUROC with its interval over seeds, which is unknown for a single seed."""
        return mean_over_seeds(self.aurocs)


class Comparison(Frozen):
    """The lines of all detectors on the same splits, best first. `strange` and `normal` count the test examples of the first seed."""

    lines: tuple[Line, ...]
    strange: int
    normal: int

    @property
    def seeds(self) -> int:
        return len(self.lines[0].aurocs)

    def line(self, detector: str) -> Line:
        return next(line for line in self.lines if line.detector == detector)

    @property
    def best_peer(self) -> Line:
        return next(line for line in self.lines if not line.ours)


def truth(data: Dataset, run: RunConfig) -> NDArray[np.bool_]:
    """Which test examples are of a class that was not trained on, (N,); raises UserError where there are none, or only such."""
    strange = unseen(data.classes, run.data, data.test.labels)
    if strange is None or strange.sum() < 2 or (~strange).sum() < 2:
        raise UserError(
            "The test split needs at least two examples of classes that were trained on, and two of others: choose what is normal."
        )
    return strange


def measure(vae: VAE, data: Dataset, run: RunConfig, progress: Progress = lambda share: None) -> dict[str, Values]:
    """How strange each detector finds each test example, (N,) by name: the model's scores, then the peers'."""
    found = Detector(vae, data, run.data.target)(data.test)
    for place, name in enumerate(PEERS):
        progress((place + 1) / (len(PEERS) + 1))
        found[name] = peer_scores(name, data, run.train.seed)
    return found


def with_seeds(run: RunConfig, seeds: int) -> Iterator[RunConfig]:
    """The run itself, and the same with other seeds of the splits and of the training."""
    for step in range(seeds):
        changed = {part: getattr(run, part).replace(seed=getattr(run, part).seed + step) for part in ("data", "train")}
        yield run.replace(**{part: config.model_dump() for part, config in changed.items()})


def trained(run: RunConfig, data: Dataset, progress: Progress = lambda share: None) -> VAE:
    """A model trained on the training split; raises UserError where the training fails."""
    vae = build(run.model, run.train.seed)
    for event in fit(vae, data, run):
        if isinstance(event, Failed):
            raise UserError(event.message)
        if isinstance(event, Epoch) and run.train.epochs:
            progress(event.epoch / run.train.epochs)
    return vae


def compare(
    run: RunConfig,
    vae: VAE,
    seeds: int = 1,
    progress: Progress = lambda share: None,
    data_dir: str | Path | None = None,
) -> Comparison:
    """The comparison with the trained model `vae`, and with `seeds` - 1 more trainings of its run on other splits."""
    lines: dict[str, list[tuple[float, float]]] = {}
    sizes = []
    for number, each in enumerate(with_seeds(run, seeds)):
        part = _part(progress, number, seeds)
        data = load(each.data, data_dir)
        strange = truth(data, each)
        model = vae if number == 0 else trained(each, data, _part(part, 0, 2))
        for name, scores in measure(model, data, each, _part(part, 1, 2)).items():
            figures = auroc(scores, strange).value, average_precision(scores, strange)
            lines.setdefault(name, []).append(figures)
        sizes.append((int(strange.sum()), int((~strange).sum())))
    rows = [_line(name, figures) for name, figures in lines.items()]
    rows.sort(key=lambda line: -line.auroc)
    return Comparison(lines=tuple(rows), strange=sizes[0][0], normal=sizes[0][1])


def verdict(found: Comparison) -> Message:
    """Which score to trust, and whether a simpler tool does better, in a sentence."""
    ours, peer = found.line(TRUSTED), found.best_peer
    said = {"score": SCORES[TRUSTED].title, "ours": ours.auroc, "peer": peer.detector, "other": peer.auroc}
    if ours.auroc >= peer.auroc:
        return Message("Trust the score '{score}': AUROC {ours:.3f}, and no simpler tool is better here.", **said)
    if ours.auroc >= peer.auroc - CLOSE:
        return Message(
            "Trust the score '{score}': AUROC {ours:.3f}. {peer}, which is simpler, does as well here ({other:.3f}).",
            **said,
        )
    return Message(
        "Of the model's scores trust '{score}': AUROC {ours:.3f}. But {peer}, which is simpler, is better ({other:.3f}): use that.",
        **said,
    )


def _line(name: str, figures: Sequence[tuple[float, float]]) -> Line:
    aurocs, precisions = zip(*figures, strict=True)
    return Line(detector=name, aurocs=aurocs, precisions=precisions)


def _part(progress: Progress, number: int, count: int) -> Progress:
    """The progress of one of `count` equal parts of the work."""
    return lambda share: progress((number + share) / count)
