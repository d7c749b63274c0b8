"""The scikit-learn estimator: scikit-learn's own checks, a Pipeline, and a density that is one."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from vae_core.errors import UserError
from vae_core.estimator import VAEEstimator
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


def test_a_column_of_texts_is_named():
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4] * 5, "colour": list("xyxy") * 5})
    with pytest.raises(UserError, match="The column 'colour' holds texts or categories.*OneHotEncoder"):
        VAEEstimator(max_iter=2).fit(frame)
