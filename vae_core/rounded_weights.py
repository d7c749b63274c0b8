"""Weights of fewer bits: 8-bit integers with a scale for each channel, or half precision; and how a weights file holds them.

A tensor NAME of a file of format 2 is float32 as the model has it, or float16, or int8. An int8 tensor has a second one, NAME:scale
(float32, 1 in all dimensions but one), and the weight is their product. Where so many weights are zero that it saves bytes, a tensor
NAME:kept holds one bit for each weight, 1 where it is not zero, and NAME holds only those weights, in one row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from vae_core.messages import Message

LEVELS = 127  # the largest integer: the scale is symmetric around 0, so that a weight of 0 stays 0
LARGEST_HALF = torch.finfo(torch.float16).max
SCALE, KEPT = ":scale", ":kept"  # a colon is in no name of a tensor of torch

Bits = Literal[8, 16, 32]


@dataclass(frozen=True)
class Rounding:
    """How one weight is stored: in `bits` bits; in 8 bits with one scale for each index of dimension `axis`."""

    bits: Bits
    axis: int = 0


def to_levels(weight: Tensor, axis: int, levels: int = LEVELS) -> tuple[Tensor, Tensor]:
    """Integers up to `levels` (int8, of the weight's shape) and the scale of each channel, whose product is near the weight.

    The largest weight of a channel becomes `levels` or -`levels`, so that rounding what was rounded before changes nothing.
    """
    others = [dimension for dimension in range(weight.dim()) if dimension != axis]
    scale = weight.abs().amax(others, keepdim=True) / levels
    scale = torch.where(scale > 0, scale, torch.ones_like(scale))
    return (weight / scale).round().clamp(-levels, levels).to(torch.int8), scale


def rounded(weight: Tensor, rounding: Rounding) -> Tensor:
    """The weight as it is read back from a file, float32; one too large for float16 stays as it is."""
    if rounding.bits == 8:
        levels, scale = to_levels(weight, rounding.axis)
        return levels * scale
    return weight.half().float() if rounding.bits == 16 and _fits_half(weight) else weight


def pack(state: Mapping[str, Tensor], roundings: Mapping[str, Rounding]) -> dict[str, Tensor]:
    """The tensors of a weights file: those of `state` that `roundings` names in fewer bits, the others unchanged."""
    packed: dict[str, Tensor] = {}
    for name, tensor in state.items():
        values = tensor.detach().cpu()
        if name in roundings:
            values = _stored(name, values, roundings[name], packed)
            values = _without_zeros(name, values, packed)
        packed[name] = values.contiguous()
    return packed


def _stored(name: str, weight: Tensor, rounding: Rounding, packed: dict[str, Tensor]) -> Tensor:
    if rounding.bits == 8:
        levels, packed[name + SCALE] = to_levels(weight, rounding.axis)
        return levels
    return weight.half() if rounding.bits == 16 and _fits_half(weight) else weight


def _without_zeros(name: str, values: Tensor, packed: dict[str, Tensor]) -> Tensor:
    kept = values != 0
    bits = torch.from_numpy(np.packbits(kept.flatten().numpy()))
    if len(bits) >= int((~kept).sum()) * values.element_size():
        return values
    packed[name + KEPT] = bits
    return values[kept]


def unpack(tensors: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The inverse of `pack`, with the types and shapes of the model's state `wanted`.

    Raises ValueError, with what is wrong, where parts of a tensor do not fit one another. A tensor that the model does not have, or
    of a type that `pack` does not write, is returned unchanged: `checks.weights` refuses it.
    """
    found = dict(tensors)
    for name, model in wanted.items():
        if name not in found or model.dtype != torch.float32:
            continue
        values, scale, kept = found[name], found.pop(name + SCALE, None), found.pop(name + KEPT, None)
        if (values.dtype == torch.int8) != (scale is not None):
            raise ValueError(Message("the tensor '{name}' and its scale do not fit one another", name=name))
        if kept is not None:
            values = _with_zeros(name, values, kept, model.shape)
        if scale is not None:
            _check_scale(name, scale, model.shape)
            values = values.float() * scale if values.shape == model.shape else values
        found[name] = values.float() if values.dtype == torch.float16 else values
    return found


def _with_zeros(name: str, values: Tensor, kept: Tensor, shape: torch.Size) -> Tensor:
    count = prod(shape)
    whole = kept.dtype == torch.uint8 and kept.shape == ((count + 7) // 8,) and values.dim() == 1
    bits = np.unpackbits(kept.numpy()) if whole else np.zeros(0, np.uint8)
    if not whole or bits.sum() != len(values) or bits[count:].any():
        raise ValueError(Message("the tensor '{name}' does not say which of its weights are zero", name=name))
    dense = values.new_zeros(count)
    dense[torch.from_numpy(bits[:count].astype(bool))] = values
    return dense.reshape(shape)


def _check_scale(name: str, scale: Tensor, shape: torch.Size) -> None:
    sides = [i for i, side in enumerate(scale.shape) if side != 1]
    fits = scale.dim() == len(shape) and len(sides) <= 1 and all(scale.shape[i] == shape[i] for i in sides)
    if scale.dtype != torch.float32 or not fits:
        raise ValueError(Message("the scale of the tensor '{name}' does not fit it", name=name))


def _fits_half(weight: Tensor) -> bool:
    return not weight.numel() or weight.abs().max().item() <= LARGEST_HALF
