"""The two GRUs of a model of sentences for the browser (likelihoods/gru.js): one that reads words, one that writes them."""

from torch import nn

from vae_core.export.weights import Layer, Weights
from vae_core.models.token_networks import GruDecoder, GruEncoder


def reader(network: GruEncoder, pack: Weights) -> Layer:
    """Reads ids to the last state of the top layer; the dense layer behind it is a layer of its own."""
    return _gru(network.embedding, network.gru, pack)


def writer(network: GruDecoder, pack: Weights) -> Layer:
    """Also has `first`, from the context to the first states of all layers, and `out`, from the top layer to the logits."""
    return _gru(network.embedding, network.gru, pack) | {
        "first": pack.linear(network.first.weight.t(), network.first.bias, "tanh"),
        "out": pack.linear(network.out.weight.t(), network.out.bias, None),
    }


def _gru(embedding: nn.Embedding, gru: nn.GRU, pack: Weights) -> Layer:
    """`embedding`: a row for each id. Each cell has two dense layers to its reset, update and new gates, side by side.

    `input` is that from the layer below, `hidden` that from its own state before; `told`, where there is one, that from the context
    to the gates of the first cell.
    """
    width, (below, *_) = embedding.embedding_dim, gru.all_weights[0]
    record = {
        "width": width,
        "vocabulary": embedding.num_embeddings,
        "embedding": pack.put(embedding.weight),
        "told": pack.linear(below.t()[width:], None, None) if gru.input_size > width else None,
    }
    cells = []
    for layer, (weight, own, bias, own_bias) in enumerate(gru.all_weights):
        cells.append(
            {
                "input": pack.linear(weight.t()[: width if layer == 0 else None], bias, None),
                "hidden": pack.linear(own.t(), own_bias, None),
            }
        )
    return record | {"cells": cells}
