"""Nats against bytes: a model with its weights in fewer and fewer bits, each measured on the same examples and codes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.checkpoints import Checkpoint, weights_file
from vae_core.config import Target
from vae_core.data import Split
from vae_core.models.vae import VAE, evaluation
from vae_core.rounded_weights import to_levels
from vae_core.slim.compensation import Inputs, inputs_of, rounded_to
from vae_core.slim.rounding_choice import Roundings, all_in, mean_loss, mixed, own_pictures, rounded_copy

FEWER = (6, 4)  # bits that no file of the app holds: their bytes are those of the 8-bit file with shorter integers
SIZES = (32, 16, 8, *FEWER)  # bits of a weight
EXAMPLES = 1000  # of the test split, on which -ELBO is measured
SHOWN = 8  # codes that each model decodes


@dataclass(frozen=True)
class Examples:
    """What models are compared on: `split` for -ELBO, and `codes` (K, L) with `labels` (K,) that each of them decodes."""

    split: Split
    target: Target
    codes: NDArray[np.float32]
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Point:
    """A model on the curve: -ELBO, or the distortion of a plain autoencoder, in nats, the bytes of its weights, and what it decodes.

    `decoded` (K, *shape) are the means of p(x|z) at the codes of the Examples.
    """

    loss: float
    bytes: int
    decoded: NDArray[np.float32]


Curve = dict[int, Point]  # by bits of a weight, those of SIZES


def shown(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of the test examples whose codes are decoded: one of each class where there are few, else spread over the split."""
    classes, first = np.unique(labels, return_index=True)
    some = np.linspace(0, len(labels) - 1, min(SHOWN, len(labels))).astype(np.int64)
    return first[:SHOWN] if len(classes) >= SHOWN else some


def examples_of(checkpoint: Checkpoint, x: NDArray[np.generic] | None) -> Examples:
    """The first of the test examples x (N, *shape) of a checkpoint's data, and the `shown` codes.

    None for `x`, where the data are not there, stands for what the model itself decodes from the codes of the test examples.
    """
    latents = checkpoint.latents
    x = _own(checkpoint) if x is None else x[:EXAMPLES]
    split = Split(torch.from_numpy(np.ascontiguousarray(x)), torch.from_numpy(latents.labels[: len(x)]))
    rows = shown(latents.labels)
    return Examples(split, checkpoint.info.run.data.target, latents.mean[rows], latents.labels[rows])


def _own(checkpoint: Checkpoint) -> NDArray[np.generic]:
    latents = checkpoint.latents
    made = decoded(checkpoint.vae, latents.mean[:EXAMPLES], latents.labels[:EXAMPLES])
    return np.rint(255 * made.clip(0, 1)).astype(np.uint8) if checkpoint.vae.config.kind == "picture" else made


def decoded(vae: VAE, codes: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float32]:
    """The means (K, *shape) of p(x|z) at codes (K, L) with labels (K,)."""
    with evaluation(vae):
        return vae.decode(
            torch.from_numpy(codes), torch.from_numpy(labels) if vae.config.classes else None
        ).mean.numpy()


def point(vae: VAE, examples: Examples, size: int) -> Point:
    """Measure a model whose weights take `size` bytes."""
    loss = mean_loss(vae, examples.split, examples.target)
    return Point(loss, size, decoded(vae, examples.codes, examples.labels))


def curve(checkpoint: Checkpoint, examples: Examples) -> Iterator[tuple[int, Point]]:
    """The bits of a weight, those of SIZES in order, and the Point there.

    With 8 bits and fewer, layers that would lose too much in 8 bits have 16. Rounding is fitted to pictures that the model makes
    itself, as for the browser.
    """
    vae, latents = checkpoint.vae.eval(), checkpoint.latents
    fit = own_pictures(vae, torch.from_numpy(latents.mean), torch.from_numpy(latents.labels))
    yield 32, point(vae, examples, len(weights_file(vae, {})))
    half = all_in(16, vae)
    yield 16, point(rounded_copy(vae, half), examples, len(weights_file(vae, half)))
    made, chosen = mixed(vae, fit, examples.target)
    size = len(weights_file(made, chosen))
    yield 8, point(made, examples, size)
    short = [name for name, rounding in chosen.items() if rounding.bits == 8]
    count = sum(vae.get_parameter(name).numel() for name in short)
    inputs = inputs_of(vae, fit, examples.target)
    for bits in FEWER:
        shorter = _in_levels(vae, chosen, inputs, 2 ** (bits - 1) - 1)
        yield bits, point(shorter, examples, size - count * (8 - bits) // 8)


def _in_levels(vae: VAE, chosen: Roundings, inputs: Inputs, levels: int) -> VAE:
    """A copy whose weights of 8 bits have so many levels above 0 instead of 127."""
    made = rounded_copy(vae, {name: rounding for name, rounding in chosen.items() if rounding.bits == 16})
    state = made.state_dict()
    for name, rounding in chosen.items():
        if rounding.bits == 8 and name in inputs:
            state[name].copy_(rounded_to(state[name], inputs[name], levels))
        elif rounding.bits == 8:
            whole, scale = to_levels(state[name], rounding.axis, levels)
            state[name].copy_(whole * scale)
    return made
