"""A model for the browser: a flat list of layers and one array of weights, which the browser runs (model/network.js).

Maps inside a network are stored with channels last: a convolution is then one matrix product whose rows are contiguous in memory. Only
the image at the encoder's input and the decoder's output has channels first ("planar").
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from torch import nn

from vae_core.config import ModelConfig
from vae_core.errors import UserError
from vae_core.export import gru
from vae_core.export.weights import Layer, Size, Weights
from vae_core.models.likelihoods import LIKELIHOODS, ColumnsLikelihood, TokensLikelihood
from vae_core.models.networks import ACTIVATIONS, NETWORKS, ConvDecoder, ConvEncoder, Mlp, TiedDecoder
from vae_core.models.pairs.pair_vae import PairVAE, with_words_as_label
from vae_core.models.posteriors import POSTERIORS
from vae_core.models.priors import PRIORS
from vae_core.models.token_networks import GruDecoder, GruEncoder
from vae_core.models.vae import VAE, evaluation


@dataclass(frozen=True)
class Exported:
    """`header`: JSON values, in which layers refer to the weights by offset: to the array `weights` (N,), float16 or float32.

    A model with weights of 8 bits has them in `levels`, int8, with their `scales`, float32; `weights` are then those of 16 bits alone,
    and `parts` of the header says how the three make up all of them (see eight_bit_weights.py).
    """

    header: dict[str, Any]
    weights: NDArray[np.floating]
    levels: NDArray[np.int8] | None = None
    scales: NDArray[np.float32] | None = None


def browser_model(vae: VAE, precision: Literal["float16", "float32"] = "float16") -> Exported:
    """The model as a list of layers; weights too large for float16 stay float32. Raises UserError for an unknown layer.

    For a model that cannot run in the browser the header has only its sizes and `remote`: the server decodes for it.
    """
    if not in_browser(vae.config):
        return _remote(vae)
    header, parts = layers_and_weights(vae)
    weights = np.concatenate([part.ravel() for part in parts])
    fits = np.abs(weights).max() <= np.finfo(np.float16).max
    return Exported(header, weights.astype(np.float16) if precision == "float16" and fits else weights)


def layers_and_weights(vae: VAE) -> tuple[dict[str, Any], list[NDArray[np.float32]]]:
    """The header of a model that can run in the browser, and its arrays of weights, one after the other as its offsets have them."""
    pack, config = Weights(), vae.config
    with evaluation(vae):  # a likelihood may have another sigma in training mode
        header = {
            "shape": list(config.shape),
            "latent_dim": config.latent_dim,
            "classes": config.classes,
            "posterior": config.posterior,
            "likelihood": _likelihood(vae, pack),
            "encoder": _layers(vae.encoder, config, pack),
            "decoder": _layers(vae.decoder, config, pack),
        }
        if isinstance(vae.encoder, GruEncoder):
            header["reader"] = gru.reader(vae.encoder, pack)
        if isinstance(vae, PairVAE):
            header["words"] = _words(vae, pack)
    return header, pack.parts


def _words(vae: PairVAE, pack: Weights) -> dict[str, Any]:
    """The networks of the words beside a picture: to and from the code, and that of both parts where there is one."""
    told = with_words_as_label(vae.config)
    return {
        "sizes": list(vae.words.sizes),
        "encoder": _layers(vae.words.encoder, vae.config, pack),
        "decoder": _layers(vae.words.decoder, vae.config, pack),
        "both": None if vae.both is None else _layers(vae.both, told, pack),
    }


def _likelihood(vae: VAE, pack: Weights) -> dict[str, Any]:
    """Its name and sigma; for rows of a table also the widths of the columns, which may lack values, and sigma of each number.

    For sentences also the network that writes them.
    """
    likelihood, name = vae.likelihood, vae.config.likelihood
    if isinstance(likelihood, ColumnsLikelihood):
        layout = likelihood.layout
        told = {"widths": list(layout.widths), "missing": list(layout.missing), "sigmas": likelihood.sigma.tolist()}
        return {"name": name, "sigma": None, "columns": told}
    if isinstance(likelihood, TokensLikelihood) and isinstance(likelihood.network, GruDecoder):
        return {"name": name, "sigma": None, "writer": gru.writer(likelihood.network, pack)}
    log_sigma = getattr(likelihood, "log_sigma", None)
    return {"name": name, "sigma": None if log_sigma is None else log_sigma.exp().item()}


def in_browser(config: ModelConfig) -> bool:
    """Whether the model can run in a browser, which each registered network, posterior, prior and likelihood declares."""
    density = (POSTERIORS[config.posterior], PRIORS[config.prior], LIKELIHOODS[config.likelihood])
    return not config.first and NETWORKS[config.network].browser and all(entry.browser for entry in density)


def _remote(vae: VAE) -> Exported:
    config, content = vae.config, hashlib.sha256()
    for tensor in vae.state_dict().values():
        content.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    sizes = {"shape": list(config.shape), "latent_dim": config.latent_dim, "classes": config.classes}
    description = {"posterior": config.posterior, "remote": True, "content": content.hexdigest()[:16]}
    return Exported(sizes | description, np.zeros(1, np.float32))


def _layers(network: nn.Module, config: ModelConfig, pack: Weights) -> list[Layer]:
    if type(network) not in NETWORK_LAYERS:
        raise _unknown(network)
    return NETWORK_LAYERS[type(network)](network, config, pack)


def _unknown(module: nn.Module) -> UserError:
    return UserError(
        "The model cannot be exported: there is no rule for its part '{name__}'.", name__=type(module).__name__
    )


NAMES: dict[type[nn.Module], str] = {module: name for name, module in ACTIVATIONS.items()}


def _name(activation: nn.Module) -> str:
    if type(activation) not in NAMES:
        raise _unknown(activation)
    return NAMES[type(activation)]


def _pairs(modules: Iterable[nn.Module], kind: type[nn.Module]) -> Iterator[tuple[Any, str | None]]:
    """Each layer of this kind with the name of the activation that follows it, or None."""
    waiting = None
    for module in modules:
        if type(module) is kind:
            if waiting is not None:
                yield waiting, None
            waiting = module
        elif waiting is not None:
            yield waiting, _name(module)
            waiting = None
        else:
            raise _unknown(module)
    if waiting is not None:
        yield waiting, None


def _mlp(network: Mlp, config: ModelConfig, pack: Weights) -> list[Layer]:
    layers: list[Layer] = []
    for module, activation in _pairs(network.layers, nn.Linear):
        inputs = module.in_features - (0 if layers else config.classes)
        layers.append(_dense(module, inputs, activation, pack))
    return layers


def _dense(module: nn.Linear, inputs: int, activation: str | None, pack: Weights) -> Layer:
    """A linear layer whose first `inputs` inputs are features and whose others are the one-hot label."""
    weight = module.weight.t()
    return pack.linear(weight[:inputs], module.bias, activation, weight[inputs:] if inputs < len(weight) else None)


def _conv_encoder(network: ConvEncoder, config: ModelConfig, pack: Weights) -> list[Layer]:
    size: Size = config.shape[-2:]
    layers: list[Layer] = []
    for module, activation in _pairs(network.convolutions, nn.Conv2d):
        layers.append(pack.convolution(module, size, activation, planar=not layers))
        size = layers[-1]["to"]
    weight, channels = network.head.weight.t(), layers[-1]["outputs"]
    inputs = len(weight) - config.classes
    pixels = weight[:inputs].reshape(channels, -1, weight.shape[1]).transpose(0, 1).flatten(0, 1)
    label = weight[inputs:] if config.classes else None
    return [*layers, pack.linear(pixels, network.head.bias, None, label)]


def _conv_decoder(network: ConvDecoder, config: ModelConfig, pack: Weights) -> list[Layer]:
    channels, height, width = network.start
    size: Size = (height, width)
    [(stem, activation)] = _pairs(network.stem, nn.Linear)
    weight = stem.weight.t().unflatten(1, (channels, -1)).transpose(1, 2).flatten(1)
    bias = stem.bias.unflatten(0, (channels, -1)).t().flatten()
    label = weight[config.latent_dim :] if config.classes else None
    layers = [pack.linear(weight[: config.latent_dim], bias, activation, label)]
    modules = list(_pairs(network.convolutions, nn.ConvTranspose2d))
    for i, (module, activation) in enumerate(modules):
        layers.append(pack.convolution(module, size, activation, planar=i == len(modules) - 1))
        size = layers[-1]["to"]
    return layers


def _tied_decoder(network: TiedDecoder, config: ModelConfig, pack: Weights) -> list[Layer]:
    layers: list[Layer] = []
    for layer, bias, before in zip(reversed(network._linear), network.biases, network.widths, strict=False):
        last = len(layers) == len(network.biases) - 1
        label = None if layers or network.label is None else network.label.weight.t()
        # The slices are those of TiedDecoder.forward: only means at the code's end, only pixels at the image's end.
        weight = layer.weight[:before, : len(bias)]
        layers.append(pack.linear(weight, bias, None if last else _name(network.activation), label))
    return layers


def _gru_encoder(network: GruEncoder, config: ModelConfig, pack: Weights) -> list[Layer]:
    """The layer behind the GRU, which is the header's `reader`."""
    return [_dense(network.head, network.head.in_features - config.classes, None, pack)]


NETWORK_LAYERS: dict[type[nn.Module], Callable[[Any, ModelConfig, Weights], list[Layer]]] = {
    Mlp: _mlp,
    ConvEncoder: _conv_encoder,
    ConvDecoder: _conv_decoder,
    TiedDecoder: _tied_decoder,
    GruEncoder: _gru_encoder,
}
