"""The size of a model, computed from its settings, so that a model too large for memory is refused before it is built."""

import math
from itertools import pairwise

from vae_core.axes.layer_sizes import decoder_layers, halvings, raw_shape
from vae_core.config import ModelConfig
from vae_core.messages import Message

WEIGHTS = 100_000_000  # of four bytes each
WIDEST = 2**22  # activations of one image in one layer


def refusal(config: ModelConfig) -> Message | None:
    """Why a model is refused that has more than WEIGHTS weights or a layer with more than WIDEST activations per image; None if not."""
    if (wide := widest(config)) > WIDEST:
        return Message(
            "The model's widest layer has {wide:,} activations an image, and at most {widest:,} are allowed: choose smaller layers.",
            wide=wide,
            widest=WIDEST,
        )
    if (count := weights(config)) > WEIGHTS:
        return Message(
            "The model has about {count:,} weights, and at most {weights:,} are allowed: choose smaller layers or a smaller code.",
            count=count,
            weights=WEIGHTS,
        )
    return None


def widest(config: ModelConfig) -> int:
    """The largest number of activations of one image in any layer, input included."""
    up = decoder_layers(config)
    if config.kind == "tokens":
        return config.shape[0] * max(config.vocabulary, 3 * up[-1], 3 * config.hidden[0])
    if config.network in ("mlp", "tied"):
        return max(math.prod(raw_shape(config)), *config.hidden, *up, 1)
    areas = [height * width for height, width in halvings(config)]
    down = [channels * area for channels, area in zip(config.hidden, areas[1:], strict=True)]
    back = [channels * area for channels, area in zip(up, areas[:0:-1], strict=False)]
    return max(math.prod(raw_shape(config)), *down, *back)


def weights(config: ModelConfig) -> int:
    """About how many weights the networks, the prior and the flows have; an overestimate rather than an underestimate."""
    parts = {"flow": _flow(config), "vamp": config.components * math.prod(config.shape)}
    parts["mixture"] = config.components * (2 * config.latent_dim + 1)
    parts["codebook"] = 2 * config.categories * config.latent_dim // config.discrete
    flow = _flow(config) if config.posterior in ("planar", "autoregressive") else 0
    return _networks(config) + parts.get(config.prior, 0) + flow + (_words(config) if config.words else 0)


def _networks(config: ModelConfig) -> int:
    size, code = math.prod(config.shape), config.latent_dim + config.classes
    outputs = 2 * config.latent_dim + config.flow_width
    up = decoder_layers(config)
    if config.kind == "tokens":
        return _token_networks(config, outputs)
    extra = _dense(size, *config.hidden, config.classes) if config.classifier != "none" else 0
    extra += _dense(size, *config.hidden, 2 * config.first) if config.first else 0
    if config.network in ("mlp", "tied"):
        return (
            extra
            + _dense(size + config.classes, *config.hidden, outputs)
            + _dense(code, *up, math.prod(raw_shape(config)))
        )
    area = math.prod(halvings(config)[-1])
    blocks = 2 if config.network == "residual" else 0
    maps = sum(9 * (a * b + blocks * b * b) for a, b in pairwise((config.shape[0], *config.hidden)))
    maps += sum(9 * (a * b + blocks * a * a) for a, b in pairwise((*up, raw_shape(config)[0])))
    if config.network == "grid":
        return extra + maps + (config.hidden[-1] + 9 * up[0]) * (outputs + config.classes)
    ends = _dense(config.hidden[-1] * area + config.classes, outputs) + _dense(code, up[0] * area)
    return extra + maps + ends


def _token_networks(config: ModelConfig, outputs: int) -> int:
    """Embeddings, layers, the way from and to the code, and the logits; 8 or 9 squares of the width in a layer are the most."""
    up, places = decoder_layers(config), config.shape[0]
    layers = sum(9 * (width + 2) * width for width in (*config.hidden, *up))
    embeddings = (config.vocabulary + places) * (config.hidden[0] + up[-1])
    ends = _dense(config.hidden[0] + config.classes, outputs) + _dense(up[-1], config.vocabulary)
    return layers + embeddings + ends + _dense(config.latent_dim + config.classes, math.prod(raw_shape(config)))


def _words(config: ModelConfig) -> int:
    """Weights of the words' networks, and of the network of both parts where there is one."""
    total, hidden, code = sum(config.words), config.hidden[-1:], config.latent_dim
    own = _dense(total, *hidden, 2 * code) + _dense(code, *hidden, total)
    both = _networks(config) + total * max((2 * code, *config.hidden)) if config.joint_posterior == "network" else 0
    return own + both


def _dense(*widths: int) -> int:
    return sum((before + 1) * after for before, after in pairwise(widths))


def _flow(config: ModelConfig) -> int:
    """Weights and masks of the masked two-layer networks, with up to 24 outputs for each dimension of the code."""
    wide, code = config.flow_width, config.latent_dim
    return 2 * config.flow_steps * _dense(2 * code + wide, wide, wide, 24 * code)
