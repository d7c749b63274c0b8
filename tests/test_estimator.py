"""The scikit-learn estimator: scikit-learn's own checks, a Pipeline, and a density that is one."""

import numpy as np
import pandas
import pytest
import scipy.sparse
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from vae_core.errors import UserError
from vae_core.estimator import VAEEstimator
from vae_core.objectives.factorvae_aae_vaegan import FactorVae
from vae_core.objectives.infovae_wae_mmd import Wae


@parametrize_with_checks([VAEEstimator(hidden=(8,), random_state=0)])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


def test_a_pipeline_classifies_digits_and_regresses():
    digits = load_digits()
    train, test = np.arange(0, 1797, 2), np.arange(1, 1797, 2)
    x = digits.data / 16
    vae = VAEEstimator(10, hidden=(128,), likelihood="bernoulli", max_iter=60, batch_size=64, random_state=0)
    pipeline = make_pipeline(vae, LogisticRegression(max_iter=1000)).fit(x[train], digits.target[train])
    assert pipeline.score(x[test], digits.target[test]) > 0.85
    assert list(pipeline[:-1].get_feature_names_out())[:2] == ["vaeestimator0", "vaeestimator1"]
    error = np.square(vae.inverse_transform(vae.transform(x[test])) - x[test]).mean()
    assert error < 0.6 * x.var(0).mean()
    assert make_pipeline(vae, Ridge()).fit(x[train], digits.target[train]).predict(x[test]).shape == (898,)


def test_the_density_integrates_to_one_in_the_datas_own_units():
    noise = np.random.default_rng(0)
    x = noise.normal(5, 20, (400, 1))
    vae = VAEEstimator(1, hidden=(16,), max_iter=60, random_state=0, samples=200).fit(x)
    line = np.linspace(-150, 160, 2000)[:, None]
    assert np.trapezoid(np.exp(vae.score_samples(line)), line[:, 0]) == pytest.approx(1.0, abs=0.1)
    truth = -0.5 * np.log(2 * np.pi * np.e * 400)
    assert vae.score(noise.normal(5, 20, (4000, 1))) == pytest.approx(truth, abs=0.1)
    drawn = vae.sample(4000, random_state=1)
    assert drawn.mean() == pytest.approx(5, abs=3) and drawn.std() == pytest.approx(20, abs=3)


def test_other_objectives_and_a_search_over_settings():
    x = np.random.default_rng(0).normal(size=(90, 3))
    wae = VAEEstimator(2, hidden=(8,), objective=Wae(), max_iter=5, random_state=0).fit(x)
    assert wae.score_samples(x).shape == (90,)
    search = GridSearchCV(VAEEstimator(hidden=(8,), max_iter=5, random_state=0), {"latent_dim": [1, 2]}, cv=2).fit(x)
    assert search.best_params_["latent_dim"] in (1, 2)
    with pytest.raises(ValueError, match="known are bernoulli"):
        VAEEstimator(likelihood="poisson").fit(x)


ROWS = np.random.default_rng(0).normal(size=(60, 3))


def small(**settings):
    return VAEEstimator(**{"hidden": 8, "max_iter": 2, "random_state": 0, **settings})


@pytest.mark.parametrize("kind", [torch.tensor, scipy.sparse.csr_matrix, pandas.DataFrame, list])
def test_rows_of_every_kind_are_the_same(kind):
    wanted = small().fit(ROWS).transform(ROWS)
    assert np.allclose(small().fit(kind(ROWS)).transform(kind(ROWS)), wanted)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: small(max_iter=0).fit(ROWS), "max_iter is 0"),
        (lambda: small(batch_size=2.5).fit(ROWS), "batch_size is 2.5"),
        (lambda: small(samples=-1).fit(ROWS), "samples is -1"),
        (lambda: small(learning_rate=0).fit(ROWS), "learning_rate is 0"),
        (lambda: small(learning_rate="fast").fit(ROWS), "learning_rate is fast"),
        (lambda: small(hidden="wide").fit(ROWS), "hidden"),
        (lambda: small(latent_dim=0).fit(ROWS), "latent_dim"),
        (lambda: small(objective=FactorVae()).fit(ROWS), "trains a critic"),
        (lambda: small().fit(ROWS[:0]), "0 sample"),
        (lambda: small().fit(ROWS[:, 0]), "1D array"),
        (lambda: small().fit([["red", "blue"]] * 9), "could not convert"),
        (lambda: small().fit(ROWS).transform(ROWS[:, :2]), "2 features"),
        (lambda: small().fit(ROWS).inverse_transform(ROWS), "3 features, but codes of this model have 2"),
        (lambda: small(likelihood="bernoulli").fit(ROWS), "scale other columns with MinMaxScaler"),
        (lambda: small(likelihood="beta_binomial").fit(ROWS % 1), "none of the 256 levels"),
        (lambda: small(likelihood="bernoulli").fit(ROWS % 1).transform(ROWS % 1 * 255), "divide pixels by 255"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(call, said):
    with pytest.raises(UserError, match=said):
        call()


def test_rows_a_little_outside_the_training_set_are_no_mistake():
    model = small(likelihood="bernoulli").fit(np.clip(ROWS, 0, 1))
    assert np.isfinite(model.score_samples(ROWS[:5] % 1 * 1.2)).all()


def test_columns_of_any_scale_count_and_constant_ones_do_not():
    x = np.hstack([ROWS * 1e-12, np.full((60, 1), 0.1 + 0.2), ROWS[:, :1] * 1e12 + 1e12])
    model = small().fit(x)
    assert model.scale_[:3] == pytest.approx(x[:, :3].std(0)) and model.scale_[3] == 1
    assert model.scale_[4] == pytest.approx(x[:, 4].std())


def test_codes_that_are_no_numbers_are_a_failed_training(monkeypatch):
    def broken(self, vae, *rest):
        next(vae.parameters()).data.fill_(float("nan"))
        return 1.0

    monkeypatch.setattr(VAEEstimator, "_train", broken)
    with pytest.raises(UserError, match="codes of the training rows are no longer numbers.*learning_rate=1000"):
        small(learning_rate=1000).fit(ROWS)


def test_a_column_of_texts_is_named():
    frame = pandas.DataFrame({"a": [1.0, 2, 3, 4] * 5, "colour": list("xyxy") * 5})
    with pytest.raises(UserError, match="The column 'colour' holds texts or categories.*OneHotEncoder"):
        small().fit(frame)
