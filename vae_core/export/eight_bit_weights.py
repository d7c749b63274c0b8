"""A model for the browser with weights of 8 bits: about half the bytes of float16.

The export's own rules lay out the weights of a model. Applied to a model whose weights are the integers, and to one whose weights are
the scales, they lay out both in the same order; a part of the export then has one scale for each of its rows or columns.
"""

from collections.abc import Mapping
from copy import deepcopy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vae_core.checkpoints import Latents
from vae_core.export.browser import Exported, browser_model, in_browser, layers_and_weights
from vae_core.models.vae import VAE
from vae_core.rounded_weights import Rounding, to_levels
from vae_core.slim.rounding_choice import mixed, own_pictures

Part = tuple[
    str, int, int
]  # "rows", "columns" (what has a scale each) or "half" (16 bits), the number of rows and of columns


def in_browser_weights(vae: VAE, latents: Latents) -> tuple[VAE, Mapping[str, Rounding]]:
    """A model with the weights that the browser has, and the bits of each.

    They are chosen on pictures that it makes from codes of its checkpoint, since the data may not be on this computer. The model
    itself, and no bits, for one that the browser does not run, and for one whose output is not a picture: that is small, and its
    numbers are read.
    """
    if vae.config.kind != "picture" or not in_browser(vae.config):
        return vae, {}
    return mixed(vae, own_pictures(vae, torch.from_numpy(latents.mean), torch.from_numpy(latents.labels)))


def eight_bit_model(vae: VAE, roundings: Mapping[str, Rounding]) -> Exported:
    """The model with those weights in 8 bits that `roundings` says, the others in float16; the model's own weights are not changed.

    As `browser_model` gives it where no weight can be in 8 bits: for a model that runs on the server, or with weights too large for
    float16.
    """
    plain = browser_model(vae, "float16")
    pairs = {name: to_levels(vae.get_parameter(name), each.axis) for name, each in roundings.items() if each.bits == 8}
    if not pairs or not in_browser(vae.config) or plain.weights.dtype != np.float16:
        return plain
    _, levels = layers_and_weights(_filled(vae, {name: whole for name, (whole, _) in pairs.items()}))
    _, scales = layers_and_weights(_filled(vae, {name: scale for name, (_, scale) in pairs.items()}))
    _, exact = layers_and_weights(vae)
    parts = [_part(scale) for scale in scales]
    kinds = [kind for kind, _, _ in parts]
    header = {**plain.header, "parts": [list(part) for part in parts]}
    return Exported(
        header,
        _joined([part for part, kind in zip(exact, kinds, strict=True) if kind == "half"]).astype(np.float16),
        _joined([part for part, kind in zip(levels, kinds, strict=True) if kind != "half"]).astype(np.int8),
        _joined([_by_part(scale, part) for scale, part in zip(scales, parts, strict=True)]),
    )


def _filled(vae: VAE, weights: Mapping[str, Tensor]) -> VAE:
    """A model whose weights are these, broadcast to their shapes, and 0 where there are none."""
    copy = deepcopy(vae)
    with torch.no_grad():
        for name, parameter in copy.named_parameters():
            parameter.copy_(weights[name]) if name in weights else parameter.zero_()
    return copy


def _part(scales: NDArray[np.float32]) -> Part:
    """How the scales of a part (any shape) repeat: one for each row, or for each column, or none at all."""
    if not scales.all():
        return ("half", 1, scales.size)
    first, last = scales.reshape(len(scales), -1), scales.reshape(-1, scales.shape[-1])
    for rows in (first, last):
        if (rows == rows[:, :1]).all():
            return ("rows", *rows.shape)
    return ("columns", *last.shape) if (last == last[:1]).all() else ("half", 1, scales.size)


def _by_part(scales: NDArray[np.float32], part: Part) -> NDArray[np.float32]:
    kind, rows, columns = part
    each = scales.reshape(rows, columns)
    return {"rows": each[:, 0], "columns": each[0], "half": each[:0]}[kind].ravel()


def _joined(arrays: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.concatenate([np.zeros(0, np.float32), *(array.ravel() for array in arrays)])
