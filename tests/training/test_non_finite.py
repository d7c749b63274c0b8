"""NaN and infinity are always reported: in the data when they are read, and in a training with the cause of the failure."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from vae_core import VAE
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.data import Split, load
from vae_core.data.own.dataset_from_arrays import from_arrays
from vae_core.errors import UserError
from vae_core.estimator import VAEEstimator
from vae_core.models.build import build
from vae_core.objectives import Terms
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.training.events import Failed
from vae_core.training.failure_causes import CHECKS, FailureContext, find_cause
from vae_core.training.fit import fit
from vae_core.training.live_controls import LiveControls
from vae_core.training.saved_state import STATE
from vae_core.training.trainer import Trainer
from vae_core.utils.optimisers import Adam, Diverged, minimise

DIGITS = load(DataConfig())
MOONS = load(DataConfig(dataset="points", variant="moons"))
ROWS = np.random.default_rng(0).normal(size=(200, 3))
POINTS = ModelConfig(shape=(2,), latent_dim=1, hidden=(8,), likelihood="gaussian_learned")


def with_bad(x, place, value):
    x = x.clone() if isinstance(x, torch.Tensor) else x.copy()
    x[place] = value
    return x


def broken(vae, data, run, **options) -> Failed:
    *_, last = fit(vae, data, run, **options)
    assert isinstance(last, Failed), last
    return last


# Data


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_bad_array_is_refused_with_the_image_and_the_pixel(value):
    vae = VAE(latent_dim=2, encoder_dims=[8], decoder_dims=[8], image_size=8)
    for x in (torch.rand(50, 1, 8, 8), np.random.default_rng(0).random((50, 1, 8, 8))):
        with pytest.raises(UserError, match=r"image 17 .* at pixel \(0, 3, 5\).*correct it"):
            vae.fit(with_bad(x, (17, 0, 3, 5), value))
    with pytest.raises(UserError, match=r"row 17 .* in column 1"):
        from_arrays(with_bad(torch.randn(50, 2), (17, 1), value), POINTS)


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_a_data_set_made_by_hand_is_checked_in_every_split(split):
    part = getattr(MOONS, split)
    data = dataclasses.replace(MOONS, **{split: Split(with_bad(part.x, (3, 1), math.nan), part.labels)})
    last = broken(build(POINTS, 0), data, RunConfig(model=POINTS, train=TrainConfig(epochs=1)))
    assert f"{split} point 3" in last.message and "column 1" in last.message and last.finding is None


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_the_estimator_names_the_row_and_the_column(value):
    model = VAEEstimator(hidden=(8,), max_iter=2, random_state=0)
    for verb in (model.fit, model.fit(ROWS).transform, model.score_samples):
        with pytest.raises(UserError, match="row 7 .* in column 2"):
            verb(with_bad(ROWS, (7, 2), value))
    with pytest.raises(UserError, match=r"Column 2 .* too large to be scaled"):
        model.fit(with_bad(ROWS, (7, 2), 1e300))


# The training


def train_with(model=None, data=MOONS, preset_name="vae", **train):
    """A run of a kind that breaks."""
    if model is None:
        run = build_run(preset_name, DataConfig(), DIGITS.shape, 10, hidden=(32,), epochs=3, warmup_steps=0, **train)
        return build(run.model, 0), DIGITS, run
    run = RunConfig(model=model, train=TrainConfig(**{"epochs": 3, "warmup_steps": 0, **train}))
    return build(model, 0), data, run


def huge_points():
    """Points so large that their squares overflow 32-bit floats."""
    return dataclasses.replace(MOONS, train=Split(MOONS.train.x * 1e25, MOONS.train.labels))


def collapsed_sigma():
    """A model whose learnt sigma is nearly zero, as after thousands of steps on data that it reconstructs exactly."""
    vae, data, run = train_with(POINTS)
    vae.likelihood.log_sigma.data.fill_(-80.0)
    return vae, data, run


def exploding_encoder():
    """Many layers that each enlarge their input: the code of an image overflows 32-bit floats."""
    vae, data, run = train_with(ModelConfig(shape=(2,), latent_dim=1, hidden=(64,) * 8, likelihood="gaussian"))
    for parameter in vae.encoder.parameters():
        parameter.data.fill_(300.0)
    return vae, data, run


def diverged_weights():
    """Weights far larger than those of any healthy training."""
    vae, data, run = train_with(POINTS, lr=1e-3)
    next(vae.decoder.parameters()).data.fill_(1e30)
    return vae, data, run


BREAKS = {
    "data": (lambda: train_with(POINTS, huge_points()), ["The data contain", "largest value", "scale the data"]),
    "sigma": (
        lambda: train_with(POINTS.replace(likelihood="gaussian", sigma=1e-30)),
        ["Sigma is too small.", "sigma 1e-30", '"Sigma"'],
    ),
    "learning rate": (
        lambda: train_with(lr=1e6, preset_name="iaf-vae"),
        ["The learning rate is far too large.", "learning rate 1e+06", "to 0.002"],
    ),
    "weights": (diverged_weights, ["weights diverged.", "largest weight 1e+30", "to 0.0005", '"Clip"']),
    "scale": (collapsed_sigma, ["learnt sigma", "gaussian"]),
    "code": (exploding_encoder, ["The encoder gives", "largest number of a code", '"Clip"']),
}


@pytest.mark.parametrize("kind", BREAKS)
def test_a_failed_training_names_its_cause_and_gives_advice(kind):
    made, words = BREAKS[kind]
    last = broken(*made())
    assert "no longer a number (" in last.message and last.message.startswith("Step ")

    assert [word for word in words if word not in last.message] == []
    assert ("Learning rate" in last.finding.advice) == (kind in ("learning rate", "weights"))
    assert last.finding.name == "not a number" and last.record()["finding"]["advice"] == last.finding.advice


def test_a_failure_in_bf16_alone_is_blamed_on_the_precision():
    x, weight = torch.full((1, 3), 1.0), torch.tensor([[1.0], [1.0], [-1.999]])

    def terms() -> Terms:
        loss = (x @ weight).log().mean()  # 0.001, which bf16 rounds to 0
        return Terms(loss, loss, None, None)

    with torch.autocast("cpu", torch.bfloat16):
        assert not terms().loss.isfinite()
    vae = build(POINTS, 0)
    found = find_cause(FailureContext(vae, torch.randn(5, 2), None, 1e-3, True, terms))
    assert found.kind == "precision" and 'fp32 as "Precision"' in found.advice
    assert find_cause(FailureContext(vae, torch.randn(5, 2), None, 1e-3, False, terms)).kind == "unknown"


def test_every_cause_is_tested():
    assert set(CHECKS) == {*BREAKS, "precision"}


@pytest.mark.parametrize("at", ["first step", "last step"])
def test_non_finite_weights_after_a_step_are_neither_evaluated_nor_saved(tmp_path, monkeypatch, at):
    """The loss is computed before the step, so the loss is still finite."""
    vae, data, run = train_with(POINTS, batch_size=len(MOONS.train), epochs=4)
    step, wanted = Adam.step, 1 if at == "first step" else 4

    def overflowing(self, lr):
        step(self, lr)
        if self.steps[0] == wanted:
            self.parameters[0].data[0] = math.inf

    monkeypatch.setattr(Adam, "step", overflowing)
    events = list(fit(vae, data, run, folder=tmp_path))
    assert isinstance(events[-1], Failed) and f"Step {wanted}: the weights" in events[-1].message
    assert not (tmp_path / STATE).exists() and not list(tmp_path.glob("*.safetensors"))
    kept = [event for event in events if event.kind in ("epoch", "snapshot")]
    assert all(np.isfinite(event.codes).all() for event in kept if event.kind == "snapshot")
    with pytest.raises(UserError, match="no longer numbers"):
        VAE(POINTS).fit(MOONS.train.x, epochs=wanted, batch_size=len(MOONS.train))


def test_a_test_figure_that_is_not_finite_fails_the_run(tmp_path):
    x = with_bad(MOONS.test.x, (5, 0), 1e30)  # finite, and its square is not
    data = dataclasses.replace(MOONS, test=Split(x, MOONS.test.labels))
    last = broken(*train_with(POINTS, data, epochs=1), folder=tmp_path)
    assert "test images'" in last.message and "largest value 1e+30" in last.message
    assert not (tmp_path / "run.json").exists()


def test_a_critic_that_fails_is_named():
    vae, data, run = train_with(preset_name="factor-vae")
    trainer = Trainer(vae.train(), data, run, LiveControls())
    next(trainer.critic_trainer.module.parameters()).data.fill_(math.nan)
    with pytest.raises(UserError, match="the critic's loss is no longer a number"):
        trainer.step(trainer.order()[:32])


# The estimator, and minimisers outside a training


@pytest.mark.parametrize("rate", [1e3, 1e10, 1e38])
def test_the_estimator_says_that_the_learning_rate_was_too_large(rate):
    with pytest.raises(UserError, match="training failed.*learning_rate=.* far too large"):
        VAEEstimator(hidden=(8,), max_iter=3, learning_rate=rate, random_state=0).fit(ROWS)


def test_the_estimator_refuses_to_return_non_finite_codes_and_scores():
    model = VAEEstimator(hidden=(8,), max_iter=2, random_state=0).fit(ROWS)
    with pytest.raises(UserError, match="row 7 .* too far"):
        model.score_samples(with_bad(ROWS, (7, 2), 1e200))
    model.vae_.encoder.layers[0].weight.data.fill_(math.nan)
    with pytest.raises(UserError, match="codes are not all finite"):
        model.transform(ROWS)


def test_minimising_raises_where_it_diverges():
    at = torch.nn.Parameter(torch.tensor([1.0]))
    settings = {"rows": 4, "epochs": 2, "batch_size": 4, "generator": torch.Generator().manual_seed(0)}
    with pytest.raises(Diverged, match="weights are no longer numbers"):
        minimise([at], lambda _: at.sum(), lr=math.inf, **{**settings, "epochs": 1})
    at = torch.nn.Parameter(torch.tensor([1.0]))
    with pytest.raises(Diverged, match="rose from 1 to"):
        minimise([at], lambda _: at.square().sum(), lr=1e4, **settings)
