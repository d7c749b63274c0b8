"""Which weights of a model are rounded to 8 bits and which to half precision, chosen by measurement."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy

import torch
from torch import nn

from vae_core.config import Target
from vae_core.data import Split
from vae_core.metrics.elbo_nll_bits_per_dim import terms_of
from vae_core.models.vae import VAE, evaluation
from vae_core.rounded_weights import Bits, Rounding, rounded

# The dimension of a layer's weight that counts its outputs: each of them has a scale of its own.
OUTPUTS: dict[type[nn.Module], int] = {nn.Linear: 0, nn.Conv2d: 0, nn.ConvTranspose2d: 1}
LIMIT = 0.05  # nats per image that rounding may cost where it is chosen; half of what a model may lose on other images
OWN_PICTURES = 200

Roundings = dict[str, Rounding]


def layers(vae: VAE) -> dict[str, nn.Module]:
    """The dense layers and convolutions of a model, by the name of their weight in its state."""
    return {f"{name}.weight": module for name, module in vae.named_modules() if type(module) in OUTPUTS}


def all_in(bits: Bits, vae: VAE) -> Roundings:
    """The same number of bits for the weight of each layer; biases, and what is not a layer, are not named."""
    return {name: Rounding(bits, OUTPUTS[type(module)]) for name, module in layers(vae).items()}


def rounded_copy(vae: VAE, roundings: Mapping[str, Rounding]) -> VAE:
    """The model with its weights as they are after rounding; the given one is unchanged."""
    copy = deepcopy(vae)
    _round(copy, roundings)
    return copy


def _round(vae: VAE, roundings: Mapping[str, Rounding]) -> None:
    state = vae.state_dict()
    with torch.no_grad():
        for name, rounding in roundings.items():
            state[name].copy_(rounded(state[name], rounding))


def mean_loss(vae: VAE, split: Split, target: Target = "grey") -> float:
    """-ELBO, or the distortion of a plain autoencoder, in nats per image with fixed noise: a difference is that of the models."""
    return terms_of(vae, split, target).loss.mean().item()


def mixed(vae: VAE, split: Split, target: Target = "grey", limit: float = LIMIT) -> Roundings:
    """8 bits for as many weights as possible and half precision for the others, so that rounding costs at most `limit` nats.

    Where 8 bits everywhere cost more, the layers that cost most for each byte they save get half precision first. The cost is the
    rise of -ELBO on `split`, which is validation data.
    """
    trial = deepcopy(vae)
    chosen, before = all_in(8, trial), mean_loss(trial, split, target)

    def cost(roundings: Mapping[str, Rounding]) -> float:
        with _rounded(trial, roundings):
            return mean_loss(trial, split, target) - before

    if cost(chosen) <= limit:
        return chosen
    alone = {name: cost({name: rounding}) / trial.state_dict()[name].numel() for name, rounding in chosen.items()}
    for name in sorted(chosen, key=lambda name: -alone[name]):
        chosen[name] = Rounding(16, chosen[name].axis)
        if cost(chosen) <= limit:
            break
    return chosen


@contextmanager
def _rounded(vae: VAE, roundings: Mapping[str, Rounding]) -> Iterator[None]:
    """A context in which the weights are rounded."""
    state = vae.state_dict()
    before = {name: state[name].clone() for name in roundings}
    _round(vae, roundings)
    try:
        yield
    finally:
        for name, tensor in before.items():
            state[name].copy_(tensor)


def own_pictures(vae: VAE, mean: torch.Tensor, labels: torch.Tensor) -> Split:
    """Pictures that the model makes from some of its codes `mean` (N, L), as a split on which it is measured where it has no data."""
    rows = torch.linspace(0, len(mean) - 1, min(OWN_PICTURES, len(mean))).long()
    y = labels[rows]
    with evaluation(vae):
        return Split(vae.decode(mean[rows], y if vae.config.classes else None).mean, y)
