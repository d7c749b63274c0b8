"""The "auto" precision of a training: measured once, cached for the machine, and unchanged after a resume."""

import time

import pytest
import torch

from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training import precision
from vae_core.training.events import Started, TrainStep
from vae_core.training.fit import fit
from vae_core.training.live_controls import LiveControls
from vae_core.training.precision import (
    ComputeSettings,
    KeptChoice,
    available_settings,
    choose_settings,
    fastest_settings,
)

DIGITS = load(DataConfig())
FP32, BF16 = (ComputeSettings(precision=precision, threads=1) for precision in ("fp32", "bf16"))


@pytest.fixture
def both(home, monkeypatch):
    """An empty cache, one thread, and a processor that is reported to have fast bf16."""
    monkeypatch.setattr(precision, "bf16_is_fast", lambda device: True)
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield home / "cache"
    torch.set_num_threads(before)


def never():
    raise AssertionError("measured without need")


def sleeps(**seconds):
    """Steps that sleep for so many seconds with each precision."""
    return lambda: lambda choice: time.sleep(seconds[choice.precision])


def settings(**changes):
    changes = {"hidden": (32,), "epochs": 2, "batch_size": 256, **changes}
    return build_run("vae", DataConfig(), DIGITS.shape, len(DIGITS.classes), **changes)


def train(run, **options):
    vae = build(run.model, run.train.seed)
    return vae, list(fit(vae, DIGITS, run, **options))


def began(events) -> Started:
    return next(event for event in events if isinstance(event, Started))


def weights(vae):
    return torch.cat([p.detach().flatten() for p in vae.parameters()])


def keep(cache, chosen: ComputeSettings) -> None:
    """Overwrite every cached measurement with this choice."""
    for path in cache.glob("arithmetic-*.json"):
        path.write_text(KeptChoice(chosen=chosen, milliseconds=(1.0, 2.0)).model_dump_json())


@pytest.mark.parametrize(("slow", "quick"), [("bf16", "fp32"), ("fp32", "bf16")])
def test_the_faster_precision_is_measured_and_cached(both, slow, quick):
    assert choose_settings("a", sleeps(**{slow: 0.02, quick: 0.005})).precision == quick
    assert choose_settings("a", never).precision == quick
    # Another kind of model is measured separately.
    assert choose_settings("b", sleeps(**{slow: 0.005, quick: 0.02})).precision == slow
    assert len(list(both.glob("arithmetic-*.json"))) == 2


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"chosen": 1}', b'{"chosen": {"precision": "fp8", "threads": 1}}', b"\xff"]
)
def test_a_damaged_file_is_measured_again(both, content):
    choose_settings("a", sleeps(fp32=0.02, bf16=0.005))
    (path,) = both.glob("arithmetic-*.json")
    path.write_bytes(content)
    assert choose_settings("a", sleeps(fp32=0.005, bf16=0.02)) == FP32
    assert KeptChoice.parse(path.read_bytes()).chosen == FP32


def test_cached_settings_that_the_machine_does_not_support_are_ignored(both):
    choose_settings("a", sleeps(fp32=0.02, bf16=0.005))
    keep(both, ComputeSettings(precision="bf16", threads=64))
    assert choose_settings("a", sleeps(fp32=0.005, bf16=0.02)) == FP32


def test_another_processor_is_measured_anew(both, monkeypatch):
    choose_settings("a", sleeps(fp32=0.02, bf16=0.005))
    monkeypatch.setattr(precision, "processor", lambda: "another one")
    assert choose_settings("a", sleeps(fp32=0.005, bf16=0.02)) == FP32


def test_an_unwritable_cache_only_costs_another_measurement(both):
    both.parent.mkdir(exist_ok=True)
    both.write_text("a file where the folder should be")
    assert choose_settings("a", sleeps(fp32=0.02, bf16=0.005)) == BF16


def test_a_small_gain_keeps_fp32():
    assert fastest_settings({FP32: 1.0, BF16: 0.98}) == FP32 and fastest_settings({FP32: 1.0, BF16: 0.9}) == BF16


def test_a_single_choice_is_not_measured(home, monkeypatch):
    monkeypatch.setattr(precision, "bf16_is_fast", lambda device: False)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    assert choose_settings("a", never) == FP32
    assert not (home / "cache").exists()


def test_thread_counts_go_up_to_torchs_limit_and_are_restored(both):
    torch.set_num_threads(2)
    assert {choice.threads for choice in available_settings(2, torch.device("cuda"))} == {
        2
    }  # a GPU has threads of its own
    assert {choice.threads for choice in available_settings(2)} == {1, 2} and available_settings(2)[0] == FP32
    with FP32.applied():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2


# In a training


def test_a_measurement_does_not_change_the_training(both):
    """The weights equal, bit for bit, those of a training with the chosen precision set by hand."""
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    vae, events = train(settings(), folder=both.parent / "run")
    assert torch.equal(torch.rand(3), expected) and torch.get_num_threads() == 1
    used = began(events).precision
    assert torch.equal(weights(vae), weights(train(settings(precision=used))[0]))
    training = checkpoints.info(both.parent / "run").training
    assert (training["precision"], training["threads"]) == (used, 1)
    assert len(list(both.glob("arithmetic-*.json"))) == 1


@pytest.mark.parametrize("chosen", [FP32, BF16])
def test_the_cached_choice_is_used_for_training(both, chosen):
    train(settings(epochs=1))
    keep(both, chosen)
    vae, events = train(settings())
    assert began(events).precision == chosen.precision
    assert torch.equal(weights(vae), weights(train(settings(precision=chosen.precision))[0]))


def test_a_resumed_training_keeps_the_precision_it_began_with(both):
    train(settings(epochs=1))
    keep(both, BF16)
    run, controls, folder = settings(epochs=4), LiveControls(), both.parent / "run"
    for event in fit(build(run.model, run.train.seed), DIGITS, run, folder=folder, controls=controls):
        if isinstance(event, TrainStep):
            controls.command = "pause"
    keep(both, FP32)
    vae, events = train(run, folder=folder, resume=True)
    assert began(events).precision == "bf16"
    assert torch.equal(weights(vae), weights(train(settings(epochs=4, precision="bf16"))[0]))


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_an_explicit_precision_is_used_without_measuring(both, precision):
    _, events = train(settings(epochs=1, precision=precision))
    assert began(events).precision == precision and not list(both.glob("*"))
    with pytest.raises(UserError, match="precision"):
        settings(precision="fp16")
