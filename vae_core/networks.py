"""NETWORKS: the two halves of a model, encoder(x, c) -> raw (B, E) and decoder(z, c) -> raw (B, *shape).

`c` (B, K) is the one-hot label of a conditional model, or None. Networks end in plain numbers: the posterior and the
likelihood give them their meaning. Sizes are worked out from the data's shape, never written down.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vae_core.config import ModelConfig
from vae_core.errors import UserError

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "silu": nn.SiLU}
Halves = tuple[nn.Module, nn.Module]


def dense(widths: Sequence[int], activation: str) -> nn.Sequential:
    """Linear layers through `widths` with an activation between them, none after the last."""
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [nn.Linear(before, after), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


def join(x: Tensor, c: Tensor | None) -> Tensor:
    """x (B, D) with the one-hot label beside it, (B, D + K)."""
    return x if c is None else torch.cat([x, c], dim=1)


class Mlp(nn.Module):
    """Dense layers from (B, *anything) to (B, *shape); the label joins the input."""

    def __init__(self, widths: Sequence[int], activation: str, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.layers = dense(widths, activation)
        self.shape = shape

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        return self.layers(join(x.flatten(1), c)).unflatten(1, self.shape)

    @property
    def output_bias(self) -> nn.Parameter:
        return self.layers[-1].bias  # type: ignore[return-value]


def mlp(config: ModelConfig, outputs: int) -> Halves:
    """Dense layers of any widths."""
    size = math.prod(config.shape)
    decoder_hidden = config.decoder_hidden if config.decoder_hidden is not None else config.hidden[::-1]
    encoder = Mlp([size + config.classes, *config.hidden, outputs], config.activation, (outputs,))
    decoder = Mlp([config.latent_dim + config.classes, *decoder_hidden, size], config.activation, config.shape)
    return encoder, decoder


def classifier(config: ModelConfig) -> nn.Module:
    """Dense layers from an image to a logit for each label."""
    return Mlp([math.prod(config.shape), *config.hidden, config.classes], config.activation, (config.classes,))


class Residual(nn.Module):
    """x + two convolutions of the activated x (He et al. 2016, arXiv:1603.05027, fig. 1b, without normalisation)."""

    def __init__(self, channels: int, activation: str) -> None:
        super().__init__()
        convolutions = (nn.Conv2d(channels, channels, 3, 1, 1) for _ in range(2))
        self.layers = nn.Sequential(*(layer for one in convolutions for layer in (ACTIVATIONS[activation](), one)))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


class ConvEncoder(nn.Module):
    """Convolutions of stride 2, each with `blocks` residual ones, then one dense layer that the label joins."""

    def __init__(
        self, channels: Sequence[int], activation: str, features: int, classes: int, outputs: int, blocks: int = 0
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in pairwise(channels):
            layers += [nn.Conv2d(before, after, 3, 2, 1), ACTIVATIONS[activation]()]
            layers += [Residual(after, activation) for _ in range(blocks)]
        self.convolutions = nn.Sequential(*layers)
        self.head = nn.Linear(features + classes, outputs)

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        return self.head(join(self.convolutions(x).flatten(1), c))


class ConvDecoder(nn.Module):
    """One dense layer that the label joins, then transposed convolutions of stride 2 through `sizes` to the picture.

    `blocks` residual convolutions come before each.
    """

    def __init__(
        self, inputs: int, channels: Sequence[int], sizes: Sequence[tuple[int, int]], activation: str, blocks: int = 0
    ) -> None:
        super().__init__()
        self.start = (channels[0], *sizes[0])
        self.stem = nn.Sequential(nn.Linear(inputs, math.prod(self.start)), ACTIVATIONS[activation]())
        layers: list[nn.Module] = []
        for (before, after), (height, width) in zip(pairwise(channels), sizes[1:], strict=True):
            # A stride-2 convolution takes 2n and 2n - 1 to the same n; the padding tells the way back which one it was.
            extra = (1 - height % 2, 1 - width % 2)
            layers += [Residual(before, activation) for _ in range(blocks)]
            layers += [nn.ConvTranspose2d(before, after, 3, 2, 1, output_padding=extra), ACTIVATIONS[activation]()]
        self.convolutions = nn.Sequential(*layers[:-1])

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return self.convolutions(self.stem(join(z, c)).unflatten(1, self.start))

    @property
    def output_bias(self) -> nn.Parameter:
        return self.convolutions[-1].bias  # type: ignore[return-value]


def conv(config: ModelConfig, outputs: int, blocks: int = 0) -> Halves:
    """A stack of stride-2 convolutions and its mirror image, for pictures of any size the stack can halve."""
    if config.is_points:
        raise UserError(f"The network '{config.network}' needs pictures; for points choose network='mlp'.")
    if not config.hidden:
        raise UserError(f"The network '{config.network}' needs at least one layer: give hidden, for example (32, 64).")
    channels, height, width = config.shape
    sizes = [(height, width)]
    for _ in config.hidden:
        if sizes[-1] == (1, 1):
            raise UserError(
                f"A {height}x{width} picture cannot be halved {len(config.hidden)} times: give at most {len(sizes) - 1} layers."
            )
        sizes.append(tuple(math.ceil(side / 2) for side in sizes[-1]))  # type: ignore[arg-type]
    up = config.decoder_hidden if config.decoder_hidden is not None else config.hidden[::-1]
    if len(up) != len(config.hidden):
        raise UserError(
            f"The network '{config.network}' needs as many decoder layers as encoder layers: {len(config.hidden)}, not {len(up)}."
        )
    features = config.hidden[-1] * math.prod(sizes[-1])
    encoder = ConvEncoder([channels, *config.hidden], config.activation, features, config.classes, outputs, blocks)
    decoder = ConvDecoder(config.latent_dim + config.classes, [*up, channels], sizes[::-1], config.activation, blocks)
    return encoder, decoder


def residual(config: ModelConfig, outputs: int) -> Halves:
    """The same stack with a residual block at every size, which deepens it without a longer way for the gradient."""
    return conv(config, outputs, blocks=1)


class TiedDecoder(nn.Module):
    """The encoder's weights transposed, with biases of its own; the label enters the first layer by its own weights."""

    def __init__(self, encoder: Mlp, config: ModelConfig) -> None:
        super().__init__()
        # In a tuple, so that torch does not register the encoder's parameters a second time.
        self._linear = tuple(layer for layer in encoder.layers if isinstance(layer, nn.Linear))
        self.activation = ACTIVATIONS[config.activation]()
        self.latent_dim, self.shape = config.latent_dim, config.shape
        self.widths = [config.latent_dim, *config.hidden[::-1], math.prod(config.shape)]
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(width)) for width in self.widths[1:])
        self.label = nn.Linear(config.classes, self.widths[1], bias=False) if config.classes else None

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        h = z
        for i, (layer, (before, after), bias) in enumerate(
            zip(reversed(self._linear), pairwise(self.widths), self.biases, strict=True)
        ):
            # The encoder's last layer gives means first, its first layer takes pixels first: the slices drop the rest.
            h = h @ layer.weight[:before, :after] + bias
            if i == 0 and self.label is not None and c is not None:
                h = h + self.label(c)
            if i < len(self.biases) - 1:
                h = self.activation(h)
        return h.unflatten(1, self.shape)

    @property
    def output_bias(self) -> nn.Parameter:
        return self.biases[-1]


def tied(config: ModelConfig, outputs: int) -> Halves:
    """Dense layers whose decoder is the encoder transposed: half the weights (Hinton and Salakhutdinov 2006)."""
    if config.decoder_hidden is not None:
        raise UserError("The network 'tied' has the encoder's layers in reverse: leave decoder_hidden empty.")
    encoder, _ = mlp(config, outputs)
    assert isinstance(encoder, Mlp)
    return encoder, TiedDecoder(encoder, config)


@dataclass(frozen=True)
class Network:
    """`make`: configuration and the number of raw outputs -> encoder and decoder.

    `pictures`: whether it needs pictures rather than points; `browser`: whether the browser runs it.
    """

    make: Callable[[ModelConfig, int], Halves]
    pictures: bool = False
    browser: bool = True

    def __call__(self, config: ModelConfig, outputs: int) -> Halves:
        return self.make(config, outputs)


NETWORKS: dict[str, Network] = {
    "mlp": Network(mlp),
    "conv": Network(conv, pictures=True),
    "tied": Network(tied),
    "residual": Network(residual, pictures=True, browser=False),
}


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """Labels (B,) as float rows (B, classes)."""
    return F.one_hot(labels, classes).float()
