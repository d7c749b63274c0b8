"""Sizes that follow from a model's settings: maps of a convolutional network, grid of a code, outputs of an encoder."""

import math

from vae_core.axes.names import RAW_NUMBERS
from vae_core.config import ModelConfig

MEMORY, HEAD = 4, 32  # of a transformer: vectors that the decoder makes of a code, numbers of an attention head


def halvings(config: ModelConfig) -> list[tuple[int, int]]:
    """Heights and widths from the image to the smallest map, one more than there are layers; 1x1 stays 1x1."""
    _, height, width = config.shape
    sizes = [(height, width)]
    for _ in config.hidden:
        height, width = math.ceil(height / 2), math.ceil(width / 2)
        sizes.append((height, width))
    return sizes


def most_layers(config: ModelConfig) -> int:
    """How often an image can be halved before it is one pixel."""
    return math.ceil(math.log2(max(config.shape[1:])))


def decoder_layers(config: ModelConfig) -> tuple[int, ...]:
    """Widths or channels from the code to the data."""
    return config.hidden[::-1] if config.decoder_hidden is None else config.decoder_hidden


def raw_shape(config: ModelConfig) -> tuple[int, ...]:
    """The shape of the decoder's raw output: the data's, with a map for each raw number that the likelihood needs of a pixel.

    Of sentences it is what the network that writes them is told: (width,) for a GRU, (MEMORY, width) for a transformer.
    """
    if config.kind == "tokens":
        width = decoder_layers(config)[-1]
        return (MEMORY, width) if config.network == "transformer" else (width,)
    return (RAW_NUMBERS.get(config.likelihood, 1) * config.shape[0], *config.shape[1:])


def grid_size(config: ModelConfig) -> tuple[int, int]:
    """Rows and columns of the code of the network 'grid'; other networks have their discrete choices in one row."""
    return halvings(config)[-1] if config.network == "grid" else (1, config.discrete)


def raw_numbers(config: ModelConfig) -> int:
    """Number of raw numbers that the encoder must output for its posterior."""
    size = config.latent_dim
    extra = {
        "point": 0,
        "quantised": 0,
        "planar": size + config.flow_steps * (2 * size + 1),
        "autoregressive": size + config.flow_width,
        "von_mises_fisher": 1,
        "discrete": size - config.discrete * config.categories,
    }
    return size + extra.get(config.posterior, size)
