"""One training over two real processes, connected over the loopback: the weights of one process, and who writes and refuses."""

import json
import os
import socket
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

from tests.conftest import ROOT
from tests.devices.two_processes import DIGITS, STEPS, settings
from vae_core import checkpoints
from vae_core.devices import noise
from vae_core.devices.processes import ALONE, Processes, joined
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.training.data_checks import check_processes
from vae_core.training.fit import fit
from vae_core.training.live_controls import LiveControls

# Each kind of loss, posterior and prior that draws noise or has parameters of its own.
SPLIT = (
    "vae",
    "cvae",
    "autoencoder",
    "iwae",
    "piwae",
    "dreg",
    "rae-gp",
    "ms-ssim",
    "iaf-vae",
    "gumbel-vae",
    "ladder-vae",
)
SPLIT += ("gm-vae", "vamp-vae", "flow-prior", "bb-vae", "mopoe", "mvae")
APART = {"gumbel-vae": 1e-4}  # Adam makes a step of full size of a gradient that is zero but for rounding
REFUSED = {
    "beta-tcvae",
    "dip-vae-1",
    "info-vae",
    "wae-mmd",
    "swae",
    "factor-vae",
    "aae",
    "vae-gan",
    "m2",
    "m1-m2",
    "vq-vae",
}
REFUSED |= {"s-vae", "sigma-vae", "capacity-vae", "joint-vae", "free-bits"}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def together(*command, count=2):
    """The command's exit statuses and output in so many processes at once, as torchrun starts them."""
    shared = {"WORLD_SIZE": str(count), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **shared, "RANK": str(rank), "LOCAL_RANK": str(rank), "GLOO_SOCKET_IFNAME": "lo"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(count)
    ]
    said = [process.communicate(timeout=600) for process in started]
    return [(process.returncode, *texts) for process, texts in zip(started, said, strict=True)]


def alone(name):
    vae, run = build(settings(name).model, 0), settings(name)
    *_, last = fit(vae, DIGITS, run, controls=LiveControls(until_step=STEPS))
    assert last.kind == "done", last
    return vae.state_dict()


@pytest.mark.slow
def test_two_processes_take_the_steps_of_one(tmp_path):
    for status, _, errors in together("tests.devices.two_processes", str(tmp_path), *SPLIT):
        assert status == 0, errors
    for name in SPLIT:
        found, wanted = load_file(tmp_path / name), alone(name)
        assert found.keys() == wanted.keys()
        for key, tensor in wanted.items():
            assert torch.allclose(found[key], tensor, rtol=0, atol=APART.get(name, 1e-6)), (name, key)


@pytest.mark.slow
def test_the_command_trains_one_model_and_the_first_process_alone_writes_and_prints(tmp_path):
    command = ["vae_core", "train", "--epochs", "2", "--batch-size", "100", "--device", "cpu", "--out"]
    said = together(*command, str(tmp_path / "two"))
    assert [status for status, _, _ in said] == [0, 0], said
    lines = [json.loads(line) for line in said[0][1].splitlines()]
    assert [line.get("epoch") for line in lines] == [1, 2, 2] and lines[-1]["reason"] == "epochs"
    assert said[1][1] == "" and {"weights.safetensors", "run.json"} <= {
        path.name for path in (tmp_path / "two").iterdir()
    }
    (one,) = together(*command, str(tmp_path / "one"), count=1)
    assert one[0] == 0
    found, single = (checkpoints.load(tmp_path / name).info for name in ("two", "one"))
    assert (found.training["processes"], single.training["processes"]) == (2, 1)
    assert found.figures["elbo"] == pytest.approx(single.figures["elbo"], rel=1e-4)


@pytest.mark.slow
def test_what_cannot_be_split_is_refused_once(tmp_path):
    said = together("vae_core", "train", "--preset", "beta-tcvae", "--epochs", "1", "--out", str(tmp_path / "new"))
    assert [status for status, _, _ in said] == [2, 2]
    assert "the objective 'tc': this looks at the whole batch at once, which 2 processes cannot split" in said[0][2]
    assert "looks at" not in said[1][2] and not (tmp_path / "new").exists()


@pytest.mark.slow
def test_a_process_that_ends_ends_the_training_with_a_sentence(tmp_path):
    """The second process leaves after its first step, as if it had been killed."""
    said = together("tests.devices.leaving_process", str(tmp_path / "out"))
    assert said[0][0] == 1, said
    assert "Another process of this training has ended" in said[0][1]


def test_rows_of_all_processes_are_the_batch():
    for images in (1, 2, 7, 100):
        for count in (1, 2, 3, 5):
            parts = [Processes(rank, count) for rank in range(count)]
            assert sum(part.share(images) for part in parts) == pytest.approx(1)
            counted = [row for part in parts if part.share(images) for row in range(*part.rows(images).indices(images))]
            assert counted == [*range(images)]
            assert all(len(range(*part.rows(images).indices(images))) for part in parts)  # never an empty batch


def test_noise_of_rows_is_that_of_the_batch():
    like = torch.zeros(1)
    for draw in (noise.normal, noise.uniform, lambda *given: noise.whole(9, *given)):
        whole = draw((3, 10, 2), like, noise.seeded(torch.device("cpu"), 0), 1)
        generator = ALONE.noise(torch.device("cpu"), 0)
        generator.rows, generator.images = slice(4, 7), 10
        assert torch.equal(draw((3, 3, 2), like, generator, 1), whole[:, 4:7])
        again = ALONE.noise(torch.device("cpu"), 0)
        again.rows, again.images = slice(4, 7), 10
        assert torch.equal(draw((3, 10, 2), like, again), whole)  # of something without a batch all is given


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_looks_at_a_whole_batch_is_refused_for_several_processes(name):
    run = settings(name)
    check_processes(run, 1)
    with pytest.raises(UserError, match="train in one process"):
        check_processes(run, 2)


def test_without_torchrun_a_training_is_alone(monkeypatch):
    with joined(torch.device("cpu")) as processes:
        assert processes is ALONE and processes.is_first


def test_each_process_needs_a_gpu_of_its_own(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(UserError, match="this computer has 1 'cuda': start at most 1, or choose the cpu"):
        Processes(1, 2, 1).own(torch.device("cuda"))
    assert Processes(1, 2, 1).own(torch.device("cpu")).type == "cpu"
    assert ALONE.own(torch.device("cuda")).type == "cuda"
