"""Devices: which there are, how one is chosen and refused, that asking starts nothing, and trainings on a second device."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from vae_core.__main__ import main
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.devices import choice, noise
from vae_core.errors import UserError
from vae_core.estimator import VAEEstimator
from vae_core.presets.build_run import build_run
from vae_core.training.data_checks import check_fit
from vae_core.training.events import Started
from vae_core.training.fit import fit

DIGITS = load(DataConfig())


@pytest.fixture
def only_cpu(monkeypatch):
    monkeypatch.setattr(choice, "available", lambda: ("cpu",))


@pytest.fixture
def with_gpu(monkeypatch):
    monkeypatch.setattr(choice, "available", lambda: ("cuda", "cpu"))


def settings(**changes):
    return build_run("vae", DataConfig(), DIGITS.shape, 10, hidden=(16,), epochs=1, precision="fp32", **changes)


def test_the_cpu_is_always_there_and_last():
    assert choice.available()[-1] == "cpu"
    assert choice.chosen("cpu") == torch.device("cpu")


def test_auto_is_the_fastest_device(with_gpu):
    assert choice.chosen("auto").type == "cuda"
    assert choice.chosen("cpu").type == "cpu"


def test_a_device_that_is_not_there_is_refused_with_those_that_are(only_cpu, with_gpu, monkeypatch):
    with pytest.raises(
        UserError, match="no device 'mps' that torch can use; it has cpu, cuda: choose one of these, or auto"
    ):
        choice.chosen("mps")
    monkeypatch.setattr(choice, "available", lambda: ("cpu",))
    for refused in (
        lambda: check_fit(settings(device="cuda"), DIGITS),
        lambda: VAEEstimator(device="cuda").fit([[0.0, 1.0], [1.0, 0.0]]),
    ):
        with pytest.raises(UserError, match="it has cpu"):
            refused()


def test_the_command_line_refuses_it_before_it_reads_a_checkpoint_or_trains(only_cpu, tmp_path, capsys):
    for command in (
        ["train", "--device", "cuda", "--out", str(tmp_path / "new")],
        ["evaluate", "x", "--device", "cuda"],
    ):
        assert main(command) == 2
        assert capsys.readouterr().err.startswith("This computer has no device 'cuda' that torch can use; it has cpu")
    assert not (tmp_path / "new").exists()


def test_the_command_line_trains_on_the_named_device(tmp_path, capsys):
    assert main(["train", "--device", "cpu", "--epochs", "1", "--out", str(tmp_path / "new")]) == 0
    assert main(["evaluate", str(tmp_path / "new"), "--device", "cpu"]) == 0


def test_asking_which_devices_there_are_starts_none_and_a_forked_child_can_still_train():
    """The scheduler imports what asks, and forks."""
    code = """
import os
import torch
from vae_core.devices.choice import available
available()
assert os.environ["PYTORCH_NVML_BASED_CUDA_CHECK"] == "1"
assert not torch.cuda.is_initialized()
child = os.fork()
if child == 0:
    torch.ones(2, requires_grad=True).sum().backward()
    os._exit(1 if torch.cuda._is_in_bad_fork() else 0)
assert os.waitpid(child, 0)[1] == 0
"""
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_the_scheduler_does_not_ask_before_it_forks():
    code = """
import vae_core.scheduling.scheduler, vae_core.scheduling.worker
from vae_core.devices.choice import available
print(available.cache_info().misses)
"""
    assert (
        subprocess.run([sys.executable, "-c", code], check=True, timeout=120, capture_output=True, text=True).stdout
        == "0\n"
    )


def test_numbers_are_read_as_they_are():
    assert choice.numbers([]) == []
    assert choice.numbers([torch.tensor(0.1), torch.tensor(2.0)]) == [torch.tensor(0.1).item(), 2.0]


def test_noise_has_the_distribution_that_its_name_says():
    generator, like = noise.seeded(torch.device("cpu"), 0), torch.zeros(1)
    normal, uniform = (draw((10_000,), like, generator) for draw in (noise.normal, noise.uniform))
    assert abs(normal.mean()) < 0.05 and abs(normal.std() - 1) < 0.05
    assert uniform.min() >= 0 and uniform.max() < 1 and abs(uniform.mean() - 0.5) < 0.02
    assert noise.whole(3, (1000,), like, generator).unique().tolist() == [0, 1, 2]
    shares = torch.tensor([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5]])
    found = noise.drawn(shares, 200, generator, replacement=True)
    assert set(found[0].tolist()) == {1} and set(found[1].tolist()) == {0, 2}
    assert abs(noise.gamma(torch.full((10_000,), 3.0), generator).mean() - 3) < 0.1


def test_a_training_says_on_which_devices_it_computed():
    vae_events = fit(build_model(), DIGITS, settings(device="cpu"))
    assert next(event for event in vae_events if isinstance(event, Started)).devices == ["cpu"]
    assert choice.note_on(["cpu"]) is None and choice.note_on(["cuda", "cuda"]) is None
    assert choice.note_on(["cpu", "cuda"]).startswith("Begun on cpu, resumed on cuda:")


def build_model():
    from vae_core.models.build import build

    return build(settings().model, 0)


@pytest.mark.parametrize(
    ("device", "error", "sentence"),
    [
        ("cuda", torch.OutOfMemoryError("CUDA out of memory."), "try the batch size 128"),
        ("mps", RuntimeError("MPS backend out of memory (9 GB)"), "try the batch size 128"),
        ("mps", NotImplementedError("The operator 'aten::x' is not implemented for the MPS device."), "choose the cpu"),
        ("mps", TypeError("Cannot convert a MPS Tensor to float64 dtype"), "choose the cpu"),
        (
            "cuda",
            RuntimeError("CUDA error: device-side assert triggered\nmore"),
            "choose the cpu, or look at its driver",
        ),
        ("cpu", RuntimeError("a mistake of the program"), None),
        ("cuda", TypeError("a mistake of the program"), None),
    ],
)
def test_what_fails_on_a_device_becomes_a_sentence_and_a_mistake_of_the_program_does_not(device, error, sentence):
    found = choice.failure_on(torch.device(device), error, 256)
    assert found is None if sentence is None else sentence in found


def test_a_single_image_that_does_not_fit_needs_a_smaller_model():
    error = torch.OutOfMemoryError("CUDA out of memory.")
    assert "smaller layers" in choice.failure_on(torch.device("cuda"), error, 1)


@pytest.mark.slow
def test_trainings_and_evaluations_on_a_second_device():
    """In a process of its own: torch counts its devices when a process computes its first gradient."""
    path = Path(__file__).with_name("on_second_device.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)]
    ended = subprocess.run(command, cwd=path.parents[2], timeout=600, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout[-6000:]
