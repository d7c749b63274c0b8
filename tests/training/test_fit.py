"""fit(): its events, reproducibility, exact resumption, live controls, and every way in which it ends."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from vae_core import VAE, checkpoints
from vae_core.config import DataConfig
from vae_core.data import Split, load, to_input
from vae_core.errors import UserError
from vae_core.metrics import evaluate
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training import fit as fitting
from vae_core.training.batches import balanced_indices
from vae_core.training.events import Done, Epoch, Failed, GradientStep, Snapshot, Started, TrainStep
from vae_core.training.fit import fit
from vae_core.training.live_controls import LiveControls
from vae_core.training.lr_schedule import learning_rate
from vae_core.training.saved_state import STATE
from vae_core.utils.optimisers import Adam

DIGITS = load(DataConfig())


def settings(name="vae", data=DIGITS, **changes):
    changes = {"hidden": (32,), "epochs": 3, "precision": "fp32", **changes}
    return build_run(name, DataConfig(), data.shape, len(data.classes), **changes)


def train(run, data=DIGITS, **options):
    vae = build(run.model, run.train.seed)
    return vae, list(fit(vae, data, run, **options))


def weights(vae):
    return torch.cat([p.detach().flatten() for p in vae.parameters()])


def test_events_come_in_order_and_their_terms_add_up():
    vae, events = train(settings())
    kinds = [event.kind for event in events]
    assert isinstance(events[0], Started) and events[0].images == len(DIGITS.train)
    assert kinds[1] == "snapshot" and kinds[-2:] == ["snapshot", "done"] and kinds.count("epoch") == 3
    epochs = [event for event in events if isinstance(event, Epoch)]
    assert [event.epoch for event in epochs] == [1, 2, 3]
    for event in epochs:
        assert event.val["elbo"] == pytest.approx(-(event.val["distortion"] + event.val["rate"]))
        assert event.train["loss"] == pytest.approx(event.train["distortion"] + event.train["rate"], rel=1e-5)
        assert sum(event.kl) == pytest.approx(event.val["rate"], rel=1e-5)
    assert epochs[-1].val["loss"] < epochs[0].val["loss"]
    done = events[-1]
    assert isinstance(done, Done) and done.reason == "epochs" and done.step == events[0].steps
    assert done.figures == evaluate(vae, DIGITS.test)


def test_a_long_epoch_is_evaluated_on_the_way_and_stays_the_same_training(monkeypatch):
    run = settings(epochs=1, batch_size=64)
    whole, _ = train(run)
    monkeypatch.setattr(fitting, "EVALUATE_EVERY", 0.0)
    looked, events = train(run)
    found = [event for event in events if isinstance(event, Epoch)]
    assert [event.epoch for event in found] == [0] * (len(found) - 1) + [1] and len(found) > 5
    assert torch.equal(weights(whole), weights(looked))
    assert all(event.kl is not None and event.val["loss"] > 0 for event in found)


def test_training_reaches_the_reference_figure_on_digits():
    _, events = train(settings(hidden=(256, 128), epochs=150, lr=4e-3, batch_size=128))
    assert events[-1].figures["elbo"] > -25.0  # 24.0 after 5 s is the reference


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    same, other = [weights(train(settings(seed=seed))[0]) for seed in (3, 3)], weights(train(settings(seed=4))[0])
    assert torch.equal(*same) and not torch.equal(same[0], other)


def test_global_random_state_is_unchanged():
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    train(settings(epochs=1))
    assert torch.equal(torch.rand(3), expected)
    assert torch.get_float32_matmul_precision() == "highest"


@pytest.mark.parametrize("name", ["vae", "autoencoder", "cvae", "sigma-vae", "factor-vae", "vae-gan", "vq-vae"])
@pytest.mark.parametrize("cut", [1, 7])
def test_a_paused_training_resumes_exactly(tmp_path, name, cut):
    run = settings(name, batch_size=256, patience=50)
    whole, events = train(run)
    controls, vae = LiveControls(), build(run.model, run.train.seed)
    step = vae.encoder.forward
    calls = iter(range(10**6))

    def counted(*arguments):
        if vae.training and next(calls) + 1 == cut:
            controls.command = "pause"
        return step(*arguments)

    vae.encoder.forward = counted
    first = list(fit(vae, DIGITS, run, folder=tmp_path, controls=controls))
    assert first[-1].reason == "paused" and first[-1].step == cut
    resumed, second = train(run, folder=tmp_path, resume=True)
    assert torch.equal(weights(whole), weights(resumed))
    curves = [[e.train for e in part if isinstance(e, Epoch)] for part in (events, first + second)]
    assert curves[0] == curves[1]


@pytest.mark.parametrize("name", ["vae", "sigma-vae", "factor-vae"])
def test_a_training_step_by_step_equals_an_uninterrupted_one(tmp_path, name):
    run = settings(name, batch_size=256, data=DIGITS)
    whole, events = train(run)
    found = []
    for step in range(1, 4):
        _, part = train(run, folder=tmp_path, controls=LiveControls(until_step=step), resume=True)
        assert part[-1].reason == "reached" and part[-1].step == step
        [measured] = [event for event in part if isinstance(event, GradientStep)]
        assert measured.step == step and len(measured.before) == len(measured.after) == len(measured.labels) == 40
        found.append((measured, next(event for event in part if isinstance(event, TrainStep))))
    for epoch in (1, 3):
        resumed, part = train(run, folder=tmp_path, controls=LiveControls(until_epoch=epoch), resume=True)
        assert sum(isinstance(event, Epoch) for event in part) == (1 if epoch == 1 else 2)
        assert part[-1].reason == ("reached" if epoch == 1 else "epochs")
    assert torch.equal(weights(whole), weights(resumed)) and part[-1].step == events[-1].step
    for (one, _), (two, _) in pairwise(found):
        np.testing.assert_allclose(
            one.after, two.before, rtol=1e-5, atol=1e-6
        )  # the next step begins where this one ended
    if name == "vae":
        assert found[0][0].loss_before == pytest.approx(
            found[0][1].train["loss"], rel=1e-4
        )  # the loss that the step lowered
        assert found[0][0].loss_after < found[0][0].loss_before


def test_stop_ends_within_one_batch_with_a_complete_checkpoint(tmp_path):
    controls = LiveControls()
    seen = []
    for event in fit(build(settings().model, 0), DIGITS, settings(epochs=10_000), folder=tmp_path, controls=controls):
        seen.append(event)
        if isinstance(event, TrainStep):
            controls.command = "stop"
    last_step = [event.step for event in seen if isinstance(event, TrainStep)][-1]
    assert isinstance(seen[-1], Done) and seen[-1].reason == "stopped" and seen[-1].step == last_step
    assert checkpoints.load(tmp_path).info.figures == seen[-1].figures


def test_live_controls_take_effect_during_training():
    controls, steps = LiveControls(), []
    run = settings(seconds=1.2, epochs=None, schedule="constant", warmup_steps=0)
    for event in fit(build(run.model, 0), DIGITS, run, controls=controls):
        if isinstance(event, TrainStep):
            steps.append(event)
            if len(steps) == 2:
                controls.lr, controls.dial_value = 1e-5, 30.0
    assert (steps[1].lr, steps[1].beta) == (pytest.approx(2e-3), None)
    assert (steps[-1].lr, steps[-1].beta) == (pytest.approx(1e-5), 30.0)
    assert steps[-1].train["loss"] == pytest.approx(
        steps[-1].train["distortion"] + 30 * steps[-1].train["rate"], rel=1e-4
    )


def test_a_seconds_budget_counts_training_time_only():
    events, run = [], settings(seconds=0.5, epochs=None)
    for event in fit(build(run.model, 0), DIGITS, run):
        events.append(event)
        if len(events) == 3:
            torch.randn(4000, 4000) @ torch.randn(4000, 4000)  # the consumer's own time
    assert events[-1].reason == "seconds" and 0.5 <= events[-1].seconds < 1.0


def test_seconds_are_those_of_the_clock():
    times = iter(range(1000))
    _, events = train(settings(epochs=None, seconds=3), clock=lambda: next(times))
    assert (events[-1].reason, events[-1].seconds) == ("seconds", 3)


def test_a_loss_that_is_not_finite_stops_with_step_term_and_advice():
    _, events = train(settings(hidden=(32, 32, 32, 32), lr=1e6, warmup_steps=0, epochs=50))
    assert isinstance(events[-1], Failed)
    assert (
        "no longer a number" in events[-1].message
        and "Step " in events[-1].message
        and "learning rate" in events[-1].message
    )


def test_early_stopping_keeps_the_best_weights():
    tiny = dataclasses.replace(DIGITS, train=Split(DIGITS.train.x[:40], DIGITS.train.labels[:40]))
    vae, events = train(
        settings(data=tiny, epochs=500, patience=5, hidden=(128,), lr=5e-3, schedule="constant"), data=tiny
    )
    losses = [event.val["loss"] for event in events if isinstance(event, Epoch)]
    assert events[-1].reason == "early" and np.argmin(losses) == len(losses) - 6
    assert -evaluate(vae, tiny.val)["elbo"] == pytest.approx(min(losses))


def test_accumulated_gradients_equal_one_large_batch():
    def one_epoch(**changes):
        return weights(train(settings("autoencoder", epochs=1, warmup_steps=0, schedule="constant", **changes))[0])

    torch.testing.assert_close(one_epoch(batch_size=128, accumulate=4), one_epoch(batch_size=512), atol=1e-5, rtol=1e-4)


def test_clipping_bounds_the_gradient(monkeypatch):
    norms = []
    step = Adam.step

    def watched(self, lr):
        norms.append(torch.cat([p.grad.flatten() for p in self.parameters]).norm().item())
        step(self, lr)

    monkeypatch.setattr(Adam, "step", watched)
    train(settings(epochs=1, clip=0.5))
    assert max(norms) <= 0.5 + 1e-4


@pytest.mark.parametrize(("decoupled", "decay"), [(False, 0.0), (False, 0.1), (True, 0.1)])
def test_adam_takes_the_same_steps_as_torch(decoupled, decay):
    pair = [nn.Linear(5, 3) for _ in range(2)]
    pair[1].load_state_dict(pair[0].state_dict())
    ours = Adam(pair[0].parameters(), (0.9, 0.99), decay, decoupled)
    theirs = (torch.optim.AdamW if decoupled else torch.optim.Adam)(
        pair[1].parameters(), betas=(0.9, 0.99), weight_decay=decay
    )
    for i in range(5):
        x = torch.randn(7, 5)
        for layer in pair:
            layer(x).square().mean().backward()
        theirs.param_groups[0]["lr"] = 0.1 / (i + 1)
        theirs.step()
        theirs.zero_grad()
        ours.step(0.1 / (i + 1))
    torch.testing.assert_close(pair[0].weight, pair[1].weight)
    restored = Adam(pair[0].parameters(), (0.9, 0.99))
    restored.load(ours.state())
    assert all(torch.equal(a, b) for a, b in zip(restored.state().values(), ours.state().values(), strict=True))


def test_adam_counts_the_steps_of_each_parameter_that_has_a_gradient():
    pair = [nn.ModuleList(nn.Linear(2, 2) for _ in range(2)) for _ in range(2)]
    pair[1].load_state_dict(pair[0].state_dict())
    ours, theirs = Adam(pair[0].parameters(), (0.9, 0.999)), torch.optim.Adam(pair[1].parameters(), lr=0.1)
    for used in (1, 2, 1, 2, 2):
        for layers in pair:
            sum(layer(torch.ones(2)).square().sum() for layer in layers[:used]).backward()
        theirs.step()
        theirs.zero_grad()
        ours.step(0.1)
    torch.testing.assert_close(pair[0].state_dict(), pair[1].state_dict())
    assert [int(ours.state()[f"steps.{i}"]) for i in range(4)] == [5, 5, 3, 3]


def test_learning_rate_schedules():
    config = settings().train.replace(warmup_steps=10)
    assert learning_rate(config, 1.0, 4, 0.0) == 0.5
    assert learning_rate(config, 1.0, 4, 0.0, steps=50) == 1.0
    assert learning_rate(config, 1.0, 99, 0.75) == 0.25
    assert learning_rate(config.replace(schedule="cosine"), 1.0, 99, 0.5) == pytest.approx(0.5)
    assert learning_rate(config.replace(schedule="constant", warmup_steps=0), 1.0, 0, 0.99) == 1.0


def test_bf16_reaches_the_same_elbo_as_fp32():
    losses = [train(settings(precision=precision, epochs=20))[1][-1].figures["elbo"] for precision in ("fp32", "bf16")]
    assert losses[1] == pytest.approx(losses[0], abs=0.5)


def test_snapshots_have_the_same_images_and_one_of_every_class():
    _, events = train(settings())
    first, last = (event for event in (events[1], events[-2]) if isinstance(event, Snapshot))
    assert np.array_equal(first.labels, last.labels) and np.array_equal(first.originals, last.originals)
    assert not np.allclose(first.codes, last.codes) and first.reconstructions.shape == (10, 1, 8, 8)
    chosen = balanced_indices(DIGITS.val.labels, 10)
    assert sorted(DIGITS.val.labels[chosen].tolist()) == list(range(10))
    assert first.texts == first.original_texts == []


def test_snapshots_of_sentences_say_what_they_are():
    config = DataConfig(dataset="sentences", training_images=300, held_out=0.02)
    data = load(config)
    options = {**data.layout_settings, "hidden": (16,), "epochs": 1, "precision": "fp32"}
    _, events = train(build_run("rnn-vae", config, data.shape, len(data.classes), **options), data)
    last = next(event for event in reversed(events) if isinstance(event, Snapshot))
    known = {*data.vocabulary.sentences(data.val.x.numpy())}
    assert len(last.texts) == len(last.original_texts) == len(last.originals) and {*last.original_texts} <= known
    assert last.texts == data.vocabulary.sentences(last.reconstructions)
    assert last.record()["texts"] == last.texts and "originals" not in last.record()


def test_an_unwritable_folder_fails_with_a_sentence_and_keeps_the_old_checkpoint(tmp_path):
    train(settings(epochs=1), folder=tmp_path)
    before = checkpoints.load(tmp_path).info.figures
    (tmp_path / STATE).unlink()
    (tmp_path / STATE).mkdir()  # renaming a file onto a folder fails for every user, root too
    _, events = train(settings(epochs=1, seed=5), folder=tmp_path)
    assert isinstance(events[-1], Failed) and "Cannot write to" in events[-1].message
    assert checkpoints.load(tmp_path).info.figures == before


def test_a_model_that_does_not_fit_the_data_is_refused():
    run = settings()
    wrong = run.replace(model=run.model.replace(shape=(1, 28, 28)))
    _, events = train(wrong)
    assert isinstance(events[-1], Failed) and "set shape" in events[-1].message


@pytest.mark.parametrize("form", ["loader", "tensor", "array", "pairs"])
def test_the_short_interface_trains_on_loaders_tensors_arrays_and_pairs(form):
    x, y = to_input(DIGITS.train.x, "grey", None), DIGITS.train.labels
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=100)
    data = {"loader": loader, "tensor": x, "array": x.numpy(), "pairs": (x, y)}[form]
    torch.manual_seed(0)
    vae = VAE(in_channels=1, latent_dim=4, hidden_dims=[8, 16], image_size=8)
    before = evaluate(vae, DIGITS.val)["elbo"]
    assert vae.fit(data, epochs=4) is vae
    assert evaluate(vae, DIGITS.val)["elbo"] > before + 3
    assert vae.generate(num_samples=10).shape == (10, 1, 8, 8) and not vae.training


def test_the_short_interface_refuses_bad_data():
    vae = VAE(latent_dim=2, encoder_dims=[16], decoder_dims=[16], image_size=8)
    with pytest.raises(UserError, match="All values are -3"):
        vae.fit(torch.full((50, 1, 8, 8), -3.0))
    with pytest.raises(UserError, match="give image_size"):
        vae.fit(torch.rand(50, 1, 9, 9))
    with pytest.raises(UserError, match="the loader is empty"):
        vae.fit([])
