"""Numbers for the JavaScript unit tests: what Python makes of random inputs, so that both sides are held to the same."""

import base64
from typing import Any

import numpy as np
import torch
from torch import Generator

from tests.helpers.export_helpers import (
    case_inputs,
    in_browser,
    lively,
    of_likelihood,
    of_pictures,
    reference,
    sentence_model,
)
from tests.helpers.preset_helpers import batch
from vae_core.config import ModelConfig
from vae_core.explore.interpolation import interpolate
from vae_core.explore.nearest_codes import nearest_codes
from vae_core.explore.one_image.slopes import slopes
from vae_core.explore.projection import Plane
from vae_core.export.browser import Exported, browser_model
from vae_core.export.eight_bit_weights import eight_bit_model
from vae_core.images.fitting import centred
from vae_core.models.build import build
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.pairs.pair_vae import PairVAE
from vae_core.models.vae import VAE, evaluation
from vae_core.rounded_weights import Rounding
from vae_core.slim.rounding_choice import all_in, rounded_copy
from vae_ui.stage.payload import pack

INPUTS = 8


def fixtures(seed: int = 0) -> dict[str, Any]:
    """JSON-safe: the record that tests/js/fixtures.js describes."""
    noise = np.random.default_rng(seed)
    return {
        "models": models(),
        "sentences": [sentences(), sentences(hidden=(32,), classes=3, posterior="point")],
        "pairs": [pair(), pair(joint_posterior="network"), pair(network="conv", joint_posterior="network")],
        "plane": plane(noise),
        "paths": paths(noise),
        "picking": picking(noise),
        "neighbours": neighbours(noise),
        "payload": payload(noise),
        "float16": float16(),
        "drawing": drawing(noise),
    }


def models() -> list[dict[str, Any]]:
    """Every network and every likelihood once, with and without a label, in all precisions."""
    cases: list[dict[str, Any]] = [{"network": name, "classes": 4 * (i % 2)} for i, name in enumerate(of_pictures())]
    cases += [of_likelihood(name) for name in in_browser(LIKELIHOODS) if name != "tokens"] + [
        {"posterior": "point"},
        {"shape": (3, 9, 14)},
    ]
    precisions = (("float32", 2e-5), ("float16", 4e-3), ("8 bits", 4e-3))
    return [model(case, precision, within) for case in cases for precision, within in precisions]


def in_eight_bits(vae: VAE) -> tuple[VAE, Exported]:
    """The model with its rounded weights, the first layer's in 16 bits and all others' in 8, and its export."""
    roundings = all_in(8, vae)
    first = next(iter(roundings))
    roundings[first] = Rounding(16, roundings[first].axis)
    return rounded_copy(vae, roundings), eight_bit_model(vae, roundings)


def stored(exported: Exported) -> dict[str, Any]:
    """The weights of an export as JSON: float32, or the bits of float16, and what is in 8 bits."""
    half = exported.weights.dtype == np.float16
    return {
        "weights": (exported.weights.view(np.uint16) if half else exported.weights).tolist(),
        "half": half,
        "levels": None if exported.levels is None else exported.levels.tolist(),
        "scales": None if exported.scales is None else exported.scales.tolist(),
    }


def model(case: dict[str, Any], precision: Any, within: float) -> dict[str, Any]:
    vae = lively(**case)
    vae, exported = in_eight_bits(vae) if precision == "8 bits" else (vae, browser_model(vae, precision))
    x, z, y = case_inputs(vae)
    x, z, y = x[:INPUTS], z[:INPUTS], None if y is None else y[:INPUTS]
    expected = reference(vae, x, z, y)
    return {
        "name": " ".join([*map(str, case.values()), precision]),
        "header": exported.header,
        **stored(exported),
        "within": within,
        "x": x.flatten(1).tolist(),
        "z": z.tolist(),
        "y": None if y is None else y.tolist(),
        "expected": {
            "mean": expected.mean.tolist(),
            "logvar": None if expected.logvar is None else expected.logvar.tolist(),
            "picture": expected.picture.reshape(len(x), -1).tolist(),
            "distortion": expected.distortion.tolist(),
            "kl": expected.kl.tolist(),
            "slopes": slopes(vae, z[:1], None if y is None else y[:1], range(z.shape[1])).flatten(1).tolist(),
        },
    }


def sentences(count: int = 1000, **changes: Any) -> dict[str, Any]:
    """Codes and what torch's greedy decoding makes of them; sentences of all lengths, and their codes and distortions."""
    vae = sentence_model(**changes)
    noise, length = Generator().manual_seed(3), vae.config.shape[0]
    z = 2 * torch.randn(count, vae.config.latent_dim, generator=noise)
    y = torch.arange(count) % vae.config.classes if vae.config.classes else None
    x = batch(vae.config, INPUTS * length)
    label = None if y is None else y[: len(x)]
    with evaluation(vae):
        q, made = vae.encode(x, label), vae.decode(z, y).mean
        distortion = -vae.decode(z[: len(x)], label).log_prob(x)
    return {
        **stored(exported := browser_model(vae)),
        "header": exported.header,
        "z": z.tolist(),
        "y": None if y is None else y.tolist(),
        "x": x.tolist(),
        "expected": {"ids": made.int().tolist(), "mean": q.mean.tolist(), "distortion": distortion.tolist()},
    }


def pair(**changes: Any) -> dict[str, Any]:
    """A model of a picture and its words: q(z) given either part and both, the words at each code, and the nats of what is given."""
    vae = build(ModelConfig(shape=(1, 8, 8), latent_dim=3, hidden=(12, 9), words=(3, 4), **changes), 0)
    assert isinstance(vae, PairVAE)
    noise = Generator().manual_seed(1)
    x, y = torch.rand(INPUTS, 1, 8, 8, generator=noise), torch.tensor([[i % 3, i % 4] for i in range(INPUTS)])
    z = 2 * torch.randn(INPUTS, 3, generator=noise)
    parts = {"picture": x, "words": y}
    with evaluation(vae):
        found, p = vae.posteriors(parts), vae.decode(z)
    nats = {name: -p[name].log_prob(part) for name, part in parts.items()}
    return {
        **stored(exported := browser_model(vae, "float32")),
        "header": exported.header,
        "x": x.flatten(1).tolist(),
        "said": y.tolist(),
        "z": z.tolist(),
        "expected": {
            "q": {
                "+".join(names): {"mean": q.mean.tolist(), "logvar": q.variance.log().tolist()}
                for names, q in found.items()
            },
            "words": torch.cat(vae.decode_words(z).probabilities, 1).tolist(),
            "nats": {name: one.tolist() for name, one in nats.items()},
        },
    }


def plane(noise: np.random.Generator) -> dict[str, Any]:
    axes, _ = np.linalg.qr(noise.normal(size=(5, 2)))
    flat = Plane(noise.normal(size=5).astype(np.float32), axes.astype(np.float32), ("a", "b"))
    codes, points = noise.normal(size=(6, 5)).astype(np.float32), noise.normal(size=(6, 2)).astype(np.float32)
    mean, std = noise.normal(size=5).astype(np.float32), noise.uniform(0.1, 2, 5).astype(np.float32)
    place, deviations, rho = flat.ellipse(mean, std)
    return {
        "plane": {"centre": flat.centre.tolist(), "axes": flat.axes.ravel().tolist()},
        "codes": codes.tolist(),
        "flat": flat.project(codes).tolist(),
        "points": points.tolist(),
        "lifted": flat.unproject(points).tolist(),
        "q": {"mean": mean.tolist(), "std": std.tolist()},
        "ellipse": {"mean": place.tolist(), "std": deviations.tolist(), "rho": rho},
    }


def paths(noise: np.random.Generator) -> list[dict[str, Any]]:
    a, b = noise.normal(size=(2, 4)).astype(np.float32)
    ends = [(a, b), (a, 2 * a), (a, np.zeros_like(a))]
    return [
        {"a": a.tolist(), "b": b.tolist(), "kind": kind, "codes": interpolate(a, b, 7, kind).tolist()}
        for a, b in ends
        for kind in ("linear", "spherical")
    ]


def picking(noise: np.random.Generator) -> dict[str, Any]:
    points, classes = noise.normal(size=(300, 2)).astype(np.float32), noise.integers(0, 3, 300)
    shown, reaches = np.array([1, 0, 1, 1]), [0.1, 2] * 20
    return {
        "points": points.ravel().tolist(),
        "classes": classes.tolist(),
        "shown": shown.tolist(),
        "queries": [
            nearest(points, shown[classes], at, reach)
            for at, reach in zip(noise.normal(size=(40, 2)), reaches, strict=True)
        ],
        "polygons": [lasso(points, shown[classes], noise.normal(size=(corners, 2))) for corners in (3, 5, 9)],
        "mask": {"indices": [0, 7, 8, 299], "count": 300, "base64": mask([0, 7, 8, 299], 300)},
        "centres": [middle(points[classes == k]) for k in range(4)],
    }


def nearest(points: np.ndarray, visible: np.ndarray, at: np.ndarray, reach: float) -> dict[str, Any]:
    distance = np.where(visible, np.linalg.norm(points - at, axis=1), np.inf)
    return {"x": at[0], "y": at[1], "reach": reach, "index": int(distance.argmin()) if distance.min() <= reach else -1}


def lasso(points: np.ndarray, visible: np.ndarray, corners: np.ndarray) -> dict[str, Any]:
    """A ray to the right crosses the edges an odd number of times."""
    (x, y), odd = points.astype(float).T, np.zeros(len(points), bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, 0), strict=True):
        odd ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) / (by - ay) * (bx - ax))
    return {"corners": corners.ravel().tolist(), "indices": np.flatnonzero(odd & (visible > 0)).tolist()}


def mask(indices: list[int], count: int) -> str:
    return base64.b64encode(np.packbits(np.isin(np.arange(count), indices), bitorder="little").tobytes()).decode()


def middle(points: np.ndarray) -> list[float] | None:
    return np.sort(points, 0)[len(points) // 2].tolist() if len(points) else None


def neighbours(noise: np.random.Generator) -> dict[str, Any]:
    table, z = noise.normal(size=(200, 3)).astype(np.float32), noise.normal(size=3)
    return {"table": table.ravel().tolist(), "z": z.tolist(), "nearest": nearest_codes(table, z, 12).tolist()}


def payload(noise: np.random.Generator) -> dict[str, Any]:
    kinds = {"Float32Array": np.float32, "Uint8Array": np.uint8, "Int32Array": np.int32, "Uint16Array": np.uint16}
    arrays = {kind: (100 * noise.random((3, 5))).astype(dtype) for kind, dtype in kinds.items()}
    arrays["Int8Array"] = (100 * noise.normal(size=(3, 5))).clip(-128, 127).astype(np.int8)
    block = pack({"title": "x′ ≠ x"}, arrays, deflate=("Uint8Array",))
    told = {kind: {"kind": kind, "shape": [3, 5], "values": array.ravel().tolist()} for kind, array in arrays.items()}
    return {"base64": base64.b64encode(block).decode(), "title": "x′ ≠ x", "arrays": told}


def float16() -> dict[str, Any]:
    values = np.array([0, 1, -1, 0.5, 1 / 3, 6e-8, -3e-6, 65504, -65504], np.float16)
    return {"halves": values.view(np.uint16).tolist(), "values": values.astype(float).tolist()}


def drawing(noise: np.random.Generator) -> dict[str, Any]:
    """Ink in a corner, and where Python's preparation moves it."""
    ink, mass = np.zeros((28, 28), np.uint8), 14.5 / 28
    ink[2:12, 3:9] = noise.integers(1, 256, (10, 6))
    moved = centred(ink, mass).ravel().tolist()
    return {"side": 28, "mass": mass, "strokes": [[[5, 5], [8, 8]]], "ink": ink.ravel().tolist(), "centred": moved}
