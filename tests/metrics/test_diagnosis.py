"""Diagnosis of artificial runs: each problem is found, and a run without problems has no finding."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from vae_core import checkpoints
from vae_core.checkpoints import Checkpoint, CheckpointInfo, Latents
from vae_core.config import DataConfig, ModelConfig
from vae_core.data import load
from vae_core.jobs.diagnosis_evidence import evidence_of_checkpoint, evidence_of_run
from vae_core.metrics.confidence_intervals import Estimate, student_interval
from vae_core.metrics.diagnosis.checks import CHECKS, diagnose
from vae_core.metrics.diagnosis.finding_and_evidence import Evidence, Finding
from vae_core.metrics.samples.prior_coverage import coverage
from vae_core.models.build import build
from vae_core.objectives import Autoencoder, BetaVae, CapacityVae, Elbo
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.runs import RunRow, Store
from vae_core.runs.curves import Series
from vae_core.training.events import Failed
from vae_core.training.failure_causes import FailureContext, NotANumber, find_cause
from vae_core.training.fit import fit

RUN = RunConfig()
FALL = 100 + 100 * np.exp(-np.arange(20) / 4)  # a loss that falls from 200 to 100 nats
ROWS = np.random.default_rng(0)


def codes(spread: float = 1.0, scale: float = 0.3, dimensions: int = 2):
    mean = ROWS.normal(size=(500, dimensions)) * np.sqrt(max(0.0, spread**2 - scale**2))
    return mean.astype(np.float32), np.full((500, dimensions), scale, np.float32)


def seen(run: RunConfig = RUN, **changes) -> Evidence:
    """A run without problems, with the given changes."""
    mean, scale = codes()
    epochs = {
        "epoch": np.arange(1.0, 21),
        "val_loss": FALL + 3,
        "train_distortion": FALL - 20,
        "train_rate": np.full(20, 20.0),
    }
    healthy = Evidence(run, {}, epochs, None, None, np.array([3.0, 2.0]), mean, scale, student_interval(0.97, 0.01))
    return replace(healthy, **changes)


def broken() -> Finding:
    """The finding of a training at the step in which it fails."""
    found = find_cause(FailureContext(build(RUN.model, 0), torch.rand(5, *RUN.model.shape), None, lr=5.0))
    return NotANumber(3, "rate", found).finding


def beta(value: float) -> RunConfig:
    return RUN.replace(objective=BetaVae(beta=value))


WIDE = dict(zip(("mean", "scale"), codes(spread=4.0, scale=0.05), strict=True))
SICK = {
    "posterior collapse": (seen(kl=np.array([0.01, 0.0])), ["0.01 nats", "Free bits"]),
    "dead units": (seen(kl=np.array([3.0, 0.002, 0.0])), ["2 of 3", "of 1"]),
    "prior hole": (seen(coverage=student_interval(0.4, 0.02)), ["40%", "mixture"]),
    "overfitting": (
        seen(epochs={"epoch": 2 * np.arange(1.0, 21), "val_loss": FALL + np.arange(20.0) * 2, "train_distortion": FALL}),
        ["epoch 22", "Patience"],
    ),
    "overfitting by the gap": (seen(losses=(student_interval(80.0, 1.0), student_interval(110.0, 2.0))), ["80.0", "110.0"]),
    "overfitting by the curves": (seen(epochs={"val_loss": FALL + 40, "train_distortion": FALL}), ["141", "101"]),
    "beta too large": (seen(beta(50), kl=np.array([2.0, 0.2, 0.001, 0.0])), ["beta 50", "2 of 4", "to 25"]),
    "beta too small": (seen(beta(0.01), **WIDE), ["times as wide", "0.01", "to 1."]),
    "beta too small beside sigma": (seen(RUN.replace(model=ModelConfig(likelihood="gaussian")), **WIDE), ["Sigma"]),
    "divergence": (seen(epochs={"train_distortion": np.array([100.0, 90.0, 1e9, 1e9, 1e10])}), ["1e+09", "after 100", "0.001"]),
    "not a number": (seen(broken=broken()), ["rate at step 3, learning rate 5", "Set", "0.002"]),
}  # fmt: skip


def test_a_healthy_run_has_no_finding():
    assert diagnose(seen()) == ()
    assert diagnose(seen(RUN.replace(model=ModelConfig(posterior="point"), objective=Autoencoder()), kl=None)) == ()
    assert diagnose(Evidence(RUN)) == ()  # nothing is known, nothing is said
    assert diagnose(seen(losses=(student_interval(100.0, 1.0), student_interval(104.0, 1.0)))) == ()
    assert diagnose(seen(beta(4))) == ()


@pytest.mark.parametrize("case", SICK)
def test_each_problem_is_found_with_its_figure_and_advice(case):
    patient, words = SICK[case]
    found = {finding.name: finding for finding in diagnose(patient)}
    name = next(check for check in CHECKS if case.startswith(check))
    assert name in found and len(found) <= 2
    said = " ".join((found[name].figure, found[name].sentence, found[name].advice))
    assert [word for word in words if word not in said] == []
    assert all(not text[0].islower() and text.endswith(".") for text in (found[name].sentence, found[name].advice))


def test_every_check_has_a_case():
    assert {check for check in CHECKS if not any(case.startswith(check) for case in SICK)} == set()


def test_the_live_beta_overrides_the_setting():
    halves = np.array([2.0, 0.2, 0.0, 0.0])
    assert "beta too large" not in {f.name for f in diagnose(seen(beta(50), kl=halves, beta=1.0))}
    assert "beta too large" in {f.name for f in diagnose(seen(RUN.replace(objective=Elbo()), kl=halves, beta=9.0))}


def test_an_autoencoder_is_not_told_to_raise_beta():
    run = RUN.replace(model=ModelConfig(posterior="point"), objective=Autoencoder())
    [finding] = diagnose(seen(run, kl=None, coverage=student_interval(0.4, 0.02)))
    assert "beta" not in finding.advice and isinstance(finding, Finding)


# What the doctor sees


def checkpoint(mean, scale, **axes) -> Checkpoint:
    model = ModelConfig(shape=(1, 8, 8), latent_dim=mean.shape[1], hidden=(8,), **axes)
    run = RUN.replace(model=model, objective=Autoencoder() if axes.get("posterior") == "point" else Elbo())
    info = CheckpointInfo(checkpoints.bundled(), run, {}, {}, (), {})
    return Checkpoint(info, build(model, seed=0), Latents(mean, scale, np.zeros(len(mean), np.int64)))


def test_prior_coverage_is_high_for_its_own_samples_and_low_for_far_clusters():
    vae = build(ModelConfig(hidden=(8,)), seed=0)
    mean, scale = map(torch.from_numpy, codes())
    z = mean + scale * torch.randn(mean.shape, generator=torch.Generator().manual_seed(0))
    before = torch.get_rng_state()
    assert coverage(vae, z).value > 0.93
    assert torch.equal(before, torch.get_rng_state()) and coverage(vae, z) == coverage(vae, z)
    assert coverage(vae, mean.sign() * 3 + 0.05 * z).value < 0.3
    assert coverage(vae, 6 * z).value < 0.6  # far wider than the prior
    point = build(ModelConfig(hidden=(8,), posterior="point"), seed=0)
    assert coverage(point, 50 * z).value > 0.9  # an autoencoder's own spread is its prior


def test_collapse_and_prior_holes_are_found_from_a_checkpoint():
    zero, one = np.zeros((500, 2), np.float32), np.ones((500, 2), np.float32)
    assert [f.name for f in diagnose(evidence_of_checkpoint(checkpoint(zero, one)))] == ["posterior collapse"]
    assert diagnose(evidence_of_checkpoint(checkpoint(*codes()))) == ()
    rings = (
        np.where(ROWS.random((500, 1)) < 0.5, 1.0, 4.0) * codes()[0] / np.linalg.norm(codes()[0], axis=1, keepdims=True)
    )
    sparse = evidence_of_checkpoint(checkpoint(np.sign(rings).astype(np.float32), 0 * one, posterior="point"))
    assert [f.name for f in diagnose(sparse)] == ["prior hole"] and sparse.kl is None


@pytest.mark.parametrize("name", ["s-vae", "vq-vae"])
def test_no_prior_hole_for_a_sphere_or_a_codebook(tmp_path, name):
    data = load(DataConfig())
    run = build_run(name, DataConfig(), data.shape, 0, epochs=15, precision="fp32")
    *_, done = fit(build(run.model, 0), data, run, folder=tmp_path)
    trained = checkpoints.load(done.path)
    told = evidence_of_checkpoint(trained, data)
    assert (told.coverage is None) == (name == "vq-vae") and diagnose(told) == ()
    assert told.coverage is None or told.coverage.value > 0.85
    assert evidence_of_checkpoint(trained).coverage is None  # a kept mean and deviation do not say where on the sphere


def test_beta_too_small_needs_a_standard_normal_prior():
    assert "beta too small" not in {
        f.name for f in diagnose(seen(RUN.replace(model=ModelConfig(prior="mixture")), **WIDE))
    }


def test_a_trained_model_has_no_finding_and_an_overfitted_one_has(tmp_path):
    data = load(DataConfig())
    run = build_run("vae", DataConfig(), data.shape, 0, epochs=15, hidden=(64,), precision="fp32")
    *_, done = fit(build(run.model, 0), data, run, folder=tmp_path / "a")
    assert diagnose(evidence_of_checkpoint(checkpoints.load(done.path), data)) == ()
    few = replace(data, train=type(data.train)(data.train.x[:40], data.train.labels[:40]))
    run = build_run("vae", DataConfig(), data.shape, 0, epochs=400, hidden=(128, 64), precision="fp32")
    *_, done = fit(build(run.model, 0), few, run, folder=tmp_path / "b")
    [finding] = [
        f for f in diagnose(evidence_of_checkpoint(checkpoints.load(done.path), few)) if f.name == "overfitting"
    ]
    assert "training images" in finding.figure


def test_a_failed_training_gives_a_finding_with_its_cause():
    """The sentence and the figures of the trainer itself."""
    data = load(DataConfig())
    run = build_run("vae", DataConfig(), data.shape, 0, epochs=30, lr=1e6, warmup_steps=0)
    events = list(fit(build(run.model, 0), data, run))
    assert events[-1].kind == "failed"
    [finding] = diagnose(Evidence(run, broken=events[-1].finding))
    assert finding.name == "not a number" and "learning rate 1" in finding.figure


def row_of(store: Store, id: str, **values) -> RunRow:
    return replace(store.get(id), **{"state": "running", "progress": 0.5, **values})


def curves(kl, epochs: int = 20, steps: int = 200, seconds: float = 0.5) -> Series:
    """As many epochs, of so many updates and seconds each, in all of which the code carried `kl` (L,)."""
    epoch = np.arange(1.0, epochs + 1)
    return Series(
        {}, {"epoch": epoch, "step": steps * epoch, "seconds": seconds * epoch, "kl": np.tile(kl, (epochs, 1))}
    )


def test_evidence_is_read_from_the_run_store(home):
    store = Store(home)
    id = store.create(beta(30))
    quiet = evidence_of_run(store.get(id), store.series(id))
    assert quiet.kl is None and quiet.weight == 30 and diagnose(quiet) == ()
    store.set_controls(id, beta=2.0)
    series = curves([0.01, 0.0])
    found = evidence_of_run(row_of(store, id), series)
    assert found.weight == 2.0 and {f.name for f in diagnose(found)} == {"posterior collapse", "beta too large"}
    mean, scale = codes(spread=4.0, scale=0.05)
    both = evidence_of_run(row_of(store, id), series, checkpoint(mean, scale))
    assert both.mean is mean and both.weight == 2.0 and isinstance(both.coverage, Estimate)


def test_a_run_that_has_just_begun_has_no_finding(home):
    """No finding after few epochs or updates, in the first fifth, before the end of KL warm-up, or from one bad epoch."""
    store = Store(home)
    id = store.create(RUN)
    sick = curves([0.0, 0.0])
    assert diagnose(evidence_of_run(row_of(store, id), sick))
    for early in (curves([0.0, 0.0], epochs=9), curves([0.0, 0.0], steps=40)):
        assert diagnose(evidence_of_run(row_of(store, id), early)) == ()
    assert diagnose(evidence_of_run(row_of(store, id, progress=0.1), sick)) == ()
    assert diagnose(evidence_of_run(row_of(store, id, progress=0.01), curves([0.0, 0.0], seconds=3.1)))
    last = np.vstack([np.ones((19, 2)), np.zeros((1, 2))])
    assert diagnose(evidence_of_run(row_of(store, id), replace(sick, epochs=sick.epochs | {"kl": last}))) == ()
    id = store.create(build_run("m1-m2", DataConfig(), (1, 8, 8), 10))  # half of whose updates were its first model's
    assert diagnose(evidence_of_run(row_of(store, id, progress=0.8), curves([0.0, 0.0], steps=90))) == ()
    assert diagnose(evidence_of_run(row_of(store, id, progress=0.8), curves([0.0, 0.0], steps=110)))
    for objective in (Elbo(kl_schedule="linear", kl_warmup=0.6), CapacityVae(rise=0.6)):
        id = store.create(RUN.replace(objective=objective))
        assert diagnose(evidence_of_run(row_of(store, id), sick)) == ()
        assert diagnose(evidence_of_run(row_of(store, id, progress=0.7), sick))


def test_only_a_failed_run_has_a_cause_and_a_damaged_record_has_none(home):
    store = Store(home)
    id = store.create(RUN)
    record = Failed("It broke.", broken()).record()
    failed = row_of(store, id, state="failed", latest={"failed": record})
    assert diagnose(evidence_of_run(failed, store.series(id))) == (broken(),)
    assert diagnose(evidence_of_run(replace(failed, state="running"), store.series(id))) == ()
    for damaged in (None, "x", {"name": "x"}, {**record["finding"], "more": 1}):
        row = replace(failed, latest={"failed": {"finding": damaged}})
        assert diagnose(evidence_of_run(row, store.series(id))) == ()


def test_a_dial_that_does_not_weigh_the_rate_is_not_called_beta(home):
    store = Store(home)
    id = store.create(build_run("capacity-vae", DataConfig(), (1, 8, 8), 0))
    row = row_of(store, id, progress=0.9, controls={"beta": 500.0})
    assert "beta too large" not in {f.name for f in diagnose(evidence_of_run(row, curves([2.0, 0.0])))}


def test_a_raised_beta_is_not_overfitting():
    """-ELBO rises on both training and validation images."""
    rising = {"val_loss": FALL + np.arange(20.0) * 2, "train_distortion": FALL + np.arange(20.0) * 2 - 1}
    assert diagnose(seen(epochs=rising)) == ()
