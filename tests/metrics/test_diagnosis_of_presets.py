"""Diagnosis after each epoch of real short runs of several presets: no finding without a problem, the right one with it."""

from dataclasses import replace

import pytest

from vae_core.config import DataConfig
from vae_core.data import Split, load
from vae_core.jobs.diagnosis_evidence import evidence_of_run
from vae_core.metrics.diagnosis.checks import diagnose
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Series, Store
from vae_core.runs.curves import columns
from vae_core.training.fit import fit

DIGITS = load(DataConfig())


def heard(home, run: RunConfig, data=DIGITS) -> list[set[str]]:
    """The names of the findings after each epoch of a real training, as on the Train page."""
    store = Store(home)
    row, steps, epochs, found = store.get(store.create(run)), [], [], []
    for event in fit(build(run.model, 0), data, run):
        if event.kind == "step":
            steps.append(event.record())
        if event.kind == "epoch":
            epochs.append(event.record())
            now = replace(row, state="running", progress=event.epoch / run.train.epochs)
            found.append(
                {finding.name for finding in diagnose(evidence_of_run(now, Series(columns(steps), columns(epochs))))}
            )
    return found


def digits(name: str, **settings) -> RunConfig:
    return build_run(
        name, DataConfig(), DIGITS.shape, 10, **{"hidden": (32,), "precision": "fp32", "epochs": 54, **settings}
    )


@pytest.mark.parametrize("name", ["vae", "sigma-vae", "capacity-vae", "mmd-vae"])
def test_a_healthy_run_never_has_a_finding(home, name):
    assert not any(heard(home, digits(name)))


def test_too_large_a_beta_is_found_and_stays_found(home):
    found = heard(home, digits("beta-vae", beta=50.0))
    first = next(epoch for epoch, names in enumerate(found) if names)
    assert first >= 40  # before that there is no evidence
    assert all(names == {"posterior collapse", "beta too large"} for names in found[first:])


def test_overfitting_is_found_and_stays_found(home):
    few = replace(DIGITS, train=Split(DIGITS.train.x[:64], DIGITS.train.labels[:64]))
    found = heard(home, digits("vae", hidden=(128, 64), epochs=280, lr=4e-3, batch_size=16), few)
    assert all("overfitting" in names for names in found[260:])


def test_divergence_is_found(home):
    found = heard(home, digits("vae", lr=1e3, warmup_steps=0))
    assert "divergence" in found[-1]
