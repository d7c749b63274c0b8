"""Two-dimensional point distributions (moons, rings, pinwheel ...), on which data space and model can be plotted directly."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, shares, split
from vae_core.data.made import drawn_density
from vae_core.errors import UserError
from vae_core.messages import Message

COUNT = 6000
Floats = np.ndarray
Cloud = Callable[[np.random.Generator, Floats], Floats]  # (generator, labels (N,)) -> points (N, 2)


def _polar(radius: Floats, angle: Floats) -> Floats:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)


def _noise(rng: np.random.Generator, labels: Floats, scale: float) -> Floats:
    return rng.normal(0, scale, (len(labels), 2))


def moons(rng: np.random.Generator, labels: Floats) -> Floats:
    """Two interleaving half circles, as in scikit-learn's make_moons."""
    arc = _polar(np.ones(len(labels)), rng.uniform(0, np.pi, len(labels)))
    turned = np.array([1.0, 0.5]) - arc
    return np.where(labels[:, None] == 0, arc, turned) + _noise(rng, labels, 0.07)


def rings(rng: np.random.Generator, labels: Floats) -> Floats:
    """Three concentric rings."""
    return _polar(1.0 + labels, rng.uniform(0, 2 * np.pi, len(labels))) + _noise(rng, labels, 0.08)


def pinwheel(rng: np.random.Generator, labels: Floats) -> Floats:
    """Five bent arms (Johnson et al. 2016, arXiv:1603.06277)."""
    along, across = rng.normal(1.0, 0.3, len(labels)), rng.normal(0, 0.05, len(labels))
    angle = 2 * np.pi * labels / 5 + 0.25 * np.exp(along)
    return _polar(along, angle) + across[:, None] * _polar(np.ones(len(labels)), angle + np.pi / 2)


def spiral(rng: np.random.Generator, labels: Floats) -> Floats:
    """Two spiral arms of one and a half turns around the centre."""
    turn = np.sqrt(rng.uniform(0.02, 1, len(labels))) * 3 * np.pi  # the root makes the density along the arm uniform
    return _polar(turn, turn + np.pi * labels) + _noise(rng, labels, 0.25)


def mixture(rng: np.random.Generator, labels: Floats) -> Floats:
    """Eight normal distributions on a circle."""
    return _polar(np.full(len(labels), 2.0), np.pi / 4 * labels) + _noise(rng, labels, 0.2)


def gaussian(rng: np.random.Generator, labels: Floats) -> Floats:
    """One normal distribution with correlation 0.8, which a linear VAE can model exactly."""
    return rng.normal(size=(len(labels), 2)) @ np.linalg.cholesky(np.array([[1, 0.8], [0.8, 1]])).T


CLOUDS: dict[str, tuple[Cloud, tuple[str, ...]]] = {
    "moons": (moons, ("upper moon", "lower moon")),
    "rings": (rings, ("inner ring", "middle ring", "outer ring")),
    "pinwheel": (pinwheel, tuple(f"arm {i}" for i in range(1, 6))),
    "spiral": (spiral, ("arm 1", "arm 2")),
    "mixture": (mixture, tuple(f"component {i}" for i in range(1, 9))),
    "gaussian": (gaussian, ()),
}
DRAWN = "drawn"  # by hand: its density is `DataConfig.drawing`


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """6,000 points, each axis with mean 0 and standard deviation 1, split 80/10/10 by the seed unless the settings say otherwise.

    Raises UserError for a target other than grey, since points are not pixels, for an unknown distribution, and for a drawing that
    cannot be read.
    """
    name = config.variant or "moons"
    if name not in POINTS.variants:
        raise UserError(
            "There is no point distribution '{name}': choose one of {clouds}.",
            name=name,
            clouds=", ".join(POINTS.variants),
        )
    if config.target != "grey":
        raise UserError(
            "Points cannot have the target '{target}', which is for black and white images: choose grey.",
            target=config.target,
        )
    rng = np.random.default_rng([config.seed, *name.encode()])
    cloud, classes = CLOUDS.get(name, (_drawn(config.drawing), ()))
    labels = np.arange(COUNT, dtype=np.int64) % max(1, len(classes))
    points = _standardised(cloud(rng, labels))
    if config.noise:
        points = _standardised(points + _noise(rng, labels, config.noise))
    parts = split(points.astype(np.float32), labels, config.seed, parts=shares(config))
    return Dataset(POINTS.name, f"Points: {name}", *parts, classes=classes)


def _standardised(points: Floats) -> Floats:
    spread = points.std(0)
    return (points - points.mean(0)) / np.where(spread > 0, spread, 1)


def _drawn(drawing: str) -> Cloud:
    return lambda rng, labels: drawn_density.sample(drawn_density.decode(drawing), len(labels), rng)


POINTS = DatasetEntry(
    name="points",
    title="Points",
    summary="6,000 points in the plane (moons, rings, pinwheel, spiral, mixture, gaussian, or drawn by hand); generated on loading.",
    licence="made by this project (MIT)",
    shape=(2,),
    read=read,
    variants=(*CLOUDS, DRAWN),
    variant_title=Message("Shape"),
    uses=("variant", "drawing", "noise"),
    held_out=0.2,
)
