"""Figures of paths between two test images: how clear the middle is, and how evenly the picture changes."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.explore.interpolation import Path, interpolate
from vae_core.explore.loaded_model import Images
from vae_core.explore.nearest_codes import Codes, typical
from vae_core.lessons.measuring import DIGITS, digit_probabilities
from vae_core.lessons.quantities import Value
from vae_core.utils.lazy import torch

STEPS = 21  # places on a path
PAIRS = tuple(combinations(range(DIGITS), 2))


def typical_digits(model: Explorer) -> list[int]:
    """The typical test image of each digit."""
    found = [typical(model.latents.mean, model.latents.labels, digit) for digit in range(DIGITS)]
    return [index for index in found if index is not None]


def of_pairs(model: Explorer, other: Explorer, pictures: Images) -> dict[str, Value]:
    """The values of OF_PAIRS, for paths between the typical images of the digits, `pictures` (10, *shape) in [0, 1].

    Both models encode the same pictures; -1 is the middle of a path.
    """
    mine, theirs = (_paths(one, one.encode(pictures)[0]) for one in (model, other))
    mixed = np.stack([(pictures[a] + pictures[b]) / 2 for a, b in PAIRS]).astype(np.float32)
    middles = [digit_probabilities(x).max(1) for x in (mine[:, STEPS // 2], theirs[:, STEPS // 2], mixed)]
    return {
        "pairs": len(PAIRS),
        "pairs clearer": int((middles[0] > middles[1]).sum()),
        "pairs clearer than pixels": int((middles[0] > middles[2]).sum()),
        "pairs smoother": int((largest_step(mine) < largest_step(theirs)).sum()),
    }


def _paths(model: Explorer, codes: Codes) -> Images:
    """The decoded straight path of each pair of codes (10, L): (45, STEPS, *shape)."""
    z = np.stack([interpolate(codes[a], codes[b], STEPS) for a, b in PAIRS])
    return model.decode(z.reshape(-1, z.shape[-1])).reshape(len(PAIRS), STEPS, *model.shape)


def largest_step(paths: Images) -> NDArray[np.float32]:
    """The largest mean change of a pixel from one place to the next as a share of the whole change, (N,), of paths (N, S, *shape)."""
    steps = np.abs(np.diff(paths, axis=1)).reshape(len(paths), paths.shape[1] - 1, -1).mean(-1)
    share: NDArray[np.float32] = steps.max(1) / np.maximum(steps.sum(1), 1e-9)
    return share


def at(model: Explorer, a: Codes, b: Codes, way: float, kind: Path, label: int | None) -> tuple[int, float]:
    """The digit that the classifier sees at the place `way` in [0, 1] of the path from a to b, and its certainty."""
    z = interpolate(a, b, 101, kind)[round(100 * way)]
    found = digit_probabilities(model.decode(z[None], label))[0]
    return int(found.argmax()), float(found.max())


def slope_at_two() -> float:
    """d z / d sigma at eps = 2 of z = mu + sigma * eps, by automatic differentiation."""
    mu, sigma = torch.tensor(0.5), torch.tensor(0.3, requires_grad=True)
    (found,) = torch.autograd.grad(mu + sigma * 2.0, sigma)
    return found.item()
