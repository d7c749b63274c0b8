"""Missing cells filled in by a VAE and by scikit-learn's imputers: the same holes, learnt from the same rows."""

import numpy as np
import pytest

from vae_core.checkpoints import Checkpoint, CheckpointInfo, Latents
from vae_core.completion.imputation import holed, imputed, imputed_by, imputing_run, rmse, trained
from vae_core.completion.imputer_comparison import OURS, compare_imputers, some_known
from vae_core.completion.imputers import IMPUTERS, with_nan
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.presets.build_run import build_run


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


def test_a_model_of_holed_rows_fills_better_than_the_mean(wine):
    run = imputing_run(
        wine.data, hidden=(32,), decoder_hidden=(), latent_dim=4, epochs=80, lr=1e-2, batch_size=64, samples=5
    )
    vae = trained(run, wine.data)
    truth, hidden = wine.truth("test")
    filled = imputed(vae, wine.data.test.x, wine.number_places)
    assert rmse(filled, truth, hidden) < 0.95 * rmse(imputed_by("SimpleImputer", wine, "test"), truth, hidden)


def test_the_error_is_in_standard_deviations():
    truth, hidden = np.zeros((2, 2)), np.array([[True, False], [True, True]])
    assert rmse(np.array([[1.0, 9.0], [-1.0, 2.0]]), truth, hidden) == pytest.approx(2**0.5)


@pytest.fixture(scope="module")
def model_of_wine(tmp_path_factory):
    data = load(DataConfig(dataset="wine"))
    run = build_run("vae", DataConfig(dataset="wine"), data.shape, 3, epochs=60, latent_dim=4, **data.layout_settings)
    vae = trained(run, data)
    codes = vae.encode(data.test.x).mean.detach().numpy()
    info = CheckpointInfo(tmp_path_factory.mktemp("made"), run, {}, {}, (), {}, columns=data.columns)
    return Checkpoint(info, vae, Latents(codes, codes * 0 + 1, data.test.labels.numpy())), data


def test_the_model_and_the_imputers_fill_the_same_cells(model_of_wine):
    checkpoint, data = model_of_wine
    shares = []
    found = compare_imputers(checkpoint, data, progress=shares.append)
    assert [*found.errors] == sorted(found.errors, key=found.errors.get) and {*found.errors} == {OURS, *IMPUTERS}
    assert found.cells == round(0.2 * len(data.test) * 13) and shares == sorted(shares) and 0 < shares[0] < 1
    assert found.errors[OURS] < found.errors["SimpleImputer"]
    hidden = some_known(np.ones((len(data.test), 13)), 0)
    mean = np.square(data.test.x[:, :13].numpy()[hidden] - data.train.x[:, :13].mean(0).numpy()[hidden.nonzero()[1]])
    assert found.errors["SimpleImputer"] == pytest.approx(np.sqrt(mean.mean()), abs=1e-5)


def test_only_known_cells_are_hidden():
    values = np.where(np.arange(40).reshape(10, 4) % 3 == 0, np.nan, 1.0)
    hidden = some_known(values, 3)
    assert hidden.sum() == round(0.2 * 26) and not np.isnan(values[hidden]).any()


def test_missing_values_are_nan_for_the_imputers(wine):
    rows = wine.data.test.x.double().numpy()
    assert np.array_equal(np.isnan(with_nan(rows, wine.data.layout)), wine.truth("test")[1])
