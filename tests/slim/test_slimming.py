"""Slimming: the choice of bits, what pruning leaves out, and fine-tuning that keeps masks."""

import numpy as np
import pytest
import torch
from torch import nn

from tests.checkpoints.test_checkpoints import DIGITS
from tests.helpers.export_helpers import case_inputs, lively, reference
from tests.helpers.preset_helpers import OF_NUMBERS
from vae_core import checkpoints
from vae_core.config import DataConfig, ModelConfig
from vae_core.data import Split, load
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.models.vae import VAE
from vae_core.presets.build_run import build_run
from vae_core.rounded_weights import rounded
from vae_core.slim import fine_tuning
from vae_core.slim.compensation import Inputs, inputs_of
from vae_core.slim.fine_tuning import RECIPE
from vae_core.slim.pruning import prune, without_units
from vae_core.slim.rounding_choice import LIMIT, all_in, layers, mean_loss, mixed, own_pictures, rounded_copy
from vae_core.slim.slimming import SlimSettings, in_bits, pruned_copy, slim
from vae_core.training.fit import fit
from vae_core.training.live_controls import LiveControls

OTHER_LAYERS = {
    *("mvae", "mmvae", "mopoe", "jmvae"),
    "conv-vae",
    "residual-vae",
    "vq-vae",
    "tied-autoencoder",
    "m2",
    "m1-m2",
}  # presets that keep all their units
STEPS = 200  # of fine-tuning: as many on a busy machine as on an idle one


@pytest.fixture(scope="module")
def digits() -> checkpoints.Checkpoint:
    return checkpoints.load(checkpoints.bundled() / "digits-vae-2d")


def spoilt(vae: VAE) -> VAE:
    """The same function, but the layer at z rounds badly: one weight of each unit is large and never matters, its input being 0."""
    copy = rounded_copy(vae, {})
    first, last = [module for module in copy.encoder.modules() if isinstance(module, nn.Linear)][-2:]
    with torch.no_grad():
        first.weight[0], first.bias[0] = 0, 0
        last.weight[:, 0] = 1000
    return copy


def test_the_layer_that_rounds_badly_gets_half_precision_and_the_others_do_not(digits):
    vae = spoilt(digits.vae)
    made, chosen = mixed(vae, DIGITS.val)
    assert [name for name, rounding in chosen.items() if rounding.bits == 16] == ["encoder.layers.4.weight"]
    before = mean_loss(vae, DIGITS.val)
    assert mean_loss(rounded_copy(vae, all_in(8, vae)), DIGITS.val) - before > 10 * LIMIT
    assert mean_loss(made, DIGITS.val) - before <= LIMIT
    for name, weight in rounded_copy(made, chosen).state_dict().items():
        np.testing.assert_allclose(weight, made.state_dict()[name], rtol=1e-6, err_msg=name)


@pytest.mark.parametrize("name", ["digits-vae-2d", "digits-ae-2d", "points-moons"])
def test_what_is_chosen_on_a_model_s_own_pictures_holds_on_real_ones(name):
    found = checkpoints.load(checkpoints.bundled() / name)
    latents, test = found.latents, load(found.info.run.data).test
    pictures = own_pictures(found.vae, torch.from_numpy(latents.mean), torch.from_numpy(latents.labels))
    slim_vae, _ = mixed(found.vae, pictures)
    assert mean_loss(slim_vae, test) - mean_loss(found.vae, test) < 0.1


@pytest.mark.parametrize("network", ["mlp", "conv", "tied", "residual"])
def test_every_dense_layer_and_convolution_is_named_with_the_dimension_of_its_outputs(network):
    vae = lively(network=network, hidden=(12, 9))
    state = vae.state_dict()
    for name, rounding in all_in(8, vae).items():
        bias = state.get(name.replace(".weight", ".bias"))
        assert bias is None or state[name].shape[rounding.axis] == len(bias), name
    assert {name for name, value in state.items() if value.dim() > 1} == set(layers(vae))


def test_the_weights_of_grus_and_of_tables_of_tokens_are_rounded_too():
    found = checkpoints.load(checkpoints.bundled() / "sentences-2d")
    data = load(found.info.run.data)
    named = {name for name, value in found.vae.state_dict().items() if value.dim() > 1}
    assert set(all_in(8, found.vae)) == named and "encoder.gru.weight_hh_l0" in named
    *_, made = slim(found, data, SlimSettings(bits=8))
    assert made.cost < 0.1 and made.bytes < 0.3 * made.bytes_before


def test_layers_lose_their_share_and_small_ones_nothing(digits):
    vae = rounded_copy(digits.vae, {})
    masks = prune(vae, 0.5, inputs_of(vae, DIGITS.train))
    state = vae.state_dict()
    for name, kept in masks.items():
        assert int((~kept).sum()) == kept.numel() // 2 and (state[name][~kept] == 0).all()
    assert set(layers(vae)) - set(masks) == {"encoder.layers.4.weight", "decoder.layers.0.weight"}


def test_a_convolution_loses_its_smallest_weights():
    vae = lively(network="conv")
    before = {name: weight.clone() for name, weight in vae.state_dict().items()}
    masks = prune(vae, 0.5, {})
    for name, kept in masks.items():
        weight = before[name].abs()
        assert int((~kept).sum()) == weight.numel() // 2 and weight[~kept].max() <= weight[kept].min()


def inputs_over_noise(vae: VAE) -> Inputs:
    noise = torch.rand(500, *vae.config.shape, generator=torch.Generator().manual_seed(0))
    return inputs_of(vae, Split(noise, torch.arange(500) % max(1, vae.config.classes)))


@pytest.mark.parametrize("classes", [0, 3])
def test_units_that_lead_nowhere_are_removed_without_a_change(classes):
    vae = lively(hidden=(12, 8), classes=classes)
    with torch.no_grad():
        for network in (vae.encoder, vae.decoder):
            for layer in list(network.layers)[2::2]:
                layer.weight[:, ::2] = 0
    small = without_units(vae, 0.5, inputs_over_noise(vae))
    assert small.config.hidden == (6, 4) and small.config.decoder_hidden == (4, 6)
    inputs = case_inputs(vae)
    for found, expected in zip(reference(small, *inputs), reference(vae, *inputs), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_units_that_others_can_stand_for_are_removed():
    vae = lively(hidden=(12,))
    with torch.no_grad():  # each unit twice
        for network in (vae.encoder, vae.decoder):
            first = network.layers[0]
            first.weight[6:], first.bias[6:] = first.weight[:6], first.bias[:6]
    inputs = case_inputs(vae)
    small = without_units(vae, 0.5, inputs_over_noise(vae))
    for found, expected in zip(reference(small, *inputs), reference(vae, *inputs), strict=True):
        np.testing.assert_allclose(found, expected, rtol=0.05, atol=0.02)


def model_of(preset: str) -> ModelConfig:
    return build_run(preset, DataConfig(), DIGITS.shape, len(DIGITS.classes)).model


@pytest.mark.parametrize("preset", {model_of(preset): preset for preset in reversed(OF_NUMBERS)}.values())
def test_a_model_of_any_preset_is_pruned_and_rounded_and_loses_units_or_says_why_not(preset):
    vae, few = build(model_of(preset), 0).eval(), Split(DIGITS.val.x[:40], DIGITS.val.labels[:40])
    made, masks = pruned_copy(vae, few, SlimSettings(prune=0.5), "grey")
    assert masks and all((made.get_parameter(name)[~kept] == 0).all() for name, kept in masks.items())
    small, roundings = in_bits(made, 8, few, "grey")
    assert roundings.keys() == layers(vae).keys() and np.isfinite(mean_loss(small, few))
    try:
        fewer, _ = pruned_copy(vae, few, SlimSettings(units=0.5), "grey")
    except UserError as error:
        assert "dense layers of their own" in str(error) and preset in OTHER_LAYERS
    else:
        assert preset not in OTHER_LAYERS and np.isfinite(mean_loss(fewer, few))
        assert sum(map(torch.numel, fewer.parameters())) < 0.7 * sum(map(torch.numel, vae.parameters()))


def test_units_are_removed_from_dense_networks_only():
    with pytest.raises(UserError, match="dense layers of their own"):
        without_units(lively(network="conv"), 0.5, {})


def test_nothing_to_do_is_said(digits):
    with pytest.raises(UserError, match="Nothing would change"):
        list(slim(digits, DIGITS, SlimSettings(bits=32)))


def test_fine_tuning_mends_what_pruning_broke_and_holds_masks(digits):
    before = {name: tensor.clone() for name, tensor in digits.vae.state_dict().items()}
    [broken] = slim(digits, DIGITS, SlimSettings(prune=0.8))
    *events, tuned = slim(digits, DIGITS, SlimSettings(prune=0.8, seconds=60), LiveControls(until_step=STEPS))
    assert events[-1].kind == "done" and tuned.cost < 0.6 * broken.cost
    _, kept = pruned_copy(digits.vae, DIGITS.train, SlimSettings(prune=0.8), "grey")
    state = tuned.vae.state_dict()
    assert state.keys() == before.keys()
    for name, rounding in tuned.roundings.items():
        assert name not in kept or (state[name][~kept[name]] == 0).all()
        assert not torch.equal(state[name], before[name])
        np.testing.assert_allclose(rounded(state[name], rounding), state[name], rtol=1e-6)
    for name, tensor in digits.vae.state_dict().items():
        assert torch.equal(tensor, before[name]), name


@pytest.mark.parametrize(("fast", "expected"), [(True, "bf16"), (False, "fp32")])
def test_fine_tuning_keeps_bf16_where_the_machine_computes_in_it(digits, monkeypatch, fast, expected):
    run = digits.info.run
    monkeypatch.setattr(fine_tuning, "bf16_is_fast", lambda device: fast)
    trained_in = {each: run.replace(train=run.train.replace(precision=each)) for each in ("fp32", "bf16")}
    found = {each: fine_tuning.tuned(one, 1, RECIPE).train for each, one in trained_in.items()}
    assert found["fp32"].precision == "fp32" and found["bf16"].precision == expected
    assert found["bf16"].batch_size == 2 * run.train.batch_size


def test_units_are_removed_and_the_rest_is_tuned(digits):
    settings = SlimSettings(bits=16, units=0.5, seconds=60)
    *_, tuned = slim(digits, DIGITS, settings, LiveControls(until_step=STEPS))
    assert tuned.run.model.hidden == (128, 64) and tuned.bytes < 0.2 * tuned.bytes_before
    assert tuned.cost < 3


def test_a_trained_model_keeps_its_output_bias(digits):
    vae = rounded_copy(digits.vae, {})
    before = vae.decoder.output_bias.clone()
    next(fit(vae, DIGITS, digits.info.run, trained=True))
    assert torch.equal(vae.decoder.output_bias, before)
    next(fit(vae, DIGITS, digits.info.run))
    assert not torch.equal(vae.decoder.output_bias, before)
