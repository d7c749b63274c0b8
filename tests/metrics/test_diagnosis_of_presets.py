"""The doctor looks at real short runs of several presets, epoch by epoch: no alarm on a healthy one, the right one on a sick one."""

from dataclasses import replace

import pytest

from vae_core.config import DataConfig
from vae_core.data import Split, load
from vae_core.jobs.evidence import of_run
from vae_core.metrics.diagnosis import diagnose
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Series, Store
from vae_core.runs.curves import columns
from vae_core.training.fit import fit

DIGITS = load(DataConfig())


def heard(home, run: RunConfig, data=DIGITS) -> list[set[str]]:
    """The names of what is found after each epoch of a real training, as the Train page would ask for them."""
    store = Store(home)
    row, steps, epochs, found = store.get(store.create(run)), [], [], []
    for event in fit(build(run.model, 0), data, run):
        if event.kind == "step":
            steps.append(event.record())
        if event.kind == "epoch":
            epochs.append(event.record())
            now = replace(row, state="running", progress=event.epoch / run.train.epochs)
            found.append({finding.name for finding in diagnose(of_run(now, Series(columns(steps), columns(epochs))))})
    return found


def digits(name: str, **settings) -> RunConfig:
    return build_run(
        name, DataConfig(), DIGITS.shape, 10, **{"hidden": (32,), "precision": "fp32", "epochs": 54, **settings}
    )


@pytest.mark.parametrize("name", ["vae", "sigma-vae", "capacity-vae", "mmd-vae"])
def test_a_healthy_run_is_never_scolded(home, name):
    assert not any(heard(home, digits(name)))


def test_a_price_that_is_too_high_is_heard_and_stays_heard(home):
    found = heard(home, digits("beta-vae", beta=50.0))
    first = next(epoch for epoch, names in enumerate(found) if names)
    assert first >= 40  # before that there is no evidence
    assert all(names == {"posterior collapse", "beta too large"} for names in found[first:])


def test_learning_by_heart_is_heard_and_stays_heard(home):
    few = replace(DIGITS, train=Split(DIGITS.train.x[:64], DIGITS.train.labels[:64]))
    found = heard(home, digits("vae", hidden=(128, 64), epochs=280, lr=4e-3, batch_size=16), few)
    assert all("overfitting" in names for names in found[260:])


def test_a_run_that_gets_worse_is_heard(home):
    found = heard(home, digits("vae", lr=1e3, warmup_steps=0))
    assert "divergence" in found[-1]
