"""The diagnosis on the Train page: silence at first and on a healthy run, a sick one named, and a cause before all else."""

import re
from collections.abc import Iterator

import pytest

from tests.metrics.test_diagnosis import SICK, seen
from tests.pages.train.test_train import by_label, labels, opened
from tests.pages.visit import html, visit
from tests.training.test_non_finite import BREAKS, broken
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.metrics.diagnosis.checks import diagnose
from vae_core.metrics.diagnosis.finding_and_evidence import Finding
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.scheduling.lease import Lease, claim
from vae_core.scheduling.recorder import Recorder
from vae_core.training.events import Event
from vae_core.training.fit import fit
from vae_ui.shell.page_list import PAGES

DIGITS = load(DataConfig())
TITLE = "<b>Diagnosis</b>"


@pytest.fixture
def quiet(home) -> Store:
    """The runs of an empty home in which nothing else trains."""
    return Store(home)


def training(store: Store, run: RunConfig) -> Iterator[Event]:
    """A real training in this process, written down as a worker does; it stands still while nobody asks for its next event."""
    store.create(run)
    lease = Lease(store, *claim(store))
    lease.heartbeat()
    recorder = Recorder(lease, store.get(lease.id))
    event = None
    for event in fit(build(run.model, 0), DIGITS, run, folder=store.folder(lease.id)):
        recorder.take(event)
        if event.kind != "step":  # each time a file is opened and closed, which takes longer than a step
            recorder._flush()
            lease.heartbeat()  # on a busy computer the next event comes later than a worker counts as gone
        yield event
    recorder.close()
    lease.release("fail", event.message) if event.kind == "failed" else lease.release("finish")


def digits(name: str = "vae", **settings) -> RunConfig:
    return build_run(name, DataConfig(), DIGITS.shape, 10, **{"hidden": (32,), "precision": "fp32", **settings})


def drawn(app) -> str:
    found = [element.proto.body for element in app.main.get("html") if TITLE in element.proto.body]
    return found[0] if found else ""


def test_it_waits_for_evidence_and_then_names_a_collapse_while_the_run_goes_on(quiet):
    events = training(quiet, digits("beta-vae", beta=50.0, epochs=54))  # 20 updates each
    next(event for event in events if event.kind == "epoch")
    assert "nothing found so far" in drawn(opened())
    next(event for event in events if event.kind == "epoch" and event.epoch == 52)
    said = drawn(opened())
    assert (
        "see below" in html(opened())
        and "posterior collapse" in said
        and "beta 50" in said
        and "&quot;Beta&quot;" in said
    )
    assert all(event is not None for event in events)
    assert quiet.runs()[0].state == "done" and "posterior collapse" in drawn(opened())


def test_a_healthy_run_has_no_finding_while_it_trains_or_afterwards(quiet):
    for event in training(quiet, digits(epochs=55)):
        if event.kind == "epoch" and event.epoch == 52:
            app = opened()
            assert "nothing found so far" in drawn(app) and "see below" not in html(app)
    app = opened()
    assert "nothing found." in drawn(app) and "see below" not in html(app)
    quiet.folder(quiet.runs()[0].id).joinpath("weights.safetensors").write_bytes(b"damaged")
    assert TITLE in drawn(opened())  # the curves are there all the same


def test_a_failed_run_says_its_cause_first_and_can_be_slowed_down(quiet):
    assert list(training(quiet, digits("sigma-vae", lr=1e6, warmup_steps=0, epochs=5)))[-1].kind == "failed"
    app = opened()
    (error,) = app.error
    assert (
        "no longer a number" in error.value
        and "The learning rate is far too large." in error.value
        and "to 0.002" in error.value
    )
    assert by_label(app.select_slider, "learning rate now") and "not a number" not in drawn(app)  # it is said once


# Advice


def names(advice: str) -> list[str]:
    """The fields and pages that a piece of advice speaks of."""
    return re.findall(r'"([^"]+)"', advice)


SHOWN = (
    "vae",
    "beta-vae",
    "capacity-vae",
    "autoencoder",
    "tied-autoencoder",
    "mmd-vae",
    "beta-tcvae",
    "gm-vae",
    "iwae",
    "vq-vae",
)


def all_findings(run: RunConfig) -> list[Finding]:
    """What each check would say of that run."""
    patients = [patient for name, (patient, _) in SICK.items() if not name.startswith("not a number")]
    ill = [
        seen(run, **{name: getattr(patient, name) for name in vars(seen()) if name != "run"}) for patient in patients
    ]
    return [finding for patient in ill for finding in diagnose(patient)]


@pytest.mark.parametrize("name", SHOWN)
def test_every_field_and_page_that_advice_names_is_there_for_that_preset(quiet, name):
    app = opened()
    by_label(app.selectbox, "Kind of model").set_value(name).run()
    found = all_findings(build_run(name, DataConfig(), DIGITS.shape, 10))
    assert len({finding.name for finding in found}) >= 3
    there = labels(app) | {title for title, _ in PAGES.values()} | {"Codes from"}
    spoken = {word for finding in found for word in names(finding.advice)}
    assert spoken and spoken - there == set()
    for finding in found:
        for choice, label in re.findall(r'hoose an? ([\w ]+) as "([^"]+)"', finding.advice):
            box = [box for box in app.selectbox if box.label == label]
            assert label == "Codes from" or any(choice in option for option in box[0].options)
        if "KL warm-up" in finding.advice:
            assert "linear" in by_label(app.selectbox, "KL warm-up").options


def test_what_the_trainings_own_causes_advise_is_there_too(quiet):
    app = opened()
    by_label(app.selectbox, "Likelihood").set_value("gaussian").run()
    advice = [broken(*made()).finding.advice for made, _ in BREAKS.values()]
    spoken = {word for text in advice for word in names(text)}
    assert {"Learning rate", "Clip", "Sigma", "Likelihood", "Warm-up steps"} <= spoken and spoken - labels(app) == set()
    assert "fp32" in by_label(app.selectbox, "Precision").options


def test_the_source_of_codes_is_a_field_of_the_generate_page(home):
    box = by_label(visit("generate", "digits-vae-2d").selectbox, "Codes from")
    assert any("mixture of normals" in option.lower() for option in box.options)
