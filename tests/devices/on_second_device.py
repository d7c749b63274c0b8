"""Trainings and evaluations on a second device, which must give the numbers of the cpu; test_devices.py runs this file in a process of
its own."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from tests.helpers.second_device import DevicesMix, Twin, second_device
from vae_core import VAE, checkpoints
from vae_core.__main__ import main
from vae_core.config import DataConfig
from vae_core.data import Split, load
from vae_core.estimator import VAEEstimator
from vae_core.metrics.elbo_nll_bits_per_dim import evaluate
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training import fit as fitting
from vae_core.training.events import Done, Failed, Started
from vae_core.training.fit import fit
from vae_core.training.live_controls import LiveControls
from vae_core.training.saved_state import STATE

STEPS, FEW, SPLITS = 2, 130, ("train", "val", "test")
# Every network, posterior, prior and likelihood with tensors of its own, and every objective that draws noise or has a critic.
PRESETS = {
    "digits": (
        *("vae", "tied-autoencoder", "cvae", "sigma-vae", "cb-vae", "bb-vae", "log-cosh", "residual-vae", "pixel-vae"),
        *("iaf-vae", "planar-vae", "s-vae", "gumbel-vae", "joint-vae", "vq-vae", "ladder-vae", "two-level-vae"),
        *("gm-vae", "vamp-vae", "flow-prior", "beta-tcvae", "dip-vae-1", "info-vae", "swae", "dreg", "piwae", "rae-gp"),
        *("ms-ssim", "factor-vae", "aae", "vae-gan", "m2", "m1-m2", "mvae", "mmvae", "mopoe", "jmvae"),
    ),
    "sentences": ("rnn-vae", "transformer-vae", "text-cvae"),
    "diabetes": ("vae",),
}


@pytest.fixture
def device(monkeypatch):
    with second_device(monkeypatch) as device:
        yield device


def of(name, dataset="digits", **changes):
    whole = load(DataConfig(dataset=dataset))
    few = {
        split: Split(part.x[:FEW], part.labels[:FEW], part.factors)
        for split in SPLITS
        if (part := getattr(whole, split))
    }
    data = dataclasses.replace(whole, **few)
    settings = {"epochs": 1, "seconds": None, "precision": "fp32", "batch_size": 50, **data.layout_settings, **changes}
    return data, build_run(name, DataConfig(dataset=dataset), data.shape, len(data.classes), **settings)


def trained(run, data, place, **options):
    vae = build(run.model, run.train.seed)
    run = run.replace(train=run.train.replace(device=place).model_dump())
    return vae, [*fit(vae, data, run, **options)]


@pytest.mark.parametrize(("dataset", "name"), [(data, name) for data, names in PRESETS.items() for name in names])
def test_a_step_and_an_evaluation_give_the_numbers_of_the_cpu(device, dataset, name):
    """Also later in the training, where M2 and M1+M2 learn other parts."""
    data, run = of(name, dataset)
    found = {}
    for place in ("cpu", "auto"):
        vae, events = trained(run, data, place, controls=LiveControls(until_step=STEPS))
        assert not isinstance(events[-1], Failed), events[-1]
        assert {type(p.data) for p in vae.parameters()} == {torch.Tensor}  # it lies where it lay before
        figures = evaluate(vae, data.val, nll_samples=2 if vae.posterior.has_density else 0)
        found[place] = {name: value for name, value in figures.items() if value is not None}
    # The bits of its codes seed the noise of M1+M2, so that rounding gives it other draws, by which margins vary most.
    loose = {figure: 0.05 if name == "m1-m2" and figure.endswith("margin") else 0.01 for figure in found["cpu"]}
    assert found["auto"] == {figure: pytest.approx(found["cpu"][figure], rel=rel) for figure, rel in loose.items()}


@pytest.mark.parametrize("name", ["m2", "m1-m2"])
def test_the_later_part_of_a_semi_supervised_training_stays_on_the_device(device, name):
    data, run = of(name, batch_size=512)
    run = run.replace(data=run.data.replace(labelled=50).model_dump())
    _, events = trained(run, data, "auto")
    assert isinstance(events[-1], Done), events[-1]


def test_a_whole_training_leaves_a_checkpoint_that_the_cpu_loads(device, tmp_path):
    data, run = of("vae")
    _, events = trained(run, data, "auto", folder=tmp_path)
    assert isinstance(events[-1], Done), events[-1]
    started = next(event for event in events if isinstance(event, Started))
    assert started.devices == ["twin"]
    found = checkpoints.load(tmp_path)
    assert found.info.training["devices"] == "twin"
    assert {type(p.data) for p in found.vae.parameters()} == {torch.Tensor}
    again = evaluate(found.vae, data.test)
    assert {name: again[name] for name in ("elbo", "mse")} == pytest.approx(
        {name: found.info.figures[name] for name in ("elbo", "mse")}, rel=1e-5
    )


def test_a_run_resumes_on_another_kind_of_device_and_says_so(device, tmp_path):
    data, run = of("vae", epochs=2)
    trained(run, data, "cpu", folder=tmp_path, controls=LiveControls(until_epoch=1))
    assert (tmp_path / STATE).exists()
    vae, events = trained(run, data, "auto", folder=tmp_path, resume=True)
    assert isinstance(events[-1], Done), events[-1]
    assert events[0].devices == ["cpu", "twin"]
    assert checkpoints.info(tmp_path).training["devices"] == "cpu, twin"
    whole, _ = trained(run, data, "cpu")
    mine, other = (evaluate(one, data.test)["elbo"] for one in (vae, whole))
    assert mine == pytest.approx(other, rel=0.05)


def test_evaluation_on_the_device_gives_the_figures_of_the_cpu(device):
    data, run = of("vae")
    vae = build(run.model, 0)
    on_cpu = evaluate(vae, data.test, nll_samples=20)
    assert evaluate(vae.to(device), data.test, nll_samples=20) == pytest.approx(on_cpu, rel=1e-5)


def test_the_command_evaluate_computes_on_the_device(device, monkeypatch, capsys):
    seen = []
    monkeypatch.setattr(
        "vae_core.metrics.elbo_nll_bits_per_dim.figures_of",
        lambda encoded, **_: seen.append(next(encoded.vae.parameters()).device) or {},
    )
    assert main(["evaluate", "digits-vae-2d"]) == 0
    assert [one.type for one in seen] == ["twin"]


def test_the_short_interface_and_the_estimator_train_on_the_device(device):
    rows = np.random.default_rng(0).normal(size=(64, 5))
    fitted = [
        VAEEstimator(2, hidden=(8,), max_iter=2, device=place, random_state=0).fit(rows) for place in ("auto", "cpu")
    ]
    assert fitted[0].transform(rows) == pytest.approx(fitted[1].transform(rows), rel=1e-3, abs=1e-3)
    vae = VAE(latent_dim=2, encoder_dims=[16], decoder_dims=[16], image_size=8)
    pictures = load(DataConfig()).train.x[:200]
    vae.fit(pictures, epochs=1)
    assert vae.reconstruct(pictures[:3]).shape == (3, 1, 8, 8)
    moved = vae.to(device)
    assert isinstance(moved.reconstruct(pictures[:3]), Twin) and isinstance(moved.generate(4), Twin)


def test_memory_that_is_full_is_a_sentence_with_a_batch_size_to_try(device, monkeypatch):
    def full(self, indices):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")

    monkeypatch.setattr(fitting.Trainer, "step", full)
    data, run = of("vae")
    _, events = trained(run, data, "auto")
    assert isinstance(events[-1], Failed)
    assert "The memory of the device twin is full: try the batch size 25." in events[-1].message


def test_devices_do_mix_up_where_a_tensor_is_forgotten(device):
    """The second device would find it: this file tests something."""
    with pytest.raises(DevicesMix):
        torch.ones(3, device=device) + torch.ones(3)
    assert math.isclose((torch.ones(3, device=device) + 1).sum().item(), 6)
