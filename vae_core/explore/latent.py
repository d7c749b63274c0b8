"""Walking about in a latent space: plain arrays of codes, float32, one row per code."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError

Codes = NDArray[np.float32]
Path = Literal["linear", "spherical"]


def grid(extent: tuple[float, float, float, float], columns: int, rows: int) -> Codes:
    """Centres of a lattice's cells over (x0, x1, y0, y1): (rows * columns, 2), row by row from the top left."""
    x0, x1, y0, y1 = extent
    x = x0 + (np.arange(columns) + 0.5) * (x1 - x0) / columns
    y = y1 - (np.arange(rows) + 0.5) * (y1 - y0) / rows
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)


def traverse(z: Codes, dimensions: list[int], span: float, steps: int) -> Codes:
    """Codes that differ from z (L,) in one dimension each, from -span to span: (len(dimensions), steps, L)."""
    walks = np.broadcast_to(z, (len(dimensions), steps, len(z))).astype(np.float32)
    for walk, dimension in zip(walks, dimensions, strict=True):
        walk[:, dimension] = np.linspace(-span, span, steps)
    return walks


def interpolate(a: Codes, b: Codes, steps: int, path: Path = "linear") -> Codes:
    """Codes (steps, L) from a to b, ends included: straight, or along the great circle (Shoemake 1985; White 2016).

    The spherical path keeps to the shell where a normal prior has its mass; its length goes evenly from |a| to |b|.
    """
    t = np.linspace(0.0, 1.0, steps)[:, None]
    straight = ((1 - t) * a + t * b).astype(np.float32)
    norm_a, norm_b = np.linalg.norm(a), np.linalg.norm(b)
    if path == "linear" or min(norm_a, norm_b) < 1e-6:
        return straight
    u, v = a / norm_a, b / norm_b
    angle = np.arccos(np.clip(u @ v, -1.0, 1.0))
    if np.sin(angle) < 1e-4:
        return straight
    direction = (np.sin((1 - t) * angle) * u + np.sin(t * angle) * v) / np.sin(angle)
    return (direction * ((1 - t) * norm_a + t * norm_b)).astype(np.float32)


def corners(four: Codes, steps: int) -> Codes:
    """Bilinear mixtures of four codes (4, L) in the order top left, top right, bottom left, bottom right: (steps * steps, L)."""
    t = np.linspace(0.0, 1.0, steps)
    across, down = np.meshgrid(t, t)
    weights = np.stack([(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down], axis=-1)
    return (weights.reshape(-1, 4) @ four).astype(np.float32)


def nearest(codes: Codes, z: Codes, count: int) -> NDArray[np.int64]:
    """Indices of the `count` codes (N, L) nearest to z (L,), nearest first."""
    distance = np.square(codes - z).sum(1)
    few = np.argpartition(distance, min(count, len(codes) - 1))[:count]
    return few[np.argsort(distance[few], kind="stable")].astype(np.int64)


def vote(labels: NDArray[np.int64], neighbours: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """Share of each label among neighbours, (classes,)."""
    return np.bincount(labels[neighbours], minlength=classes) / max(1, len(neighbours))


def log_density(mean: Codes, scale: Codes, z: Codes) -> float:
    """ln of the aggregate posterior 1/N sum q(z|x_n) at z (L,), in nats: how usual a code is here."""
    scale = np.maximum(scale, 1e-6)
    terms = -0.5 * np.square((z - mean) / scale) - np.log(scale) - 0.5 * np.log(2 * np.pi)
    logs = terms.sum(1, dtype=np.float64)
    top = logs.max()
    return float(top + np.log(np.exp(logs - top).mean()))


class Plane:
    """A flat picture of codes: z -> (z - centre) @ axes, with the way back into the space for a lattice or a click.

    `axes` (L, 2) has orthonormal columns; `labels` name them.
    """

    def __init__(self, centre: Codes, axes: Codes, labels: tuple[str, str]) -> None:
        self.centre, self.axes, self.labels = centre, axes, labels

    def flat(self, codes: Codes) -> Codes:
        """(N, L) -> (N, 2)."""
        return ((codes - self.centre) @ self.axes).astype(np.float32)

    def lift(self, points: Codes) -> Codes:
        """(N, 2) -> (N, L): the codes in the plane itself."""
        return (points @ self.axes.T + self.centre).astype(np.float32)

    def ellipse(self, mean: Codes, scale: Codes) -> tuple[Codes, Codes, float]:
        """Where N(mean, scale^2) of codes (L,) falls in the plane: its mean (2,), deviations (2,) and correlation."""
        covariance = self.axes.T @ (np.square(scale)[:, None] * self.axes)
        deviations = np.sqrt(np.maximum(np.diag(covariance), 0))
        product = float(deviations[0] * deviations[1])
        rho = float(covariance[0, 1]) / product if product else 0.0
        return self.flat(mean[None])[0], deviations.astype(np.float32), float(np.clip(rho, -0.999, 0.999))


def raw_plane(latent_dim: int, first: int = 0, second: int = 1) -> Plane:
    """Two of the code's own dimensions; a one-number code has a second axis of zeros."""
    if max(first, second) >= max(2, latent_dim) or first == second:
        raise UserError(f"Choose two different dimensions below {latent_dim}.")
    axes = np.zeros((latent_dim, 2), np.float32)
    axes[first, 0] = 1.0
    if second < latent_dim:
        axes[second, 1] = 1.0
    return Plane(np.zeros(latent_dim, np.float32), axes, (f"z{first + 1}", f"z{second + 1}"))


def pca_plane(codes: Codes) -> Plane:
    """The two directions in which codes (N, L) vary most, with the share of variance of each in its label."""
    centre = codes.mean(0)
    covariance = np.cov(codes - centre, rowvar=False) if len(codes) > 1 else np.zeros([codes.shape[1]] * 2)
    values, vectors = np.linalg.eigh(covariance.reshape(codes.shape[1], -1))
    axes = vectors[:, ::-1][:, :2]
    axes = axes * np.sign(
        axes[np.abs(axes).argmax(0), range(axes.shape[1])]
    )  # a sign that does not depend on the solver
    shares = values[::-1][:2] / max(values.sum(), 1e-12)
    first, second = (f"PC {i + 1} ({share:.0%})" for i, share in enumerate(shares))
    return Plane(centre.astype(np.float32), axes.astype(np.float32), (first, second))
