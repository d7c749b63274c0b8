"""Model input from stored pixels: 8-bit grey levels scaled to [0, 1], or binarised: made black or white at random.

The setting `target` chooses: "grey" only scales; "static" binarises once, when the data set is loaded; "dynamic" anew for each batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vae_core.utils.lazy import torch

if TYPE_CHECKING:
    from torch import Generator, Tensor


def binarised(x: Tensor, rng: np.random.Generator) -> Tensor:
    """Each pixel 255 with probability x / 255, else 0 (Salakhutdinov and Murray 2008); in place, to save memory."""
    for rows in x.split(4096):
        chance = rng.integers(0, 255, tuple(rows.shape), dtype=np.uint8)
        rows.copy_(torch.from_numpy((chance < rows.numpy()).astype(np.uint8) * 255))
    return x


def to_input(x: Tensor, target: str = "grey", generator: Generator | None = None) -> Tensor:
    """Model input, float32: uint8 is scaled to [0, 1], and for "dynamic" sampled as 0 or 1; points are unchanged."""
    if x.dtype != torch.uint8:
        return x.float()
    if target != "dynamic":
        return x / 255
    # integers 0 to 254, as in binarised: the probability is exactly x / 255, in a quarter of the time of torch.bernoulli
    drawn_on = x.device if generator is None else generator.device
    chance = torch.empty_like(x, device=drawn_on).random_(0, 255, generator=generator)
    return (chance.to(x.device) < x).float()
