"""NETWORKS: encoder(x, c) -> raw (B, E) and decoder(z, c) -> raw (B, *raw_shape).

`c` (B, K) is the one-hot label of a conditional model, or None. Networks return raw numbers, which the posterior and the likelihood
turn into parameters. All layer sizes are computed from the data's shape.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vae_core.axes.layer_sizes import decoder_layers, grid_size, halvings, raw_shape
from vae_core.config import ModelConfig
from vae_core.models.layers import ACTIVATIONS, append_label, dense, downsampling, upsampling
from vae_core.models.token_networks import GruEncoder, TransformerEncoder

EncoderDecoder = tuple[nn.Module, nn.Module]


class Mlp(nn.Module):
    """Dense layers from (B, *anything) to (B, *shape); the label is appended to the input."""

    def __init__(self, widths: list[int], activation: str, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.layers = dense(widths, activation)
        self.shape = shape

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        return self.layers(append_label(x.flatten(1), c)).unflatten(1, self.shape)

    @property
    def output_bias(self) -> nn.Parameter:
        return self.layers[-1].bias  # type: ignore[return-value]


def mlp(config: ModelConfig, outputs: int) -> EncoderDecoder:
    """Dense layers of any widths (multilayer perceptron)."""
    size, raw = math.prod(config.shape), raw_shape(config)
    encoder = Mlp([size + config.classes, *config.hidden, outputs], config.activation, (outputs,))
    widths = [config.latent_dim + config.classes, *decoder_layers(config), math.prod(raw)]
    decoder = Mlp(widths, config.activation, raw)
    return encoder, decoder


def classifier(config: ModelConfig) -> nn.Module:
    """Dense layers from an image to the logits of the labels, for semi-supervised models."""
    return Mlp([math.prod(config.shape), *config.hidden, config.classes], config.activation, (config.classes,))


class ConvEncoder(nn.Module):
    """Convolutions of stride 2, then one dense layer; the label is appended to the dense layer's input."""

    def __init__(self, convolutions: nn.Sequential, features: int, outputs: int) -> None:
        super().__init__()
        self.convolutions = convolutions
        self.head = nn.Linear(features, outputs)

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        return self.head(append_label(self.convolutions(x).flatten(1), c))


class ConvDecoder(nn.Module):
    """One dense layer from code and label to a map `start` (C, h, w), then transposed convolutions to the image."""

    def __init__(self, inputs: int, start: tuple[int, int, int], activation: str, convolutions: nn.Sequential) -> None:
        super().__init__()
        self.start = start
        self.stem = nn.Sequential(nn.Linear(inputs, math.prod(start)), ACTIVATIONS[activation]())
        self.convolutions = convolutions

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return self.convolutions(self.stem(append_label(z, c)).unflatten(1, self.start))

    @property
    def output_bias(self) -> nn.Parameter:
        return self.convolutions[-1].bias  # type: ignore[return-value]


@dataclass(frozen=True)
class ConvStack:
    """Stride-2 convolutions of the encoder (`down`) and the transposed ones of the decoder (`up`).

    `features` (C, h, w) is the shape of the encoder's last map, `start` that of the decoder's first.
    """

    down: nn.Sequential
    up: nn.Sequential
    features: tuple[int, int, int]
    start: tuple[int, int, int]


def conv_stack(config: ModelConfig, blocks: int) -> ConvStack:
    """The convolutions of encoder and decoder."""
    sizes, up = halvings(config), decoder_layers(config)
    channels, activation = config.shape[0], config.activation
    return ConvStack(
        downsampling([channels, *config.hidden], activation, blocks),
        upsampling([*up, raw_shape(config)[0]], sizes[::-1], activation, blocks),
        (config.hidden[-1], *sizes[-1]),
        (up[0], *sizes[-1]),
    )


def conv(config: ModelConfig, outputs: int, blocks: int = 0) -> EncoderDecoder:
    """Stride-2 convolutions, a dense layer to the code, and the same in reverse with transposed convolutions."""
    both = conv_stack(config, blocks)
    encoder = ConvEncoder(both.down, math.prod(both.features) + config.classes, outputs)
    return encoder, ConvDecoder(config.latent_dim + config.classes, both.start, config.activation, both.up)


def residual(config: ModelConfig, outputs: int) -> EncoderDecoder:
    """The network 'conv' with a residual block at every resolution; skip connections keep the gradient from vanishing."""
    return conv(config, outputs, blocks=1)


class GridEncoder(nn.Module):
    """Convolutions of stride 2, then a 1x1 convolution of features and label: a vector of D numbers at each position of a map.

    The vectors follow each other position by position; each further kind of raw number (log-variances), `parts` kinds in all, comes
    after the means of all positions.
    """

    def __init__(self, convolutions: nn.Sequential, features: int, parts: int, width: int) -> None:
        super().__init__()
        self.convolutions, self.parts = convolutions, parts
        self.head = nn.Conv2d(features, parts * width, 1)

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        maps = self.head(append_label(self.convolutions(x), c)).unflatten(1, (self.parts, -1))  # (B, parts, D, h, w)
        return maps.permute(0, 1, 3, 4, 2).flatten(1)


class GridDecoder(nn.Module):
    """The code as a map of vectors, a convolution of map and label, then transposed convolutions of stride 2 to the image."""

    def __init__(self, inputs: int, start: tuple[int, int, int], activation: str, convolutions: nn.Sequential) -> None:
        super().__init__()
        self.grid_size = start[1:]
        self.stem = nn.Sequential(nn.Conv2d(inputs, start[0], 3, 1, 1), ACTIVATIONS[activation]())
        self.convolutions = convolutions

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        maps = z.unflatten(1, (*self.grid_size, -1)).permute(0, 3, 1, 2)  # (B, D, h, w)
        return self.convolutions(self.stem(append_label(maps, c)))

    @property
    def output_bias(self) -> nn.Parameter:
        return self.convolutions[-1].bias  # type: ignore[return-value]


def grid(config: ModelConfig, outputs: int) -> EncoderDecoder:
    """Convolutions only: the code is a grid of vectors, each of which sees a part of the image."""
    numbers, both = config.latent_dim // math.prod(grid_size(config)), conv_stack(config, blocks=0)
    encoder = GridEncoder(both.down, both.features[0] + config.classes, outputs // config.latent_dim, numbers)
    return encoder, GridDecoder(numbers + config.classes, both.start, config.activation, both.up)


class TiedDecoder(nn.Module):
    """The encoder's weights transposed, with separate biases; the label enters the first layer by separate weights."""

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
            # The encoder's last layer outputs means first and its first layer takes pixels first: the slices drop the rest.
            h = h @ layer.weight[:before, :after] + bias
            if i == 0 and self.label is not None and c is not None:
                h = h + self.label(c)
            if i < len(self.biases) - 1:
                h = self.activation(h)
        return h.unflatten(1, self.shape)

    @property
    def output_bias(self) -> nn.Parameter:
        return self.biases[-1]


def tied(config: ModelConfig, outputs: int) -> EncoderDecoder:
    """Dense layers whose decoder is the encoder transposed, with half the weights (Hinton and Salakhutdinov 2006)."""
    encoder, _ = mlp(config, outputs)
    assert isinstance(encoder, Mlp)
    return encoder, TiedDecoder(encoder, config)


def gru(config: ModelConfig, outputs: int) -> EncoderDecoder:
    """Of sentences: a GRU reads the words, another writes them, told the code at the start and at every word."""
    return GruEncoder(config, outputs), _context(config)


def transformer(config: ModelConfig, outputs: int) -> EncoderDecoder:
    """Of sentences: a transformer reads the words, another writes them, with vectors made of the code as its memory."""
    return TransformerEncoder(config, outputs), _context(config)


def _context(config: ModelConfig) -> nn.Module:
    """A dense layer from the code and the label to what the likelihood `tokens` tells the network that writes the words."""
    raw = raw_shape(config)
    return Mlp([config.latent_dim + config.classes, math.prod(raw)], config.activation, raw)


@dataclass(frozen=True)
class Network:
    """`make`: configuration and the number of raw outputs -> encoder and decoder; `browser`: whether the browser runs it."""

    make: Callable[[ModelConfig, int], EncoderDecoder]
    browser: bool = True

    def __call__(self, config: ModelConfig, outputs: int) -> EncoderDecoder:
        return self.make(config, outputs)


NETWORKS: dict[str, Network] = {
    "mlp": Network(mlp),
    "conv": Network(conv),
    "tied": Network(tied),
    "residual": Network(residual, browser=False),
    "grid": Network(grid, browser=False),
    "gru": Network(gru),
    "transformer": Network(transformer, browser=False),
}


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """Labels (B,) as float rows (B, classes)."""
    return F.one_hot(labels, classes).float()
