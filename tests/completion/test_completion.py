"""q(z) optimised for the visible part alone: against closed forms, and against a model's own encoder."""

import numpy as np
import pytest
import torch
from torch import Generator
from torch.distributions import MultivariateNormal

from vae_core import checkpoints
from vae_core.checkpoints import Checkpoint, CheckpointInfo, Latents
from vae_core.completion.code_posterior import FEW, fit_code, unsuited
from vae_core.completion.completer import Completer
from vae_core.completion.hidden_parts import HIDDEN_PARTS, check_masks, hidden_part
from vae_core.completion.methods import METHODS, encode_once, log_likelihood_of_visible, optimised
from vae_core.completion.missing_nats import SAMPLES, missing_nats
from vae_core.completion.weighted_codes import drawn_in_turn, weighted_codes
from vae_core.config import ModelConfig
from vae_core.distributions.normal_and_point import DiagonalNormal
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.presets.run_config import RunConfig

SIGMA = 0.6
W = torch.tensor([[1.0], [-0.6], [0.8], [0.5]])
HIDDEN = np.array([[[[False, False], [True, True]]]])


def completer(vae, tmp_path):
    run = RunConfig(title="small", model=vae.config)
    codes = np.zeros((4, vae.config.latent_dim), np.float32)
    info = CheckpointInfo(tmp_path, run, {}, {}, (), {})
    return Completer(Checkpoint(info, vae, Latents(codes, codes + 1, np.zeros(4, np.int64))))


@pytest.fixture
def linear(tmp_path):
    """x|z ~ N(Wz, SIGMA^2 I) of four pixels, of which the last two are hidden; and 40 pictures of it."""
    vae = build(ModelConfig(shape=(1, 2, 2), latent_dim=1, hidden=(), likelihood="gaussian", sigma=SIGMA), seed=0)
    with torch.no_grad():
        vae.decoder.layers[0].weight.copy_(W)
        vae.decoder.layers[0].bias.zero_()
    truth = MultivariateNormal(torch.zeros(4), W @ W.T + SIGMA**2 * torch.eye(4))
    x = torch.randn(40, 4, generator=Generator().manual_seed(0)) @ truth.scale_tril.T
    found = completer(vae, tmp_path)
    return vae, found.task(x.reshape(-1, 1, 2, 2).numpy(), np.broadcast_to(HIDDEN, (40, 1, 2, 2))), x, truth


def test_the_optimised_q_is_the_true_posterior_where_that_is_normal(linear):
    vae, task, x, _ = linear
    seen = W[:2]
    precision = 1 + (seen.T @ seen / SIGMA**2).item()
    exact = x[:, :2] @ seen / SIGMA**2 / precision
    start, known = encode_once(vae, task), log_likelihood_of_visible(vae, task)
    q = fit_code(vae, start, known, draws=4)
    assert (q.mean - exact).abs().max() < 0.1 and (q.stddev - precision**-0.5).abs().max() < 0.1
    short = fit_code(vae, start, known, draws=4, steps=FEW)
    assert (short.mean - exact).abs().mean() > (q.mean - exact).abs().mean()


def test_weighted_codes_have_the_moments_of_the_true_posterior_whatever_the_proposals(linear):
    vae, task, x, _ = linear
    seen = W[:2]
    precision = 1 + (seen.T @ seen / SIGMA**2).item()
    exact = x[:, :2] @ seen / SIGMA**2 / precision
    wide, off = (DiagonalNormal(torch.full_like(exact, mean), torch.ones_like(exact)) for mean in (0.0, 1.5))
    codes = weighted_codes(vae, (wide, off), log_likelihood_of_visible(vae, task), codes=4000)
    mean = codes.mean(lambda z: z)
    assert codes.z.shape == (4000, 40, 1) and torch.allclose(codes.weights.sum(0), torch.ones(40), atol=1e-4)
    assert (mean - exact).abs().max() < 0.1
    assert (codes.mean(torch.square) - mean.square() - 1 / precision).abs().max() < 0.1


def test_its_nats_are_those_of_the_conditional_density(linear):
    vae, task, x, truth = linear
    visible = MultivariateNormal(torch.zeros(2), truth.covariance_matrix[:2, :2])
    exact = visible.log_prob(x[:, :2]) - truth.log_prob(x)
    nats, mean_over_q = missing_nats(vae, task, drawn_in_turn(optimised(vae, task), SAMPLES, 0))
    assert nats.mean().item() == pytest.approx(exact.mean().item(), abs=0.05)
    assert (mean_over_q >= nats).all()


def test_more_codes_do_not_cost_more_nats(linear):
    vae, task, _, _ = linear
    codes = drawn_in_turn(optimised(vae, task), SAMPLES, 0)
    means = [missing_nats(vae, task, codes[:k])[0].mean().item() for k in (1, 5, 25, 200)]
    assert means == sorted(means, reverse=True)


def test_hidden_pixels_are_never_looked_at(linear):
    vae, task, _, _ = linear
    other = type(task)(
        torch.where(task.hidden, torch.tensor(9.0), task.x), task.hidden, task.hidden_parts, task.filled, task.y
    )
    for name in (name for name in METHODS if name != "sees all"):
        assert torch.equal(METHODS[name](vae, task, 3, 0), METHODS[name](vae, other, 3, 0)), name
    assert not torch.equal(METHODS["sees all"](vae, task, 3, 0), METHODS["sees all"](vae, other, 3, 0))


@pytest.mark.parametrize(
    "axes",
    [
        {},
        {"prior": "mixture", "components": 3},
        {"prior": "flow"},
        {"posterior": "planar"},
        {"posterior": "ladder", "prior": "two_levels"},
        {"classes": 3},
        {"likelihood": "beta_binomial"},
        {"likelihood": "discretised_logistic", "shape": (3, 4, 4)},
        {"shape": (3, 8, 8), "network": "conv", "hidden": (4,)},
    ],
    ids=str,
)
def test_every_suited_model_keeps_what_is_visible_and_learns_from_it(axes, tmp_path):
    vae = build(ModelConfig(**{"shape": (1, 4, 4), "latent_dim": 4, "hidden": (16,), **axes}), seed=0)
    shape = vae.config.shape
    x = torch.rand(3, *shape, generator=Generator().manual_seed(1)).numpy()
    hidden = np.broadcast_to(hidden_part("three-quarters", *shape[1:]), (3, 1, *shape[1:]))
    found = completer(vae, tmp_path).complete(x, hidden, 1 if vae.config.classes else 0, draws=2, steps=5)
    assert found.draws.shape == (2, 3, *shape) and found.mean.shape == (3, *shape)
    seen = np.broadcast_to(~hidden, x.shape)
    for completed in (*found.draws, found.mean):
        np.testing.assert_allclose(completed[seen], x[seen])
        assert np.isfinite(completed).all() and not np.allclose(completed, x)


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        ({"posterior": "point", "prior": "none"}, "continuous codes"),
        ({"posterior": "von_mises_fisher", "prior": "uniform_sphere"}, "continuous codes"),
        ({"likelihood": "pixelcnn"}, "earlier ones"),
        ({"classes": 10, "first": 5}, "M1+M2"),
        ({"shape": (2,), "likelihood": "gaussian"}, "two coordinates"),
    ],
    ids=str,
)
def test_other_models_are_refused_in_a_sentence(axes, said):
    config = ModelConfig(shape=(1, 4, 4), latent_dim=3, hidden=(16,)).model_copy(update=axes)
    assert said in str(unsuited(config))


def test_the_parts_that_are_hidden():
    counts = {name: hidden_part(name, 4, 4).sum() for name in HIDDEN_PARTS}
    assert counts == {"lower-half": 8, "right-half": 8, "three-quarters": 12}
    assert not hidden_part("lower-half", 5, 4)[1].any() and hidden_part("lower-half", 5, 4)[2].all()
    with pytest.raises(UserError, match="no hidden part 'upper'"):
        hidden_part("upper", 4, 4)


def test_masks_are_checked():
    one = np.zeros((4, 4), np.uint8)
    one[2:] = 255
    assert check_masks(one, 3, 4, 4).shape == (3, 1, 4, 4) and check_masks(one, 3, 4, 4).sum() == 24
    with pytest.raises(UserError, match="shape 4 x 4: give one of 5 x 4 numbers"):
        check_masks(one, 3, 5, 4)
    with pytest.raises(UserError, match="picture 1 .counted from 0. nothing is hidden"):
        check_masks(np.stack([one, one * 0]), 2, 4, 4)


def test_on_digits_the_optimised_code_beats_the_encoders():
    """The bundled model of 8x8 digits, on its test split: fewer nats for the lower half than the other methods."""
    from vae_core.config import DataConfig
    from vae_core.data import load

    checkpoint = checkpoints.load(checkpoints.bundled() / "digits-vae-2d")
    x = load(DataConfig()).test.x[:60].numpy()
    task = Completer(checkpoint).task(x, np.broadcast_to(hidden_part("lower-half", 8, 8), (60, 1, 8, 8)))
    nats = {
        name: missing_nats(checkpoint.vae, task, method(checkpoint.vae, task, 50, 0))[0].mean().item()
        for name, method in METHODS.items()
    }
    ours = nats["optimised, 150 steps"]
    assert nats["sees all"] < ours < min(nats["pseudo-Gibbs"], nats["encode once"])
