"""Pruning: the weights nearest to zero are set to zero, or hidden units are taken away with all their weights."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.models.networks import Mlp
from vae_core.models.vae import VAE
from vae_core.slim.rounding_choice import layers

Masks = dict[str, Tensor]  # by name of the weight, true where it is kept


def smallest_weights(vae: VAE, share: float) -> Masks:
    """Masks that leave out this share of each layer's weights, those of the smallest magnitude (Han et al. 2015, arXiv:1506.02626).

    The share is the same in each layer: one threshold for all of them would empty a layer whose weights are small throughout.
    """
    return {name: _largest(vae.get_parameter(name).detach(), share) for name in layers(vae)}


def _largest(weight: Tensor, share: float) -> Tensor:
    dropped = int(weight.numel() * share)
    order = weight.abs().flatten().argsort()
    kept = torch.ones(weight.numel(), dtype=torch.bool)
    kept[order[:dropped]] = False
    return kept.reshape(weight.shape)


def without_units(vae: VAE, share: float) -> VAE:
    """A smaller model of the same kind, without this share of the hidden units of each layer.

    Those go whose weights matter least: the norm of the weights that lead to a unit times the norm of those that lead on. Raises
    UserError for a model of other layers than dense ones.
    """
    config = vae.config
    if (
        not isinstance(vae.encoder, Mlp)
        or not isinstance(vae.decoder, Mlp)
        or vae.classifier is not None
        or config.first
    ):
        raise UserError("Units can be removed from a model of dense layers only: prune single weights instead.")
    parts = {"encoder": _strongest(vae.encoder, share), "decoder": _strongest(vae.decoder, share)}
    widths = {name: tuple(len(kept) for kept in units) for name, units in parts.items()}
    small = build(config.replace(hidden=widths["encoder"], decoder_hidden=widths["decoder"]))
    state = vae.state_dict()
    for name, units in parts.items():
        state |= _cut(f"{name}.layers", vae.get_submodule(f"{name}.layers"), units)
    small.load_state_dict(state)
    return small.train(vae.training)


def _linear(layers: nn.Module) -> list[tuple[str, nn.Linear]]:
    return [(name, layer) for name, layer in layers.named_children() if isinstance(layer, nn.Linear)]


def _strongest(network: Mlp, share: float) -> list[Tensor]:
    """For each hidden layer the indices of the units that stay, in order; at least one."""
    found = []
    for (_, layer), (_, after) in pairwise(_linear(network.layers)):
        strength = layer.weight.norm(dim=1) * after.weight.norm(dim=0)
        count = max(1, layer.out_features - int(layer.out_features * share))
        found.append(strength.topk(count).indices.sort().values)
    return found


def _cut(prefix: str, layers: nn.Module, units: list[Tensor]) -> dict[str, Tensor]:
    """The tensors of these layers with the chosen units alone."""
    cut: dict[str, Tensor] = {}
    linear = _linear(layers)
    for i, (name, layer) in enumerate(linear):
        weight, bias = layer.weight.detach(), layer.bias.detach()
        if i:
            weight = weight[:, units[i - 1]]
        if i < len(units):
            weight, bias = weight[units[i]], bias[units[i]]
        cut |= {f"{prefix}.{name}.weight": weight, f"{prefix}.{name}.bias": bias}
    return cut
