"""What the browser needs to know about a model's map, packed once: one block of bytes, and the small pictures of its dots in parts."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vae_core.utils.arrays import UInt8
from vae_ui.base.palette import class_colours
from vae_ui.stage.remote import answer

if TYPE_CHECKING:
    from vae_core.explore.explorer import Explorer
    from vae_core.explore.projection import Plane
    from vae_core.export.browser import Exported

ALIGN = 8  # a Float64Array, the widest view that JavaScript can lay over the block, must start on 8 bytes
KINDS = {"f4": np.float32, "u1": np.uint8, "i4": np.int32, "u2": np.uint16, "i1": np.int8}  # float16 travels as u2

PART = 256  # thumbnails that travel together: of MNIST about 30 kB
STEPS = 2**16 - 1  # on a map of 600 pixels a dot stays within a pixel until it is magnified 100 times


@dataclass(frozen=True)
class Lattice:
    """Decoded pictures on a grid: `picture` uint8 (H, W) or (H, W, 3), top row first, over `extent` x0, x1, y0, y1."""

    picture: UInt8
    extent: tuple[float, float, float, float]


@dataclass(frozen=True)
class Block:
    """Packed bytes: `blob` goes to a browser once, `hash` names its content."""

    blob: bytes
    hash: str


@dataclass(frozen=True)
class Payload(Block):
    """A packed map of `count` points; their `thumbs` are blocks of their own, fetched when they are wanted."""

    count: int
    thumbs: tuple[Block, ...] = ()


@dataclass(frozen=True)
class ModelBlock(Block):
    """A model for the browser: its layers and weights.

    `answer`: for a model that the browser cannot run, what the server says to a question from there (see remote.py).
    """

    answer: Callable[[Mapping[str, Any]], dict[str, object] | None] | None = field(default=None, compare=False)


def model_block(exported: Exported, model: Explorer | None = None) -> ModelBlock:
    """Pack what `vae_core.export.browser` made of a model; the `model` itself answers where the browser cannot run it."""
    weights = exported.weights.view(np.uint16) if exported.weights.dtype == np.float16 else exported.weights
    eight = {"levels": exported.levels, "scales": exported.scales}
    arrays: dict[str, NDArray] = {"weights": weights} | {name: part for name, part in eight.items() if part is not None}
    header: dict[str, object] = {"model": exported.header}
    header["hash"] = digest(header, arrays)
    remote = partial(answer, model) if model and exported.header.get("remote") else None
    return ModelBlock(pack(header, arrays), str(header["hash"]), remote)


def build_payload(
    points: NDArray[np.floating],
    classes: NDArray[np.integer] | None = None,
    names: Sequence[str] = (),
    *,
    lattice: Lattice | None = None,
    thumbs: UInt8 | None = None,
    texts: Sequence[str] = (),
    axes: tuple[str, str] = ("z1", "z2"),
    prior: bool = True,
    title: str = "",
    plane: Plane | None = None,
    codes: NDArray[np.floating] | None = None,
    colours: Sequence[str] = (),
    readout: bool = True,
) -> Payload:
    """Pack a map: points (N, 2), class numbers (N,), class names, thumbnails (N, h, w) or (N, h, w, 3), 0 to 255.

    `texts`: what is written of each point (N), in place of thumbnails.

    `plane` leads from the map to a code and back; `codes` (N, L) are the points' own codes, where points are not codes. `colours` are
    those of the classes, where they are not the usual ones. `prior` draws circles at 1, 2 and 3 standard deviations: only true where
    the axes are raw latent dimensions. `readout`: whether the map says where z is.
    Raises ValueError where shapes disagree, a point is not finite or a class has no name.
    """
    xy = np.ascontiguousarray(points, dtype=np.float32)
    labels = np.zeros(len(xy), np.uint8) if classes is None else np.asarray(classes)
    _check(xy, labels, names, thumbs, texts)
    header: dict[str, object] = {
        "title": title,
        "axes": list(axes),
        "prior": prior,
        "readout": readout,
        "names": list(names),
        "colours": list(colours) or class_colours(max(len(names), 1)),
        "bounds": _bounds(xy, prior),
        "plane": None if plane is None else {"centre": _floats(plane.centre), "axes": _floats(plane.axes)},
    }
    arrays: dict[str, NDArray] = {"points": xy, "classes": labels.astype(np.uint8)}
    if codes is not None:
        arrays["codes"] = np.asarray(codes, np.float16).view(np.uint16)
    if lattice is not None:
        header["extent"] = [float(v) for v in lattice.extent]
        arrays["lattice"] = np.asarray(lattice.picture, np.uint8)
    parts: list[Block] = []
    if thumbs is not None:
        order = _by_place(xy)
        parts = [_thumbnails(np.asarray(thumbs[order[at : at + PART]], np.uint8)) for at in range(0, len(xy), PART)]
        header["thumbs"] = {"shape": list(thumbs.shape[1:]), "part": PART, "hashes": [part.hash for part in parts]}
        arrays["places"] = np.argsort(order).astype(np.uint16 if len(xy) <= 2**16 else np.int32)
    if texts:  # as one row: nobody takes it for an array with a row for each point
        arrays["texts"] = np.frombuffer(json.dumps(list(texts), ensure_ascii=False).encode(), np.uint8)[None]
    header["hash"] = digest(header, arrays)
    return Payload(pack_map(header, arrays), str(header["hash"]), len(xy), tuple(parts))


def thumbnails(payload: Payload) -> UInt8 | None:
    """The thumbnails (N, h, w[, 3]) of a packed map in the order of its points; None where it has none."""
    if not payload.thumbs:
        return None
    stored = np.concatenate([unpack(part.blob)[1]["thumbs"] for part in payload.thumbs])
    return stored[unpack(payload.blob)[1]["places"]]


def _by_place(xy: NDArray[np.float32]) -> NDArray[np.int64]:
    """An order of the points (N, 2) in which neighbours are near: in columns of equally many, each from bottom to top."""
    columns, column = max(1, round((len(xy) / PART) ** 0.5)), np.empty(len(xy), np.int64)
    column[np.argsort(xy[:, 0], kind="stable")] = np.arange(len(xy)) * columns // max(len(xy), 1)
    return np.lexsort((xy[:, 1], column))


def _thumbnails(thumbs: UInt8) -> Block:
    header: dict[str, object] = {"hash": digest({}, {"thumbs": thumbs})}
    return Block(pack(header, {"thumbs": thumbs}, deflate=("thumbs",)), str(header["hash"]))


def pack_map(header: Mapping[str, object], arrays: Mapping[str, NDArray]) -> bytes:
    """The block of a map: small pictures and texts are deflated, and places are kept in steps that no screen shows."""
    return pack(header, arrays, deflate=("lattice", "thumbs", "texts"), stepped=("points",))


def pack(
    header: Mapping[str, object],
    arrays: Mapping[str, NDArray],
    deflate: Sequence[str] = (),
    stepped: Sequence[str] = (),
) -> bytes:
    """One block: uint32 header length, JSON header, then each array at a multiple of 8 bytes (little endian).

    Arrays named in `deflate` are zlib streams (the browser's DecompressionStream reads them). Of those named in `stepped`, float32
    (N, D), each column travels as 65,536 equal steps between its smallest and its largest number. NaN in the header raises.
    """
    entries, chunks, offset = [], [], 0
    for name, array in arrays.items():
        sent, steps = _in_steps(array) if name in stepped and len(array) else (array, {})
        kind = next(k for k, dtype in KINDS.items() if sent.dtype == dtype)
        raw = np.ascontiguousarray(sent).astype(f"<{kind}", copy=False).tobytes()
        body = zlib.compress(raw, 6) if name in deflate else raw
        entry = {"name": name, "kind": kind, "shape": list(array.shape), "offset": offset, "bytes": len(body)}
        entries.append(entry | {"deflate": name in deflate} | steps)
        chunks.append(_padded(body))
        offset += len(chunks[-1])
    text = json.dumps({**header, "arrays": entries}, allow_nan=False, separators=(",", ":")).encode()
    head = len(text).to_bytes(4, "little") + text
    return b"".join([_padded(head), *chunks])


def unpack(blob: bytes) -> tuple[dict[str, object], dict[str, NDArray]]:
    """The header and the arrays of a block made by `pack`; the same reading as the browser's `payload.js`."""
    size = int.from_bytes(blob[:4], "little")
    header = json.loads(blob[4 : 4 + size])
    start = 4 + size + -(4 + size) % ALIGN
    arrays = {}
    for entry in header.pop("arrays"):
        body = blob[start + entry["offset"] :][: entry["bytes"]]
        raw = zlib.decompress(body) if entry["deflate"] else body
        sent = np.frombuffer(raw, f"<{entry['kind']}").reshape(entry["shape"])
        arrays[entry["name"]] = _out_of_steps(sent, *entry["steps"]) if "steps" in entry else sent
    return header, arrays


def _in_steps(array: NDArray[np.float32]) -> tuple[NDArray[np.uint16], dict[str, tuple[list[float], list[float]]]]:
    low, high = array.min(0).astype(float), array.max(0).astype(float)
    step = np.maximum(high - low, np.finfo(np.float32).tiny) / STEPS
    return np.rint((array - low) / step).astype(np.uint16), {"steps": (_floats(low), _floats(step))}


def _out_of_steps(sent: NDArray[np.uint16], low: Sequence[float], step: Sequence[float]) -> NDArray[np.float32]:
    return (np.asarray(low) + np.asarray(step) * sent).astype(np.float32)


def digest(header: Mapping[str, object], arrays: Mapping[str, NDArray]) -> str:
    """A name for the content of a block."""
    total = hashlib.sha256(json.dumps(header, sort_keys=True, allow_nan=False).encode())
    for name, array in arrays.items():
        total.update(f"{name}{array.shape}".encode())
        total.update(np.ascontiguousarray(array).data)
    return total.hexdigest()[:32]


def _floats(array: NDArray[np.floating]) -> list[float]:
    return [float(v) for v in array.ravel()]


def _padded(body: bytes) -> bytes:
    return body + bytes(-len(body) % ALIGN)


def _bounds(xy: NDArray[np.float32], prior: bool) -> list[float]:
    """What the first view shows: all but one point in 500, and where there is a prior its first 2.5 deviations."""
    reach = np.array([[-2.5, -2.5], [2.5, 2.5]]) if prior else np.empty((0, 2))
    inner = np.quantile(xy, [0.001, 0.999], axis=0) if len(xy) else np.array([[-1.0, -1.0], [1.0, 1.0]])
    corners = np.vstack([inner, reach])
    (x0, y0), (x1, y1) = corners.min(0), corners.max(0)
    return [float(v) for v in (x0, x1, y0, y1)]


def _check(xy: NDArray, labels: NDArray, names: Sequence[str], thumbs: NDArray | None, texts: Sequence[str]) -> None:
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise ValueError(f"points must have the shape (N, 2), not {xy.shape}.")
    if not np.isfinite(xy).all():
        raise ValueError("points must be finite: the encoder gave a NaN or an infinite code.")
    if labels.shape != (len(xy),):
        raise ValueError(f"{len(xy)} points need as many class numbers, not {labels.shape}.")
    if len(labels) and (labels.min() < 0 or labels.max() >= max(len(names), 1)):
        raise ValueError(f"class numbers must lie between 0 and {max(len(names), 1) - 1}, one name for each.")
    if len(names) > 256:
        raise ValueError(f"the map can tell at most 256 classes apart, not {len(names)}.")
    if texts and len(texts) != len(xy):
        raise ValueError(f"{len(xy)} points need as many texts, not {len(texts)}.")
    if thumbs is not None and (len(thumbs) != len(xy) or thumbs.ndim not in (3, 4)):
        raise ValueError(
            f"thumbnails must have the shape ({len(xy)}, h, w) or ({len(xy)}, h, w, 3), not {thumbs.shape}."
        )
