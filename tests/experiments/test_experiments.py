"""Experiments: the models differ in one setting, their runs are found again, and the sentence says what the figures are."""

import time

import pytest

from vae_core import checkpoints
from vae_core.experiments.catalogue import EXPERIMENTS, STEPS
from vae_core.experiments.runs_of_arms import find_run, find_runs
from vae_core.experiments.sentence import WORDS, Measured, measured, sentence
from vae_core.explore.explorer import Explorer
from vae_core.runs import Store
from vae_core.runs.database import session, transaction
from vae_core.runs.many.listing import like


def model(title: str, margin: float = 0.1, size: int = 10, **figures: float | None) -> Measured:
    return Measured(title, size, figures, dict.fromkeys(figures, margin))


def test_the_sentence_goes_the_way_of_the_figures():
    beta = EXPERIMENTS["beta"]
    low, middle, high = (
        model("beta 0.1", rate=7.4, distortion=16.0, used=10),
        model("beta 1", rate=99.0, distortion=99.0, used=99),
        model("beta 10", rate=2.1, distortion=16.05, used=3),
    )
    assert sentence(beta, [low, middle, high]) == (
        "From beta 0.1 to beta 10: the rate fell from 7.4 nats to 2.1 nats; the distortion hardly changed (16.0 nats and 16.1 nats); "
        "numbers in use: 10 of 10 for beta 0.1, 3 of 10 for beta 10."
    )
    assert "the rate rose from 2.1 nats to 7.4 nats" in sentence(beta, [high, middle, low])


def test_the_sentence_names_the_ends_of_what_has_no_order():
    prior = EXPERIMENTS["prior"]
    models = [
        model("normal", distortion=21.0, rate=3.0, prior_coverage=0.95),
        model("mixture", distortion=19.0, rate=3.05, prior_coverage=0.5),
        model("VampPrior", distortion=20.0, rate=3.02, prior_coverage=None),
    ]
    assert sentence(prior, models) == (
        "On the same test images: the distortion is lowest for mixture (19.0 nats) and highest for normal (21.0 nats); "
        "the rate is about the same for all (3.0 nats to 3.0 nats); "
        "the share of codes with a sample nearby is 50% for mixture and 95% for normal."
    )
    turned = [model("normal", distortion=18.0), model("mixture", distortion=19.0)]
    assert "the distortion is 18.0 nats for normal and 19.0 nats for mixture" in sentence(prior, turned)


def test_a_difference_within_the_intervals_is_no_change():
    beta = EXPERIMENTS["beta"]
    before, after = model("a", 1.0, rate=5.0, distortion=9.0), model("b", 1.0, rate=6.2, distortion=9.0)
    assert "the rate hardly changed (5.0 nats and 6.2 nats)" in sentence(beta, [before, after])
    assert "the rate rose" in sentence(beta, [before, model("b", 0.1, rate=6.2, distortion=9.0)])


@pytest.mark.parametrize("id", EXPERIMENTS)
def test_the_models_of_an_experiment_differ_in_one_setting_only(id):
    experiment = EXPERIMENTS[id]
    assert set(experiment.figures) <= set(WORDS) and len(experiment.arms) in (2, 3, 4)
    if experiment.bundled:
        runs = [checkpoints.info(checkpoints.bundled() / arm.bundled).run for arm in experiment.arms]
    else:
        runs = [arm.run(experiment.title) for arm in experiment.arms]
        assert len({run.title for run in runs}) == len(runs)
    assert len({run.train.replace(epochs=1).model_dump_json() for run in runs}) == 1
    assert len({run.data.replace(training_images=None).model_dump_json() for run in runs}) == 1
    assert len({run.model.hidden for run in runs}) == 1
    assert len({run.model_copy(update={"title": ""}).model_dump_json() for run in runs}) == len(runs)


def test_few_images_are_seen_as_often_as_many():
    few, many = (arm.run("") for arm in EXPERIMENTS["few-images"].arms)
    steps = [run.train.epochs * -(-count // run.train.batch_size) for run, count in ((few, 100), (many, 1257))]
    assert steps == [STEPS, STEPS] and few.data.training_images == 100


def test_bundled_models_have_a_true_sentence():
    """The claim that a beginner must not miss: reconstructions are no better in the VAE, samples are."""
    experiment = EXPERIMENTS["autoencoder"]
    models = [measured(str(arm.title), Explorer.open(checkpoints.bundled() / arm.bundled)) for arm in experiment.arms]
    plain, vae = (each.figures for each in models)
    assert plain["distortion"] < vae["distortion"] and plain["prior_coverage"] < vae["prior_coverage"] - 0.2
    assert "numbers in use" not in sentence(experiment, models) and "nan" not in sentence(experiment, models)


def test_a_run_is_found_by_its_settings(home):
    store, experiment = Store(), EXPERIMENTS["warm-up"]
    first = experiment.arms[0].run(experiment.title)
    assert find_runs(experiment, lambda run: like(store, run)) == [None, None]
    id = store.create(first.replace(title="another name"))
    time.sleep(0.01)
    store.create(first.replace(train=first.train.replace(seed=1).model_dump()))
    found = find_runs(experiment, lambda run: like(store, run))
    assert found[0] is not None and found[0].id == id and found[1] is None
    store.set_controls(id, beta=3.0)
    assert find_run(first, store.runs()) is None, "its beta was changed while it trained"


def test_a_run_that_is_done_goes_before_a_newer_one_that_is_not(home):
    store, experiment = Store(), EXPERIMENTS["warm-up"]
    run = experiment.arms[0].run(experiment.title)
    ids = []
    for _ in range(3):
        ids.append(store.create(run))
        time.sleep(0.01)
    for states, expected in (
        (("done", "failed", "stopped"), 0),
        (("failed", "queued", "stopped"), 1),
        (("failed", "stopped", "failed"), 2),
    ):
        with session(store.path) as db, transaction(db):
            for id, state in zip(ids, states, strict=True):
                db.execute("UPDATE runs SET state = ? WHERE id = ?", (state, id))
        found = find_run(run, store.runs())
        assert found is not None and found.id == ids[expected]
