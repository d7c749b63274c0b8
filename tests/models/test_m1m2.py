"""M1+M2: M1 trains first, then M2; the figures are bounds; unlabelled images help the classifier."""

import math

import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch import Generator

from vae_core.config import DataConfig, ModelConfig
from vae_core.data.base import Dataset, Split
from vae_core.errors import UserError
from vae_core.metrics import nll_each, terms_of
from vae_core.metrics.classification import classifier_error
from vae_core.models.build import build
from vae_core.models.vae import VAE
from vae_core.objectives import Elbo, StepContext
from vae_core.objectives.semi_supervised import M1M2Objective, M2Objective
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.training.batches import mask_labels
from vae_core.training.events import Done
from vae_core.training.fit import fit

X = torch.rand(12, 1, 4, 4, generator=Generator().manual_seed(5))
Y = torch.arange(12) % 3
BOTH = {"classes": 3, "classifier": "mlp"}


def noise(seed=0):
    return Generator().manual_seed(seed)


def model(**changes):
    return build(ModelConfig(shape=(1, 4, 4), hidden=(16,), first=6, **BOTH, **changes), 0)


def test_m1_trains_first_and_is_then_frozen():
    vae = model()
    for progress, learns in ((0.1, vae.first), (0.9, vae.second)):
        vae.zero_grad()
        M1M2Objective(share=0.5)(vae, X, torch.where(Y > 0, Y, -1), StepContext(progress, noise())).loss.backward()
        moved = {name for name, p in vae.named_parameters() if p.grad is not None and p.grad.abs().sum() > 0}
        mine = "first." if learns is vae.first else "second."
        assert moved == {name for name, _ in vae.named_parameters() if name.startswith(mine)}


def test_the_first_phase_is_minus_elbo_of_m1():
    vae = model()
    terms = M1M2Objective()(vae, X, Y, StepContext(0.0, noise()))
    plain = Elbo()(vae.first, X, None, StepContext(0.0, noise()))
    assert terms.loss == plain.loss and terms.rate == 0 and terms.distortion == plain.loss


def test_the_second_phase_is_m2s_loss_on_sampled_codes():
    vae = model()
    terms = M1M2Objective(alpha=3)(vae, X, Y, StepContext(0.9, noise()))
    follow = noise()
    with torch.no_grad():
        q, z, p = vae.first.forward(X, None, follow)
    second = M2Objective(alpha=3)(vae.second, z, Y, StepContext(0.9, follow))
    cost = (q.log_prob(z) - p.log_prob(X)).mean()
    torch.testing.assert_close(terms.loss, second.loss + cost)
    torch.testing.assert_close(terms.distortion, second.distortion + cost)
    assert terms.rate == second.rate


def test_the_log_likelihood_of_a_code_is_a_lower_bound():
    """ln p(x|z) by importance samples of M1's codes, compared with its lower bound."""
    vae = model().eval()
    z = torch.randn(12, vae.config.latent_dim, generator=noise(1))
    with torch.no_grad():
        p, q = vae.decode(z, Y), vae.first.encode(X)
        codes = q.sample((4000,))
        weights = p.codes.log_prob(codes) + vae.first.log_likelihood(X, codes) - q.log_prob(codes)
        truth = weights.logsumexp(0) - math.log(4000)
        assert p.log_prob(X).mean() < truth.mean()
        assert (weights.mean(0) - p.log_prob(X)).abs().mean() < 0.5  # the bound itself, of many draws and of one


def test_the_noise_of_m1_depends_on_the_codes_only():
    vae = model()
    z = torch.randn(12, vae.config.latent_dim, generator=noise(3))
    with torch.no_grad():
        once, again, beside = (vae.decode(codes, Y).log_prob(X) for codes in (z, z, z + 1e-5))
    assert torch.equal(once, again)
    assert (once - beside).abs().median() > 0.01  # the codes moved by nothing: what differs is another draw of z1


def test_m1m2_has_every_method_of_a_vae():
    vae = model().eval()
    assert isinstance(vae, VAE) and vae.encode(X, Y).mean.shape == (12, 2)
    assert vae.reconstruct(X, Y).shape == X.shape and vae.generate(4, generator=noise()).shape == (4, 1, 4, 4)
    torch.testing.assert_close(vae.classify(X).exp().sum(1), torch.ones(12))
    with torch.no_grad():
        assert torch.equal(vae.decode(torch.zeros(3, 2), Y[:3]).mean, vae.decode(torch.zeros(3, 2), Y[:3]).mean)
        found = terms_of(vae, Split(X, Y, None))
    assert found.elbo.shape == (12,)
    likely = nll_each(vae, Split(X, Y, None), samples=50)
    assert likely.mean() < -found.elbo.mean() + 0.2  # untrained, the code says next to nothing: the two nearly agree


def test_incompatible_settings_are_refused():
    with pytest.raises(UserError, match="choose classifier='mlp'"):
        build(ModelConfig(first=6, classes=3))
    with pytest.raises(UserError, match="set first"):
        RunConfig(model=ModelConfig(**BOTH), objective=M1M2Objective())
    with pytest.raises(UserError, match="or the objective 'stacked'"):
        RunConfig(model=ModelConfig(**BOTH, first=6), objective=M2Objective())
    assert RunConfig(model=ModelConfig(**BOTH, first=6), data=DataConfig(labelled=5), objective=M1M2Objective())


def pictures(count, seed):
    """Two classes that differ in the grey level of the upper half; the lower half is independent of the class."""
    g, labels = noise(seed), torch.arange(count) % 2
    sign = 0.2 + 0.6 * labels[:, None] + 0.05 * torch.randn(count, 1, generator=g)
    halves = torch.cat([sign.expand(-1, 8), torch.rand(count, 1, generator=g).expand(-1, 8)], 1)
    x = (halves + 0.03 * torch.randn(count, 16, generator=g)).clamp(0, 1)
    return Split((255 * x).byte().reshape(count, 1, 4, 4), labels)


def test_unlabelled_images_halve_the_error_of_a_classifier_of_two_labelled_ones():
    data = Dataset("signs", "Signs", pictures(600, 0), pictures(50, 1), pictures(400, 2), ("low", "high"))
    config = DataConfig(labelled=2, seed=3)
    told = mask_labels(data.train.labels, config) >= 0
    line = LogisticRegression(C=100).fit(data.train.x[told].flatten(1) / 255, data.train.labels[told])
    alone = 1 - line.score(data.test.x.flatten(1) / 255, data.test.labels)
    settings = {
        "hidden": (32,),
        "first": 3,
        "latent_dim": 1,
        "share": 0.5,
        "epochs": 60,
        "lr": 1e-2,
        "precision": "fp32",
    }
    run = build_run("m1-m2", config, data.shape, 2, **settings)
    vae = build(run.model, 0)
    assert isinstance([*fit(vae, data, run)][-1], Done)
    assert alone > 0.1 and classifier_error(vae, data.test).value < alone / 2
