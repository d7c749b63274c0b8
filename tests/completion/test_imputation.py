"""Missing cells filled in by a VAE and by scikit-learn's imputers: the same holes, learnt from the same rows."""

import numpy as np
import pytest

from vae_core.completion.imputation import IMPUTERS, holed, imputed, imputed_by, imputing_run, rmse, trained
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError


@pytest.fixture(scope="module")
def wine():
    return holed(load(DataConfig(dataset="wine")), seed=1)


def test_a_fifth_of_the_cells_is_hidden_and_flagged(wine):
    truth, hidden = wine.truth("train")
    rows, layout = wine.data.train.x, wine.data.layout
    assert truth.shape == hidden.shape == (len(rows), 13) and 0.17 < hidden.mean() < 0.23
    shown = rows[:, wine.number_places].numpy()
    assert (shown[hidden] == 0).all() and np.allclose(shown[~hidden], truth[~hidden])
    assert np.array_equal(rows[:, layout.flags].numpy() > 0.5, hidden)


def test_imputers_keep_what_is_known_and_see_no_hidden_cell(wine):
    for name in IMPUTERS:
        first = imputed_by(name, wine, "test")
        truth, hidden = wine.truth("test")
        assert np.allclose(first[~hidden], truth[~hidden]), name
        assert not np.allclose(first[hidden], truth[hidden])
    with pytest.raises(UserError, match="without missing values"):
        holed(wine.data)


def test_a_linear_vae_fills_better_than_the_mean(wine):
    run = imputing_run(wine.data, hidden=(), latent_dim=8, epochs=60, lr=1e-2, batch_size=64)
    vae = trained(run, wine.data)
    truth, hidden = wine.truth("test")
    filled = imputed(vae, wine.data.test.x, wine.number_places)
    assert rmse(filled, truth, hidden) < 0.95 * rmse(imputed_by("SimpleImputer", wine, "test"), truth, hidden)


def test_the_error_is_in_standard_deviations():
    truth, hidden = np.zeros((2, 2)), np.array([[True, False], [True, True]])
    assert rmse(np.array([[1.0, 9.0], [-1.0, 2.0]]), truth, hidden) == pytest.approx(2**0.5)
