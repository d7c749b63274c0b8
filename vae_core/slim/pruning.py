"""Pruning: weights are set to zero, or hidden units are taken away with all their weights, and what stays makes up for it."""

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.models.networks import Mlp
from vae_core.models.vae import VAE
from vae_core.slim.compensation import Inputs, least_missed, needed, pruned, without_inputs
from vae_core.slim.rounding_choice import layers

Masks = dict[str, Tensor]  # by name of the weight, true where it is kept
SMALL = (
    0.01  # of a model's weights: layers with fewer, as those at z, stay whole, since they save nothing and lose most
)


def prune(vae: VAE, share: float, inputs: Inputs) -> Masks:
    """Set this share of the weights of each layer to zero, in the model itself; gives the masks of those that are kept.

    In a dense layer, whose inputs are known, those go whose loss the others make up for best; in a convolution those of the smallest
    magnitude (Han et al. 2015, arXiv:1506.02626). The share is the same in each layer: one threshold for all of them would empty a
    layer whose weights are small throughout.
    """
    weights = {name: vae.get_parameter(name).detach() for name in layers(vae)}
    least = SMALL * sum(weight.numel() for weight in weights.values())
    masks = {name: _kept(name, weight, share, inputs) for name, weight in weights.items() if weight.numel() >= least}
    with torch.no_grad():
        for name, kept in masks.items():
            weight = weights[name]
            weight.copy_(pruned(weight, inputs[name], kept) if name in inputs else weight * kept)
    return masks


def _kept(name: str, weight: Tensor, share: float, inputs: Inputs) -> Tensor:
    return least_missed(weight, inputs[name], share) if name in inputs else _largest(weight, share)


def _largest(weight: Tensor, share: float) -> Tensor:
    dropped = int(weight.numel() * share)
    order = weight.abs().flatten().argsort()
    kept = torch.ones(weight.numel(), dtype=torch.bool)
    kept[order[:dropped]] = False
    return kept.reshape(weight.shape)


def without_units(vae: VAE, share: float, inputs: Inputs) -> VAE:
    """A smaller model of the same kind, without this share of the hidden units of each layer.

    Those go whose loss the others of their layer make up for best. What leads on from the others is fitted anew, so that over what
    the smaller layers before give now, each layer's outputs are nearest to those over its `inputs` before. Raises UserError for a
    model of other layers than dense ones.
    """
    config = vae.config
    if (
        config.first  # whose networks are those of two models
        or config.words  # whose networks have the widths of the picture's
        or not isinstance(vae.encoder, Mlp)
        or not isinstance(vae.decoder, Mlp)
        or vae.classifier is not None
    ):
        raise UserError(
            "Units can be removed where encoder and decoder have dense layers of their own and there is no classifier: prune single "
            "weights instead."
        )
    widths, state = {}, vae.state_dict()
    for name in ("encoder", "decoder"):
        cut, widths[name] = _cut(f"{name}.layers", vae.get_submodule(f"{name}.layers"), share, inputs)
        state |= cut
    small = build(config.replace(hidden=widths["encoder"], decoder_hidden=widths["decoder"]))
    small.load_state_dict(state)
    return small.train(vae.training)


def _cut(prefix: str, layers: nn.Module, share: float, inputs: Inputs) -> tuple[dict[str, Tensor], tuple[int, ...]]:
    """The tensors of dense layers without this share of the units of each hidden one, and how many units those keep."""
    (name, layer), *others = [(name, layer) for name, layer in layers.named_children() if isinstance(layer, nn.Linear)]
    activations = [layer for layer in layers.children() if not isinstance(layer, nn.Linear)]
    cut: dict[str, Tensor] = {}
    widths, given = [], inputs[f"{prefix}.{name}.weight"]
    weight, bias = layer.weight.detach(), layer.bias.detach()
    for activation, (after, then) in zip(activations, others, strict=True):
        whole = inputs[f"{prefix}.{after}.weight"]
        count = max(1, len(bias) - int(len(bias) * share))
        kept = needed(then.weight.detach(), then.bias.detach(), whole, count)
        weight, bias = weight[kept], bias[kept]
        cut |= {f"{prefix}.{name}.weight": weight, f"{prefix}.{name}.bias": bias}
        given = activation(linear(given, weight, bias))
        weight, bias = without_inputs(then.weight.detach(), then.bias.detach(), whole, kept, given)
        name = after
        widths.append(count)
    return cut | {f"{prefix}.{name}.weight": weight, f"{prefix}.{name}.bias": bias}, tuple(widths)
