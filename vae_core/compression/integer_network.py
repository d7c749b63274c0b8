"""An encoder or decoder that computes with whole numbers, so that every computer gets the same outputs.

Weights are rounded to 14 bits, one scale for each output channel, and activations to 12 bits. Every sum is below 2^53, so float64 holds
it exactly, and the order in which a matrix product adds changes nothing: neither the number of threads, nor the batch, nor the set of
instructions. Between two sums stands one multiplication and one rounding for each number, which IEEE 754 defines to the last bit.
"""

import math
from collections.abc import Sequence
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn

from vae_core.compression.exact_functions import STEPS, Float64, logistic
from vae_core.errors import UserError
from vae_core.models.networks import ConvDecoder, ConvEncoder, Mlp
from vae_core.utils.arrays import Int64

WEIGHT = 2**13 - 1  # the largest weight: 14 bits with the sign
ACTIVATION = 2**12 - 1  # the largest activation
EXACT = 2**53  # whole numbers up to here are exact in float64
INDEX_BITS = 13  # of the argument of an activation function, without its sign
RANGE = (3, 12)  # exponents of the largest argument of an activation function: from 8 to 4096
LARGEST_OUTPUT = 2**40

Weighted = nn.Linear | nn.Conv2d | nn.ConvTranspose2d
FUNCTIONS = {
    nn.ReLU: lambda index, steps: np.maximum(index, 0) / steps,
    nn.SiLU: lambda index, steps: index / steps * logistic(index * STEPS // steps),
    nn.Tanh: lambda index, steps: 2 * logistic(2 * index * STEPS // steps) - 1,
}


def layers_of(network: nn.Module) -> list[nn.Module]:
    """The layers of an encoder or decoder in their order, with changes of shape between them; raises UserError for other networks."""
    if isinstance(network, Mlp):
        return [nn.Flatten(), *network.layers, nn.Unflatten(1, network.shape)]
    if isinstance(network, ConvEncoder):
        return [*network.convolutions, nn.Flatten(), network.head]
    if isinstance(network, ConvDecoder):
        return [*network.stem, nn.Unflatten(1, network.start), *network.convolutions]
    raise UserError("Compression needs a model with the network 'mlp' or 'conv'.")


@torch.inference_mode()
def measured_ranges(network: nn.Module, x: Tensor) -> tuple[int, ...]:
    """For each activation function of a network, the exponent of 2 that bounds its arguments for the inputs x (B, ...)."""
    found = []
    for layer in layers_of(network):
        if type(layer) in FUNCTIONS:
            exponent = math.ceil(math.log2(max(x.abs().max().item(), 1e-9)))
            found.append(min(max(exponent, RANGE[0]), RANGE[1]))
        x = layer(x)
    return tuple(found)


class IntegerNetwork:
    """Whole inputs (B, ...) up to `largest`, in units of `unit`, -> whole outputs (B, ...), so many `steps` to 1.

    `ranges` are those of `measured_ranges`; arguments beyond are cut off, which costs bits and is never wrong. Raises UserError where a
    sum could reach 2^53.
    """

    def __init__(self, network: nn.Module, unit: float, largest: int, ranges: Sequence[int], steps: int) -> None:
        self._layers: list[nn.Module] = []
        left, layers = iter(ranges), layers_of(network)
        for layer, following in zip(layers, [*layers[1:], nn.Identity()], strict=True):
            if isinstance(layer, Weighted):
                follows = type(following) in FUNCTIONS
                table = _ActivationTable(following, next(left)) if follows else None
                self._layers.append(_IntegerLayer(layer, unit, largest, table.steps if table else steps))
                if table:
                    self._layers.append(table)
                    unit, largest = table.unit, ACTIVATION
            elif type(layer) not in FUNCTIONS:
                self._layers.append(layer)

    @torch.inference_mode()
    def __call__(self, x: Int64) -> Int64:
        found = torch.from_numpy(x).double()
        for layer in self._layers:
            found = layer(found)
        return found.long().numpy()


def activations(network: nn.Module) -> int:
    """The number of activation functions of a network."""
    return sum(type(layer) in FUNCTIONS for layer in layers_of(network))


class _IntegerLayer(nn.Module):
    """A linear layer or convolution of whole numbers, then the sums in whole steps of 1/steps."""

    def __init__(self, layer: Weighted, unit: float, largest: int, steps: float) -> None:
        super().__init__()
        weight, bias = layer.weight.detach().double(), layer.bias.detach().double()  # type: ignore[union-attr]
        channel = 1 if isinstance(layer, nn.ConvTranspose2d) else 0
        others = [axis for axis in range(weight.dim()) if axis != channel]
        # A bias that is far larger than the weights would be too large a whole number in their scale.
        scale = torch.maximum(weight.abs().amax(others), bias.abs() / 2**20).clamp(min=1e-20) / WEIGHT
        shape = [-1 if axis == channel else 1 for axis in range(weight.dim())]
        whole = (weight / scale.reshape(shape)).round()
        self.layer = _copied(layer, whole, (bias / (scale * unit)).round())
        self.factor = (scale * (unit * steps)).reshape(-1, *[1] * (weight.dim() - 2))
        if largest * whole.abs().sum(others).max().item() + self.layer.bias.abs().max().item() >= EXACT:  # type: ignore[union-attr]
            raise UserError(
                "Compression needs a model with smaller layers, for the sums of this one would not be exact: choose another model."
            )

    def forward(self, x: Tensor) -> Tensor:
        return (self.layer(x) * self.factor).round().clamp(-LARGEST_OUTPUT, LARGEST_OUTPUT)


class _ActivationTable(nn.Module):
    """An activation function as a table from -2^exponent to 2^exponent, with outputs in whole units of `unit`."""

    table: Tensor

    def __init__(self, function: nn.Module, exponent: int) -> None:
        super().__init__()
        self.steps = 2 ** (INDEX_BITS - exponent)
        self.unit = (1.0 if isinstance(function, nn.Tanh) else 2.0**exponent) / ACTIVATION
        self.last = 2**INDEX_BITS
        index = np.arange(-self.last, self.last + 1)
        values: Float64 = FUNCTIONS[type(function)](index, self.steps)
        self.register_buffer("table", torch.from_numpy(np.rint(values / self.unit).clip(-ACTIVATION, ACTIVATION)))

    def forward(self, x: Tensor) -> Tensor:
        return self.table[x.clamp(-self.last, self.last).long() + self.last]


def _copied(layer: Weighted, weight: Tensor, bias: Tensor) -> Weighted:
    """A layer of the same kind and settings with these weights, in float64."""
    copy = deepcopy(layer).double()
    copy.weight.data, copy.bias.data = weight, bias  # type: ignore[union-attr]
    return copy
