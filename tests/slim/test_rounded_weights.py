"""Weights of fewer bits: what rounding costs a weight, what comes back from a file, and damaged files."""

import shutil

import numpy as np
import pytest
import torch

from tests.checkpoints.test_checkpoints import DIGITS, trained
from tools.damaged_checkpoints import damaged_copies
from tools.forged_checkpoints import change_run_json, change_weights
from vae_core import checkpoints
from vae_core.checkpoints import reading
from vae_core.errors import UserError
from vae_core.metrics import evaluate
from vae_core.rounded_weights import Rounding, pack, rounded, to_levels, unpack
from vae_core.slim.slimming import SlimSettings, save, slim

SHAPES = [((7, 5), 0), ((4, 3, 3, 3), 0), ((3, 6, 3, 3), 1), ((1, 9), 0)]
NAME = "encoder.layers.0.weight"


def weight(shape, zeros=0.0):
    noise = torch.Generator().manual_seed(len(shape))
    values = torch.randn(shape, generator=noise) * torch.logspace(-3, 2, shape[0]).reshape(-1, *(1 for _ in shape[1:]))
    return values * (torch.rand(shape, generator=noise) >= zeros)


@pytest.mark.parametrize(("shape", "axis"), SHAPES)
def test_a_weight_is_off_by_half_a_step_of_its_channel_and_zero_stays_zero(shape, axis):
    exact = weight(shape, zeros=0.3)
    levels, scale = to_levels(exact, axis)
    found = rounded(exact, Rounding(8, axis))
    assert levels.dtype == torch.int8 and levels.abs().max() == 127
    assert [side for i, side in enumerate(scale.shape) if i != axis] == [1] * (len(shape) - 1)
    assert ((found - exact).abs() <= 0.5001 * scale).all() and (found[exact == 0] == 0).all()
    np.testing.assert_allclose(rounded(found, Rounding(8, axis)), found, rtol=1e-6)


def test_a_channel_of_zeros_is_zero_and_a_weight_too_large_for_half_precision_is_kept():
    assert rounded(torch.zeros(3, 2), Rounding(8)).eq(0).all()
    large = torch.tensor([[1e6, 1 / 3]])
    assert torch.equal(rounded(large, Rounding(16)), large)
    assert pack({"w": large}, {"w": Rounding(16)})["w"].dtype == torch.float32


@pytest.mark.parametrize("zeros", [0.0, 0.6])
@pytest.mark.parametrize("bits", [8, 16, 32])
@pytest.mark.parametrize(("shape", "axis"), SHAPES)
def test_what_is_packed_comes_back_as_it_was_rounded(shape, axis, bits, zeros):
    state = {"w": weight(shape, zeros), "bias": torch.randn(4), "count": torch.tensor(3)}
    roundings = {"w": Rounding(bits, axis)}
    packed = pack(state, roundings)
    back = unpack(packed, state)
    assert back.keys() == state.keys()
    assert torch.equal(back["w"], rounded(state["w"], roundings["w"])) and back["w"].dtype == torch.float32
    assert torch.equal(back["bias"], state["bias"]) and torch.equal(back["count"], state["count"])


def test_half_of_the_weights_at_zero_take_five_eighths_of_the_bytes():
    half = torch.ones(64, 64)
    half.flatten()[::2] = 0
    packed = pack({"w": half}, {"w": Rounding(8)})
    assert packed["w"].numel() + packed["w:kept"].numel() == 64 * 64 * 5 // 8


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slim")
    trained(folder / "model")
    checkpoint = checkpoints.load(folder / "model")
    [slimmed] = slim(checkpoint, DIGITS, SlimSettings(bits=8, prune=0.5))
    save(folder / "slim", slimmed, checkpoint, DIGITS, "Slim")
    return folder / "slim", slimmed


def test_a_slim_checkpoint_is_smaller_and_opens_with_the_weights_and_figures_that_were_measured(original):
    folder, slimmed = original
    back = checkpoints.load(folder)
    for name, tensor in slimmed.vae.state_dict().items():
        assert torch.equal(back.vae.state_dict()[name], tensor), name
    assert (folder / checkpoints.WEIGHTS).stat().st_size == slimmed.bytes < 0.4 * slimmed.bytes_before
    assert back.info.figures == evaluate(back.vae, DIGITS.test) and back.info.title == "Slim"
    assert -back.info.figures["elbo"] == pytest.approx(slimmed.loss, abs=1e-4)
    assert back.info.training["bits"] == 8 and back.info.training["pruned"] == 0.5


def test_an_app_that_does_not_know_the_format_refuses_it(original, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "ROUNDED_FORMAT", 1)
    with pytest.raises(UserError, match="newer version"):
        checkpoints.info(original[0])


def _scale(tensors, change):
    tensors[f"{NAME}:scale"] = change(tensors[f"{NAME}:scale"])


DAMAGE = {
    "no scale": (lambda t: t.pop(f"{NAME}:scale"), "its scale do not fit"),
    "scale of another shape": (lambda t: _scale(t, lambda s: s[:-1]), "scale of the tensor"),
    "scale for each weight": (lambda t: _scale(t, lambda s: np.ones((16, 64), np.float32)), "scale of the tensor"),
    "scale in double precision": (lambda t: _scale(t, lambda s: s.astype(np.float64)), "scale of the tensor"),
    "scale of NaN": (lambda t: _scale(t, lambda s: s * np.nan), "NaN or an infinite"),
    "scale of nothing": (lambda t: t.update({"extra:scale": np.ones(2, np.float32)}), "holds a tensor 'extra:scale'"),
    "fewer weights than bits": (lambda t: t.update({NAME: t[NAME][:-1]}), "which of its weights are zero"),
    "bits of another number": (lambda t: t.update({f"{NAME}:kept": t[f"{NAME}:kept"][:-1]}), "which of its weights"),
    "no bits": (lambda t: t.pop(f"{NAME}:kept"), "has shape"),
    "integers of 16 bits": (lambda t: t.update({NAME: t[NAME].astype(np.int16)}), "scale do not fit"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_weights_file_whose_parts_do_not_fit_is_refused(original, tmp_path, case):
    change, why = DAMAGE[case]
    folder = shutil.copytree(original[0], tmp_path / "copy")
    change_weights(folder, change)
    with pytest.raises(UserError, match=why):
        checkpoints.load(folder)


def test_fewer_bits_are_read_in_their_own_format_only(original, tmp_path):
    folder = shutil.copytree(original[0], tmp_path / "copy")
    change_run_json(folder, lambda document: document.update(format=1))
    with pytest.raises(UserError, match="is damaged"):
        checkpoints.load(folder)


def test_any_damage_to_a_slim_checkpoint_is_refused_in_one_sentence_or_harmless(original, tmp_path):
    refused = 0
    for name, folder in damaged_copies(original[0], tmp_path, seed=1, count=100):
        try:
            state = checkpoints.load(folder).vae.state_dict()
            assert all(torch.isfinite(tensor).all() for tensor in state.values()), name
        except UserError as error:
            assert "\n" not in str(error), name
            refused += 1
    assert refused > 50
