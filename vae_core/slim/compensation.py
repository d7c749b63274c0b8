"""Rounding and pruning of dense layers in which the later weights of a unit make up for what the earlier ones lost.

Changing one weight of a unit by d changes its output by d times that input. The change of the other weights that makes up for it best,
over inputs x with the second moments H = E[x x^T], follows a row of H^-1 (Hassibi and Stork 1993, "Optimal brain surgeon"). If the
weights are changed in the order of the inputs, one factor of H^-1 serves all of them: GPTQ for rounding (Frantar et al. 2022,
arXiv:2210.17323), SparseGPT for pruning (Frantar and Alistarh 2023, arXiv:2301.00774).
"""

import math
from collections.abc import Callable, Mapping

import torch
from torch import Generator, Tensor, nn

from vae_core.config import Target
from vae_core.data import Split
from vae_core.metrics.encoded_split import Encoded
from vae_core.models.vae import VAE, evaluation
from vae_core.rounded_weights import LEVELS, to_levels

EXAMPLES = 1000  # over which the inputs of a layer are measured
ROWS = 4000  # inputs of one layer, of which a layer that is used at many places has more
DAMPING = 0.003  # of the mean second moment, added to each: without it directions that no example has get huge weights
BLOCK = 128  # inputs whose losses are passed on together, which is faster than one by one

Inputs = Mapping[str, Tensor]  # by name of the weight of a dense layer, its inputs (N, I)
Change = Callable[[Tensor, int], Tensor]  # values (O,) of a column, its number -> the values instead


def inputs_of(vae: VAE, split: Split, target: Target = "grey", seed: int = 0, examples: int = EXAMPLES) -> Inputs:
    """What each dense layer gets while the first `examples` of a split are encoded and a sample of each q(z|x) is decoded."""
    found: dict[str, list[Tensor]] = {}
    hooks = [
        module.register_forward_pre_hook(lambda _, given, name=f"{name}.weight": _keep(found, name, given[0]))  # type: ignore[misc]
        for name, module in vae.named_modules()
        if type(module) is nn.Linear
    ]
    try:
        with evaluation(vae):
            _ = Encoded(vae, Split(split.x[:examples], split.labels[:examples]), target, seed).bound
    finally:
        for hook in hooks:
            hook.remove()
    return {name: _thinned(torch.cat(parts)) for name, parts in found.items()}


def _keep(found: dict[str, list[Tensor]], name: str, given: Tensor) -> None:
    found.setdefault(name, []).append(_thinned(given.detach().reshape(-1, given.shape[-1])))


def _thinned(rows: Tensor) -> Tensor:
    """At most ROWS of them, drawn with a fixed seed."""
    return rows if len(rows) <= ROWS else rows[torch.randperm(len(rows), generator=Generator().manual_seed(0))[:ROWS]]


def rounded_to(weight: Tensor, inputs: Tensor, levels: int = LEVELS, kept: Tensor | None = None) -> Tensor:
    """A weight (O, I) whose values are whole multiples, up to `levels`, of one scale for each unit; zero where it is not `kept`.

    The largest kept weight of a unit stays as it is and gives the scale, so that rounding the result again changes nothing.
    """
    kept = torch.ones_like(weight, dtype=torch.bool) if kept is None else kept
    _, scale = to_levels(weight * kept, 0, levels)
    largest = (weight * kept).abs().argmax(1)
    steps = scale.double()[:, 0]

    def change(values: Tensor, column: int) -> Tensor:
        whole = (values / steps).round().clamp(-levels, levels) * steps
        whole = torch.where(largest == column, weight[:, column].double(), whole)
        return whole * kept[:, column]

    return _changed(weight, inputs, change)


def pruned(weight: Tensor, inputs: Tensor, kept: Tensor) -> Tensor:
    """A weight (O, I) that is zero where it is not `kept`."""
    return _changed(weight, inputs, lambda values, column: values * kept[:, column])


def least_missed(weight: Tensor, inputs: Tensor, share: float) -> Tensor:
    """Which weights to keep (true): all but this share, those whose loss the others make up for best."""
    harm = (weight.double() / _factor(inputs).diagonal()).abs()
    kept = torch.ones(weight.numel(), dtype=torch.bool)
    kept[harm.flatten().argsort()[: int(weight.numel() * share)]] = False
    return kept.reshape(weight.shape)


def needed(weight: Tensor, bias: Tensor, inputs: Tensor, count: int) -> Tensor:
    """Which `count` of the inputs of a layer (O, I) with a bias (O,) to keep, in order, (count,).

    The others go one by one: each time the one whose loss those that are left, and the bias, make up for best.
    """
    left = torch.cat([weight, bias[:, None]], 1).double()
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(_moments(_with_ones(inputs))))
    kept = torch.ones(weight.shape[1], dtype=torch.bool)
    for _ in range(weight.shape[1] - count):
        harm = left[:, :-1].square().sum(0) / inverse.diagonal()[:-1]
        one = int(harm.masked_fill(~kept, math.inf).argmin())
        left -= torch.outer(left[:, one] / inverse[one, one], inverse[one])
        inverse -= torch.outer(inverse[one] / inverse[one, one], inverse[one])
        inverse[one, one], kept[one] = 1.0, False  # it was 0 now, and is divided by
    return kept.nonzero()[:, 0]


def without_inputs(
    weight: Tensor, bias: Tensor, inputs: Tensor, kept: Tensor, instead: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Weight (O, K) and bias (O,) for the K inputs that are `kept` (K,), by least squares near the outputs for all of them.

    `instead` (N, K) is what those inputs have become, if what leads to them was changed too.
    """
    given = _with_ones(inputs[:, kept] if instead is None else instead)
    left = torch.cat([weight[:, kept], bias[:, None]], 1).double()
    missed = _with_ones(inputs).double() @ torch.cat([weight, bias[:, None]], 1).double().T - given.double() @ left.T
    found = left.T + torch.linalg.solve(_moments(given), given.double().T @ missed / len(given))
    weight, bias = found.T.to(weight.dtype).split([len(kept), 1], 1)
    return weight, bias[:, 0]


def _with_ones(inputs: Tensor) -> Tensor:
    """Inputs (N, I) with a last one that is always 1, which the bias belongs to."""
    return torch.cat([inputs, inputs.new_ones(len(inputs), 1)], 1)


def _moments(inputs: Tensor) -> Tensor:
    """The second moments (I, I) of inputs (N, I), damped."""
    x = inputs.double()
    moments = x.T @ x / len(x)
    moments.diagonal().add_(DAMPING * moments.diagonal().mean().clamp(min=1e-8))
    return moments


def _factor(inputs: Tensor) -> Tensor:
    """The upper Cholesky factor (I, I) of the inverse of the second moments of inputs (N, I)."""
    return torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(_moments(inputs))), upper=True)


def _changed(weight: Tensor, inputs: Tensor, change: Change) -> Tensor:
    """The weight with each column changed in turn, and the rest of its row moved to make up for it."""
    factor, left = _factor(inputs), weight.double().clone()
    for start in range(0, left.shape[1], BLOCK):
        stop = min(start + BLOCK, left.shape[1])
        losses = torch.zeros(len(left), stop - start, dtype=left.dtype)
        for column in range(start, stop):
            values = left[:, column]
            made = change(values, column)
            losses[:, column - start] = (values - made) / factor[column, column]
            left[:, column:stop] -= losses[:, column - start, None] * factor[column, column:stop]
            left[:, column] = made
        left[:, stop:] -= losses @ factor[start:stop, stop:]
    return left.to(weight.dtype)
