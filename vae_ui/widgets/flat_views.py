"""2-D views of a model's latent space: the points of the map, the decoded images behind them, and the way back to a code."""

from dataclasses import dataclass

import numpy as np

from vae_core.explore import interpolation, projection
from vae_core.explore.codes import Codes, nearest_codes
from vae_core.explore.explorer import Explorer
from vae_core.explore.projection import Plane
from vae_core.images import writing
from vae_core.messages import Message
from vae_core.utils.arrays import UInt8
from vae_ui.base.words import t
from vae_ui.stage import Ellipse, Lattice, Payload, build_payload
from vae_ui.views import view_of
from vae_ui.widgets.choose_image import class_names
from vae_ui.widgets.walks import has_normal_prior, is_plain

KINDS = {"plane": Message("Two numbers"), "pca": Message("PCA"), "tsne": Message("t-SNE")}
CELLS = 20  # along the longer side of the lattice
SMALL = 32  # pixels of a thumbnail, at most


@dataclass(frozen=True)
class View:
    """Points (N, 2) as sent to the map; `plane` maps a place back to a code and is None for t-SNE, where that is impossible."""

    points: Codes
    plane: Plane | None
    payload: Payload

    def at(self, model: Explorer, z: Codes) -> tuple[float, float]:
        """The place of a code (L,) on the map; in t-SNE that of the nearest test code."""
        if self.plane is None:
            x, y = self.points[nearest_codes(model.latents.mean, z, 1)[0]]
        else:
            x, y = self.plane.project(z[None])[0]
        return float(x), float(y)

    def code(self, model: Explorer, point: tuple[float, float]) -> Codes:
        """The code (L,) at a place of the map; in t-SNE that of the nearest dot."""
        place = np.asarray([point], np.float32)
        if self.plane is None:
            return np.asarray(model.latents.mean[nearest_codes(self.points, place[0], 1)[0]])
        return np.asarray(self.plane.unproject(place)[0])

    def ellipse(self, model: Explorer, index: int) -> list[Ellipse]:
        """The ellipse of q(z|x) of a test image on the map; none for t-SNE or a plain autoencoder."""
        if self.plane is None or is_plain(model):
            return []
        mean, deviation, rho = self.plane.ellipse(model.latents.mean[index], model.latents.scale[index])
        return [Ellipse((float(mean[0]), float(mean[1])), (float(deviation[0]), float(deviation[1])), rho)]


def build(
    model: Explorer, thumbs: UInt8, kind: str, pair: tuple[int, int] = (0, 1), label: int = 0, flat: Codes | None = None
) -> View:
    """The view of kind "plane" (two of the code's numbers), "pca", or "tsne" (whose points are `flat`)."""
    codes = model.latents.mean
    plane = (
        None
        if kind == "tsne"
        else projection.pca_plane(codes)
        if kind == "pca"
        else projection.raw_plane(model.latent_dim, *pair)
    )
    points = plane.project(codes) if plane is not None else np.asarray(flat)
    prior = kind == "plane" and has_normal_prior(model)
    lattice = (
        None if plane is None or not view_of(model).tiles else _lattice(model, plane, _extent(points, prior), label)
    )
    payload = build_payload(
        points,
        model.latents.labels,
        class_names(model),
        lattice=lattice,
        thumbs=thumbs & np.uint8(0xF8) if thumbs.size > 1_000_000 else thumbs,  # 32 grey levels pack to 60 % of 256
        axes=plane.labels if plane is not None else ("t-SNE 1", "t-SNE 2"),
        prior=prior,
        title=t("Latent map of {model}", model=model.info.title),
        plane=plane,
        codes=codes if model.latent_dim > 2 else None,
    )
    return View(points, plane, payload)


def small(pictures: UInt8) -> UInt8:
    """Images (N, h, w[, 3]) with every n-th pixel, so that no side is longer than 32."""
    step = -(-pictures.shape[1] // SMALL)
    return np.ascontiguousarray(pictures[:, ::step, ::step])


def _extent(points: Codes, prior: bool) -> tuple[float, float, float, float]:
    low, high = np.quantile(points, [0.001, 0.999], axis=0)
    reach = 3.0 if prior else 0.0
    margin = 0.03 * (high - low).max()
    (x0, y0), (x1, y1) = np.minimum(low - margin, -reach), np.maximum(high + margin, reach)
    return float(x0), float(x1), float(y0), float(y1)


def _lattice(model: Explorer, plane: Plane, extent: tuple[float, float, float, float], label: int) -> Lattice:
    x0, x1, y0, y1 = extent
    side = max(x1 - x0, y1 - y0) / CELLS
    columns, rows = max(1, round((x1 - x0) / side)), max(1, round((y1 - y0) / side))
    codes = plane.unproject(interpolation.grid(extent, columns, rows))
    decoded = small(view_of(model).pictures(model.decode(codes, label if model.conditional else None)))
    return Lattice(writing.sheet(decoded, columns, 0), extent)
