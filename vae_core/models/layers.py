"""Building blocks of the networks: dense layers, convolutions, residual blocks, and how a label is appended to an input."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "silu": nn.SiLU}


def dense(widths: Sequence[int], activation: str) -> nn.Sequential:
    """Linear layers of the given `widths` with an activation between them, none after the last."""
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [nn.Linear(before, after), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


def append_label(x: Tensor, c: Tensor | None) -> Tensor:
    """x (B, D, ...) with the one-hot label c (B, K) appended to its channels, at every position of a map: (B, D + K, ...)."""
    if c is None:
        return x
    places = x.shape[2:]
    return torch.cat([x, c.reshape(*c.shape, *(1 for _ in places)).expand(-1, -1, *places)], dim=1)


class Residual(nn.Module):
    """x + two convolutions of the activated x (He et al. 2016, arXiv:1603.05027, fig. 1b, without normalisation)."""

    def __init__(self, channels: int, activation: str) -> None:
        super().__init__()
        convolutions = (nn.Conv2d(channels, channels, 3, 1, 1) for _ in range(2))
        self.layers = nn.Sequential(*(layer for one in convolutions for layer in (ACTIVATIONS[activation](), one)))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


def downsampling(channels: Sequence[int], activation: str, blocks: int) -> nn.Sequential:
    """Convolutions of stride 2 with the given `channels`, each followed by `blocks` residual blocks."""
    layers: list[nn.Module] = []
    for before, after in pairwise(channels):
        layers += [nn.Conv2d(before, after, 3, 2, 1), ACTIVATIONS[activation]()]
        layers += [Residual(after, activation) for _ in range(blocks)]
    return nn.Sequential(*layers)


def upsampling(
    channels: Sequence[int], sizes: Sequence[tuple[int, int]], activation: str, blocks: int
) -> nn.Sequential:
    """Transposed convolutions of stride 2 with the given `channels` and `sizes`, each preceded by `blocks` residual blocks."""
    layers: list[nn.Module] = []
    for (before, after), (height, width) in zip(pairwise(channels), sizes[1:], strict=True):
        # A stride-2 convolution maps sides 2n and 2n - 1 to the same n; the output padding selects which of the two comes back.
        extra = (1 - height % 2, 1 - width % 2)
        layers += [Residual(before, activation) for _ in range(blocks)]
        layers += [nn.ConvTranspose2d(before, after, 3, 2, 1, output_padding=extra), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])
