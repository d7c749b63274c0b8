"""Projections of codes to a plane: two of their own dimensions, or their first two principal components (PCA)."""

import numpy as np

from vae_core.errors import UserError
from vae_core.explore.nearest_codes import Codes


class Plane:
    """A linear projection of codes to a plane, z -> (z - centre) @ axes, and its inverse into the plane.

    `axes` (L, 2) has orthonormal columns; `labels` are their names.
    """

    def __init__(self, centre: Codes, axes: Codes, labels: tuple[str, str]) -> None:
        self.centre, self.axes, self.labels = centre, axes, labels

    def project(self, codes: Codes) -> Codes:
        """(N, L) -> (N, 2)."""
        return ((codes - self.centre) @ self.axes).astype(np.float32)

    def unproject(self, points: Codes) -> Codes:
        """(N, 2) -> (N, L): the codes in the plane."""
        return (points @ self.axes.T + self.centre).astype(np.float32)

    def ellipse(self, mean: Codes, scale: Codes) -> tuple[Codes, Codes, float]:
        """The projection of N(mean, scale^2) of codes (L,): its mean (2,), standard deviations (2,) and correlation."""
        covariance = self.axes.T @ (np.square(scale)[:, None] * self.axes)
        deviations = np.sqrt(np.maximum(np.diag(covariance), 0))
        product = float(deviations[0] * deviations[1])
        rho = float(covariance[0, 1]) / product if product else 0.0
        return self.project(mean[None])[0], deviations.astype(np.float32), float(np.clip(rho, -0.999, 0.999))

    def spreads(self, scale: Codes) -> tuple[Codes, Codes]:
        """`ellipse` of many codes at once: from scale (N, L) the standard deviations (N, 2) and correlations (N,)."""
        variance = np.square(scale)
        deviations = np.sqrt(variance @ np.square(self.axes))
        covariance = variance @ (self.axes[:, 0] * self.axes[:, 1])
        rho = covariance / np.maximum(deviations.prod(1), 1e-12)
        return deviations.astype(np.float32), rho.clip(-0.999, 0.999).astype(np.float32)


def raw_plane(latent_dim: int, first: int = 0, second: int = 1) -> Plane:
    """The plane of two dimensions of the code; with a one-dimensional code the second axis is zero."""
    if max(first, second) >= max(2, latent_dim) or first == second:
        raise UserError("Choose two different dimensions below {latent_dim}.", latent_dim=latent_dim)
    axes = np.zeros((latent_dim, 2), np.float32)
    axes[first, 0] = 1.0
    if second < latent_dim:
        axes[second, 1] = 1.0
    return Plane(np.zeros(latent_dim, np.float32), axes, (f"z{first + 1}", f"z{second + 1}"))


def pca_plane(codes: Codes) -> Plane:
    """The plane of the first two principal components of codes (N, L), whose labels give their shares of the variance."""
    centre, axes, (first, second) = principal_axes(codes, 2)
    return Plane(centre, axes, (first, second))


def principal_axes(codes: Codes, count: int) -> tuple[Codes, Codes, tuple[str, ...]]:
    """The mean (L,) of codes (N, L), the directions (L, count) of their largest variances, and labels with the shares of it."""
    centre = codes.mean(0)
    covariance = np.cov(codes - centre, rowvar=False) if len(codes) > 1 else np.zeros([codes.shape[1]] * 2)
    values, vectors = np.linalg.eigh(covariance.reshape(codes.shape[1], -1))
    axes = vectors[:, ::-1][:, :count]
    axes = axes * np.sign(
        axes[np.abs(axes).argmax(0), range(axes.shape[1])]
    )  # a sign that does not depend on the solver
    shares = values[::-1][:count] / max(values.sum(), 1e-12)
    labels = tuple(f"PC {i + 1} ({share:.0%})" for i, share in enumerate(shares))
    return centre.astype(np.float32), axes.astype(np.float32), labels
