"""The precision of a training: measured where it is left to the machine, kept for the host, and the same after a resume."""

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
from vae_core.training.precision import ComputeSettings, KeptChoice, choices, choose, fastest
from vae_core.training.trainer import LiveControls

DIGITS = load(DataConfig())
FP32, BF16 = (ComputeSettings(precision=precision, threads=1) for precision in ("fp32", "bf16"))


@pytest.fixture
def both(home, monkeypatch):
    """An empty cache, one thread, and a processor that is said to have bf16, whatever it is."""
    monkeypatch.setattr(precision, "bf16_is_fast", lambda: True)
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield home / "cache"
    torch.set_num_threads(before)


def never():
    raise AssertionError("it was measured although it need not be")


def sleeps(**seconds):
    """Steps that really take so long."""
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
    """As if that had been measured, for whatever was measured before."""
    for path in cache.glob("arithmetic-*.json"):
        path.write_text(KeptChoice(chosen=chosen, milliseconds=(1.0, 2.0)).model_dump_json())


@pytest.mark.parametrize(("slow", "quick"), [("bf16", "fp32"), ("fp32", "bf16")])
def test_the_faster_is_chosen_by_a_measurement_and_kept(both, slow, quick):
    assert choose("a", sleeps(**{slow: 0.02, quick: 0.005})).precision == quick
    assert choose("a", never).precision == quick
    assert (
        choose("b", sleeps(**{slow: 0.005, quick: 0.02})).precision == slow
    )  # another kind of model is measured by itself
    assert len(list(both.glob("arithmetic-*.json"))) == 2


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"chosen": 1}', b'{"chosen": {"precision": "fp8", "threads": 1}}', b"\xff"]
)
def test_a_damaged_file_is_measured_again(both, content):
    choose("a", sleeps(fp32=0.02, bf16=0.005))
    (path,) = both.glob("arithmetic-*.json")
    path.write_bytes(content)
    assert choose("a", sleeps(fp32=0.005, bf16=0.02)) == FP32
    assert KeptChoice.parse(path.read_bytes()).chosen == FP32


def test_what_this_machine_does_not_offer_is_not_taken_from_a_file(both):
    choose("a", sleeps(fp32=0.02, bf16=0.005))
    keep(both, ComputeSettings(precision="bf16", threads=64))
    assert choose("a", sleeps(fp32=0.005, bf16=0.02)) == FP32


def test_another_processor_is_measured_anew(both, monkeypatch):
    choose("a", sleeps(fp32=0.02, bf16=0.005))
    monkeypatch.setattr(precision, "processor", lambda: "another one")
    assert choose("a", sleeps(fp32=0.005, bf16=0.02)) == FP32


def test_a_home_that_cannot_be_written_changes_nothing_but_the_memory(both):
    both.parent.mkdir(exist_ok=True)
    both.write_text("a file where the folder should be")
    assert choose("a", sleeps(fp32=0.02, bf16=0.005)) == BF16


def test_a_small_gain_is_not_worth_the_less_plain():
    assert fastest({FP32: 1.0, BF16: 0.98}) == FP32 and fastest({FP32: 1.0, BF16: 0.9}) == BF16


def test_where_there_is_nothing_to_choose_nothing_is_measured(home, monkeypatch):
    monkeypatch.setattr(precision, "bf16_is_fast", lambda: False)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    assert choose("a", never) == FP32
    assert not (home / "cache").exists()


def test_threads_are_offered_up_to_what_torch_may_use_and_given_back(both):
    torch.set_num_threads(2)
    assert {choice.threads for choice in choices(2)} == {1, 2} and choices(2)[0] == FP32
    with FP32.at_work():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2


# In a training


def test_a_measurement_does_not_touch_the_training(both):
    """What comes out is, bit for bit, the training in the precision that was chosen; nor does it count as training time."""
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    vae, events = train(settings(), folder=both.parent / "run")
    assert torch.equal(torch.rand(3), expected) and torch.get_num_threads() == 1
    used = began(events).precision
    assert torch.equal(weights(vae), weights(train(settings(precision=used))[0]))
    told = checkpoints.info(both.parent / "run").training
    assert (told["precision"], told["threads"]) == (used, 1)
    assert len(list(both.glob("arithmetic-*.json"))) == 1


@pytest.mark.parametrize("chosen", [FP32, BF16])
def test_the_kept_choice_is_the_one_that_trains(both, chosen):
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
def test_an_explicit_precision_is_neither_measured_nor_overruled(both, precision):
    _, events = train(settings(epochs=1, precision=precision))
    assert began(events).precision == precision and not list(both.glob("*"))
    with pytest.raises(UserError, match="precision"):
        settings(precision="fp16")
