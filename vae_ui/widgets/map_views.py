"""2-D views of a model's latent space: the points of the map, the decoded images behind them, and the way back to a code."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vae_core.explore import projection
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes, nearest_codes
from vae_core.explore.projection import Plane
from vae_core.messages import Message
from vae_core.utils.arrays import UInt8
from vae_ui.base.translation import t
from vae_ui.stage import Ellipse, Payload, build_payload
from vae_ui.stage.payload import Block
from vae_ui.views import view_of
from vae_ui.widgets.choose_image import class_names
from vae_ui.widgets.latent_units import has_normal_prior, is_plain
from vae_ui.widgets.map_lattice import COARSE, decoded_lattice, extent

KINDS = {  # in the order of the choice
    "umap": Message("UMAP"),
    "tsne": Message("t-SNE"),
    "space": Message("3-D"),
    "pca": Message("PCA"),
    "plane": Message("Two numbers"),
}
NEIGHBOURS = ("tsne", "umap")  # they keep neighbours, and have no way back to a code


@dataclass(frozen=True)
class View:
    """Points (N, 2) as sent to the map, and the names of its axes.

    `plane` maps a place back to a code and is None for t-SNE and UMAP, where that is impossible.
    """

    points: Codes
    plane: Plane | None
    payload: Payload
    axes: tuple[str, str]

    def at(self, model: Explorer, z: Codes) -> tuple[float, float]:
        """The place of a code (L,) on the map; in t-SNE and UMAP that of the nearest test code."""
        if self.plane is None:
            x, y = self.points[nearest_codes(model.latents.mean, z, 1)[0]]
        else:
            x, y = self.plane.project(z[None])[0]
        return float(x), float(y)

    def code(self, model: Explorer, point: tuple[float, float]) -> Codes:
        """The code (L,) at a place of the map; in t-SNE and UMAP that of the nearest dot."""
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
    model: Explorer,
    thumbs: UInt8 | None,
    texts: Sequence[str],
    kind: str,
    pair: tuple[int, int] = (0, 1),
    label: int = 0,
    flat: Codes | None = None,
) -> View:
    """The view of kind "plane" (two of the code's numbers), "pca", or one of NEIGHBOURS (whose points are `flat`).

    `thumbs` or `texts` are what the map shows of its dots.
    """
    codes = model.latents.mean
    plane = (
        None
        if kind in NEIGHBOURS
        else projection.pca_plane(codes)
        if kind == "pca"
        else projection.raw_plane(model.latent_dim, *pair)
    )
    points = plane.project(codes) if plane is not None else np.asarray(flat)
    axes = plane.labels if plane is not None else (f"{KINDS[kind]} 1", f"{KINDS[kind]} 2")
    prior = kind == "plane" and has_normal_prior(model)
    names, title = class_names(model), t("Latent map of {model}", model=t(model.info.title))

    def packed() -> bytes:
        lattice = (
            None
            if plane is None or not view_of(model).tiles
            else decoded_lattice(model, plane, extent(points, prior), label)
        )
        payload = build_payload(
            points,
            model.latents.labels,
            names,
            lattice=lattice,
            thumbs=thumbs & COARSE if thumbs is not None and thumbs.size > 1_000_000 else thumbs,
            texts=texts,
            axes=axes,
            prior=prior,
            title=title,
            plane=plane,
            codes=codes if model.latent_dim > 2 else None,
        )
        return stored(payload)

    shown = hashlib.sha256(b"" if thumbs is None else thumbs.tobytes() + repr(thumbs.shape).encode())
    shown.update(points.tobytes())
    made = model.kept(f"map {(kind, pair, label, names, title, [*texts], shown.hexdigest())}", packed)
    return View(points, plane, restored(made), axes)


def stored(payload: Payload) -> bytes:
    """A payload as it is kept on disk."""
    blocks = (payload, *payload.thumbs)
    head = {"count": payload.count, "blocks": [(block.hash, len(block.blob)) for block in blocks]}
    return json.dumps(head).encode() + b"\n" + b"".join(block.blob for block in blocks)


def restored(data: bytes) -> Payload:
    """The payload of `stored`."""
    line, _, rest = data.partition(b"\n")
    head, blocks, at = json.loads(line), list[Block](), 0
    for name, length in head["blocks"]:
        blocks.append(Block(rest[at : at + length], name))
        at += length
    first, *thumbs = blocks
    return Payload(first.blob, first.hash, head["count"], tuple(thumbs))
