"""Compensation: what a weight loses is made up for by the others, over inputs that depend on each other."""

import pytest
import torch
from torch import Generator, Tensor

from tests.helpers.export_helpers import lively
from vae_core.data import Split
from vae_core.rounded_weights import LEVELS, to_levels
from vae_core.slim.compensation import inputs_of, least_missed, needed, pruned, rounded_to, without_inputs

OUTPUTS, INPUTS = 20, 200  # more inputs than BLOCK
NOISE = Generator().manual_seed(0)
WEIGHT = torch.randn(OUTPUTS, INPUTS, generator=NOISE)
DEPENDENT = torch.randn(500, 20, generator=NOISE) @ torch.randn(20, INPUTS, generator=NOISE)  # 20 directions alone
INDEPENDENT = torch.eye(INPUTS)


def error(weight: Tensor, inputs: Tensor) -> float:
    return ((weight - WEIGHT) @ inputs.T).square().mean().item()


@pytest.mark.parametrize("levels", [LEVELS, 31, 7])
def test_weights_round_to_multiples_of_their_unit_s_scale_and_lose_far_less_than_plain_rounding(levels):
    made = rounded_to(WEIGHT, DEPENDENT, levels)
    whole, scale = to_levels(made, 0, levels)
    torch.testing.assert_close(whole * scale, made)
    torch.testing.assert_close(made.abs().amax(1), WEIGHT.abs().amax(1))
    plain, step = to_levels(WEIGHT, 0, levels)
    assert error(made, DEPENDENT) < 0.2 * error(plain * step, DEPENDENT)


def test_inputs_that_do_not_depend_on_each_other_leave_plain_rounding():
    whole, scale = to_levels(WEIGHT, 0)
    torch.testing.assert_close(rounded_to(WEIGHT, INDEPENDENT), whole * scale)


def test_half_of_the_weights_go_and_the_others_make_up_for_them():
    kept = least_missed(WEIGHT, DEPENDENT, 0.5)
    assert int(kept.sum()) == WEIGHT.numel() // 2
    made = pruned(WEIGHT, DEPENDENT, kept)
    assert (made[~kept] == 0).all()
    smallest = WEIGHT.abs() > WEIGHT.abs().median()
    assert error(made, DEPENDENT) < 0.2 * error(WEIGHT * smallest, DEPENDENT)
    rounded = rounded_to(made, DEPENDENT, kept=kept)
    assert (rounded[~kept] == 0).all()


def test_where_nothing_makes_up_for_it_the_smallest_weights_go():
    kept = least_missed(WEIGHT, INDEPENDENT, 0.5)
    assert WEIGHT[~kept].abs().max() <= WEIGHT[kept].abs().min()


def test_inputs_that_others_determine_can_be_left_out():
    kept, bias = torch.arange(0, INPUTS, 2), torch.arange(OUTPUTS).float()
    weight, shift = without_inputs(WEIGHT, bias, DEPENDENT, kept)
    found, whole = DEPENDENT[:, kept] @ weight.T + shift, DEPENDENT @ WEIGHT.T + bias
    assert (found - whole).square().mean() < 1e-3 * whole.var()


def test_the_inputs_that_stay_are_enough_for_all_directions():
    bias = torch.arange(OUTPUTS).float()
    kept = needed(WEIGHT, bias, DEPENDENT, 21)
    assert kept.tolist() == sorted(set(kept.tolist())) and len(kept) == 21
    weight, shift = without_inputs(WEIGHT, bias, DEPENDENT, kept)
    found, whole = DEPENDENT[:, kept] @ weight.T + shift, DEPENDENT @ WEIGHT.T + bias
    assert (found - whole).square().mean() < 0.1 * whole.var()


def test_where_nothing_stands_for_another_the_inputs_of_the_largest_weights_stay():
    kept = needed(WEIGHT, torch.zeros(OUTPUTS), torch.eye(INPUTS).repeat(2, 1), 50)
    gone = torch.ones(INPUTS, dtype=torch.bool)
    gone[kept] = False
    norms = WEIGHT.norm(dim=0)
    assert norms[kept].min() > norms[gone].quantile(0.9)


def test_what_an_input_has_become_is_made_up_for():
    kept, bias = torch.arange(INPUTS), torch.zeros(OUTPUTS)
    weight, shift = without_inputs(WEIGHT, bias, DEPENDENT, kept, 2 * DEPENDENT + 1)
    whole = DEPENDENT @ WEIGHT.T
    assert ((2 * DEPENDENT + 1) @ weight.T + shift - whole).square().mean() < 1e-3 * whole.var()


@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_the_inputs_of_each_dense_layer_are_those_it_gets(network):
    vae = lively(network=network, hidden=(12, 9))
    x = torch.rand(30, *vae.config.shape)
    found = inputs_of(vae, Split(x, torch.zeros(30).long()))
    assert {name: given.shape[1] for name, given in found.items()} == {
        f"{name}.weight": module.in_features
        for name, module in vae.named_modules()
        if isinstance(module, torch.nn.Linear)
    }
    if network == "mlp":
        assert torch.equal(found["encoder.layers.0.weight"], x.flatten(1))
