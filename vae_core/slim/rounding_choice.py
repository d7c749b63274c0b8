"""Which weights of a model are rounded to 8 bits and which to half precision, chosen by measurement."""

from collections.abc import Mapping
from copy import deepcopy

import torch
from torch import Tensor, nn

from vae_core.config import Target
from vae_core.data import Split
from vae_core.metrics.elbo_nll_bits_per_dim import terms_of
from vae_core.metrics.encoded_split import Encoded
from vae_core.models.vae import VAE, evaluation
from vae_core.rounded_weights import Bits, Rounding, rounded
from vae_core.slim.compensation import inputs_of, rounded_to

# The dimension of a layer's weight that counts its outputs: each of them has a scale of its own.
OUTPUTS: dict[type[nn.Module], int] = {nn.Linear: 0, nn.Conv2d: 0, nn.ConvTranspose2d: 1}
LIMIT = 0.05  # nats per image that rounding may cost where it is chosen; half of what it may cost on other images
GREY = 0.4  # grey levels of 255 by which it may change a reconstruction, as a mean over pixels; 0.5 on other images
OWN_PICTURES = 800
# The networks of the words in a model of pairs are small, and the nats of a picture do not tell what rounding does to them.
OF_WORDS = ("words.", "both.")

Roundings = dict[str, Rounding]


def layers(vae: VAE) -> dict[str, nn.Module]:
    """The dense layers and convolutions of a model, by the name of their weight in its state."""
    return {f"{name}.weight": module for name, module in vae.named_modules() if type(module) in OUTPUTS}


def weights(vae: VAE) -> dict[str, int]:
    """The weights that are rounded, of layers, GRUs and tables of tokens, by name, each with the dimension that has the scales."""
    found = {name: OUTPUTS[type(module)] for name, module in layers(vae).items()}
    for name, module in vae.named_modules():
        if isinstance(module, nn.GRU | nn.Embedding):
            found |= {f"{name}.{own}": 0 for own, weight in module.named_parameters() if weight.dim() == 2}
    return found


def all_in(bits: Bits, vae: VAE) -> Roundings:
    """The same number of bits for each of the `weights`, of words half precision; biases and the like are not named."""
    return {name: Rounding(16 if name.startswith(OF_WORDS) else bits, axis) for name, axis in weights(vae).items()}


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


def mixed(vae: VAE, split: Split, target: Target = "grey") -> tuple[VAE, Roundings]:
    """A copy with 8 bits for as many weights as possible and half precision for the others, within LIMIT and GREY on `split`.

    `split` is validation data. Where 8 bits everywhere do more harm, the layers that do most of it for each byte they save get half
    precision first. The weights of dense layers are rounded so that they make up for each other on one half of `split`; the harm is
    measured on the other.
    """
    trial, (fit, split) = deepcopy(vae), _halves(split)
    before = {name: vae.get_parameter(name).detach().clone() for name in weights(vae)}
    ready = before | _compensated(trial, fit, target)
    chosen, harm = all_in(8, trial), _Harm(trial, before, ready, split, target)
    if harm(chosen) > 1:
        alone = {name: harm({name: rounding}) / before[name].numel() for name, rounding in chosen.items()}
        for name in sorted(chosen, key=lambda name: -alone[name]):
            chosen[name] = Rounding(16, chosen[name].axis)
            if harm(chosen) <= 1:
                break
    _set(trial, before, ready, chosen)
    return trial, chosen


def _halves(split: Split) -> tuple[Split, Split]:
    """Every second example, and the others; the whole twice where there is one alone."""
    first, second = (Split(split.x[start::2], split.labels[start::2]) for start in (0, 1))
    return first, second if len(second) else first


def _compensated(vae: VAE, split: Split, target: Target) -> dict[str, Tensor]:
    """The weights of dense layers in 8 bits; a weight that is zero stays so."""
    inputs, state = inputs_of(vae, split, target), vae.state_dict()
    return {
        name: rounded_to(state[name], x, kept=state[name] != 0) for name, x in inputs.items() if name in layers(vae)
    }


def _set(
    vae: VAE, before: Mapping[str, Tensor], ready: Mapping[str, Tensor], roundings: Mapping[str, Rounding]
) -> None:
    """Give a model the weights `before`, those that are named rounded: in 8 bits the ones that are `ready` for it."""
    with torch.no_grad():
        for name, weight in before.items():
            if name in roundings:
                weight = rounded(ready[name] if roundings[name].bits == 8 else weight, roundings[name])
            vae.get_parameter(name).copy_(weight)


class _Harm:
    """What roundings do to a model on a split, as a share of what is allowed: more than 1 is too much."""

    def __init__(
        self, vae: VAE, before: Mapping[str, Tensor], ready: Mapping[str, Tensor], split: Split, target: Target
    ) -> None:
        self.vae, self.before, self.ready, self.split, self.target = vae, before, ready, split, target
        self.loss, self.pictures = self._measured()

    def __call__(self, roundings: Mapping[str, Rounding]) -> float:
        _set(self.vae, self.before, self.ready, roundings)
        loss, pictures = self._measured()
        grey = 255 * (pictures - self.pictures).abs().mean().item() if self.vae.config.kind == "picture" else 0.0
        return max((loss - self.loss) / LIMIT, grey / GREY)

    def _measured(self) -> tuple[float, Tensor]:
        """-ELBO, or the distortion where there is no rate, and the reconstructions of the first images."""
        encoded = Encoded(self.vae, self.split, self.target)
        made, _ = next(encoded.reconstructions())
        return encoded.bound.loss.mean().item(), made.clamp(0, 1)


def own_pictures(vae: VAE, mean: torch.Tensor, labels: torch.Tensor) -> Split:
    """Pictures that the model makes from some of its codes `mean` (N, L), as a split on which it is measured where it has no data."""
    rows = torch.linspace(0, len(mean) - 1, min(OWN_PICTURES, len(mean))).long()
    y = labels[rows]
    with evaluation(vae):
        return Split(vae.decode(mean[rows], y if vae.config.classes else None).mean, y)
