"""Models of tables: the likelihood `columns`, its rules, every preset, training, checkpoints and figures."""

import math

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Generator

from tests.helpers.preset_helpers import OF_NUMBERS
from vae_core import VAE, build_run, load_checkpoint, read_table
from vae_core.axes.compatibility import refuse_data
from vae_core.checkpoints import info
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.data.tables.columns import decode
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.jobs.measurement import subject_of
from vae_core.metrics import evaluate
from vae_core.models.build import build
from vae_core.objectives import StepContext
from vae_core.presets.papers import PRESETS
from vae_core.presets.run_config import RunConfig
from vae_core.training.data_checks import check_fit
from vae_core.training.fit import fit

COLUMNS = {"shape": (9,), "columns": (1, 3, 1, 2), "missing": (1, 2), "likelihood": "columns"}


def config(**changes):
    return ModelConfig(**{**COLUMNS, "latent_dim": 2, "hidden": (16,), **changes})


def frame(rows=300, seed=0):
    """Two numbers, a category and a choice that all follow one hidden number; a sixth of two columns is missing."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=rows)
    found = pd.DataFrame(
        {
            "height": (170 + 10 * hidden + rng.normal(0, 1, rows)).round(1),
            "size": np.where(hidden < -0.5, "S", np.where(hidden < 0.5, "M", "L")),
            "weight": (70 + 12 * hidden + rng.normal(0, 3, rows)).round(0),
            "tall": np.where(hidden > 0, "yes", "no"),
        }
    )
    found.loc[rng.random(rows) < 1 / 6, "size"] = None
    found.loc[rng.random(rows) < 1 / 6, "weight"] = np.nan
    return found


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    data = read_table(frame())
    run = build_run(
        "vae", DataConfig(), data.shape, 0, **data.layout_settings, epochs=60, latent_dim=1, precision="fp32"
    )
    vae = build(run.model, 0)
    *_, done = fit(vae, data, run, folder=folder)
    assert done.kind == "done", done
    return folder, data, vae


def test_the_bias_starts_at_the_mean():
    vae = build(config())
    mean = torch.tensor([0.3, 0.5, 0.2, 0.2, -0.1, 0.25, 0.75, 0.1, 0.2])
    vae.init_from_mean(mean)
    with torch.no_grad():
        vae.decoder.layers[-1].weight.zero_()
    made = vae.decode(torch.zeros(1, 2)).mean[0]
    expected = mean.clone()
    expected[1:4] /= 0.9  # of the tenth of the rows that lack it nothing is known
    expected[7:] = 0
    torch.testing.assert_close(made, expected)


def test_sigma_is_learnt_for_each_number_and_has_a_floor():
    likelihood = build(config(sigma=0.3)).likelihood
    assert torch.allclose(likelihood.sigma, torch.full((2,), 0.3)) and likelihood.log_sigma.requires_grad
    with torch.no_grad():
        likelihood.log_sigma.fill_(-20)
    assert (likelihood.sigma == 0.01).all()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"shape": (8,)}, r"set shape to \(9,\)"),
        ({"missing": (2, 1)}, "each once and in order"),
        ({"missing": (1, 7)}, "each once and in order"),
        ({"likelihood": "gaussian_learned"}, "knows neither categories nor missing values"),
        ({"shape": (2,), "columns": (1, 1), "missing": (), "likelihood": "bernoulli"}, "for a table choose likelihood"),
        ({"columns": (), "missing": ()}, "'columns' is for the columns of a table"),
        ({"shape": (1, 3, 3), "columns": (), "missing": ()}, "'columns' is for the columns of a table"),
        ({"network": "conv"}, "needs pictures"),
    ],
)
def test_wrong_combinations_are_refused_in_one_sentence(changes, says):
    with pytest.raises(UserError, match=says):
        build(config(**changes))


def test_numbers_alone_may_have_another_likelihood():
    vae = build(ModelConfig(shape=(2,), columns=(1, 1), likelihood="laplace", hidden=(8,)))
    assert vae.config.kind == "row" and vae.generate(3).shape == (3, 2)


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_every_preset_builds_dense_layers_for_rows_or_says_why_not(name):
    settings = {"columns": COLUMNS["columns"], "missing": COLUMNS["missing"]}
    preset = PRESETS[name]
    changed = dict(preset.changes)
    if "likelihood" in changed or preset.objective.needs_images or changed.get("network") in ("residual", "grid"):
        with pytest.raises(UserError, match=r"columns|tables"):
            build_run(name, DataConfig(), (9,), 4, **settings)
        return
    run = build_run(name, DataConfig(), (9,), 4, **settings)
    assert run.model.likelihood == "columns" and run.model.network in ("mlp", "tied")
    vae = build(run.model, 1)
    x, y = torch.zeros(6, 9), torch.arange(6) % 4
    x[:, [0, 1, 4, 5]] = 1
    for progress in (0.1, 0.9):  # of two models one learns after the other
        terms = run.objective(
            vae, x, y, StepContext(progress, Generator().manual_seed(0), critic=run.objective.critic(vae))
        )
        assert math.isfinite(terms.loss.item())


def test_a_model_learns_what_the_columns_share(trained):
    folder, data, vae = trained
    figures = evaluate(vae, data.test)
    assert figures["active_units"] == 1 and figures["mse"] < 0.35
    assert figures["bits_per_dim"] == pytest.approx(-figures["elbo"] / (math.log(2) * 4))
    codes = vae.encode(data.test.x).mean[:, 0]
    height = torch.tensor(data.cells(data.test.x)["height"])
    assert abs(np.corrcoef(codes.detach(), height)[0, 1]) > 0.9


def test_what_is_missing_is_filled_from_the_other_columns(trained):
    _, data, vae = trained
    whole, without = data.test.x.clone(), data.test.x.clone()
    kept = (whole[:, -1] == 0).nonzero()[:, 0]
    place = data.layout.parts[2]
    without[:, place], without[:, -1] = 0, 1
    guess = vae.reconstruct(without)[kept][:, place]
    assert (guess - whole[kept][:, place]).abs().mean() < 0.6 * whole[kept][:, place].abs().mean()


def test_a_missing_value_changes_neither_the_distortion_nor_the_squared_error(trained):
    _, data, vae = trained
    row = next(row for row in data.test.x if row[-1] == 1)
    p = vae.decode(torch.zeros(1, 1))
    moved = row.clone()
    moved[data.layout.parts[2]] = 5.0  # never seen, since the flag says that it is missing
    assert torch.equal(p.log_prob(row[None]), p.log_prob(moved[None]))
    assert vae.likelihood.observed(row)[data.layout.parts[2]] == 0 and vae.likelihood.observed(row)[-1] == 0


def test_the_checkpoint_keeps_units_and_names(trained):
    folder, data, _ = trained
    assert info(folder).columns == data.columns
    model = Explorer.open(folder)
    cells = decode(model.info.columns, model.sampled(model.prior_samples(50, 0), seed=1))
    assert set(cells["size"]) <= {"S", "M", "L"} and set(cells["tall"]) <= {"yes", "no"}
    assert 140 < min(cells["height"]) < max(cells["height"]) < 210 and all(isinstance(w, int) for w in cells["weight"])
    assert np.array_equal(model.sampled(np.zeros((2, 1))), model.sampled(np.zeros((2, 1))))
    reading = model.analyse(data.test.x[0].numpy())
    assert reading.reconstruction.shape == (9,) and math.isfinite(reading.distortion)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda columns: columns[:2], "not those that its model takes"),
        (lambda columns: [{**one, "name": "same"} for one in columns], "the same name"),
        (lambda columns: [{**columns[0], "scale": 0}, *columns[1:]], "one of its columns is wrong: scale"),
        (lambda columns: "height", "not a list"),
    ],
)
def test_damaged_columns_are_refused(change, says, trained, tmp_path):
    import json
    import shutil

    folder = shutil.copytree(trained[0], tmp_path / "copy")
    told = json.loads((folder / "run.json").read_text())
    told["columns"] = change(told["columns"])
    (folder / "run.json").write_text(json.dumps(told))
    with pytest.raises(UserError, match=says):
        load_checkpoint(folder)


def test_a_table_that_has_changed_is_refused(trained):
    folder, data, _ = trained
    other = read_table(frame(seed=1))
    with pytest.raises(UserError, match="The table has changed"):
        subject_of(load_checkpoint(folder), other)
    assert subject_of(load_checkpoint(folder), data).encoded.mean.shape == (45, 1)
    fewer = read_table(frame()[["height", "weight"]])
    with pytest.raises(UserError, match=r"shape \(9,\)"):
        check_fit(RunConfig(model=config()), fewer)
    reordered = read_table(frame()[["weight", "size", "height", "tall"]])
    with pytest.raises(UserError, match="other columns"):
        check_fit(RunConfig(model=config()), reordered)
    assert refuse_data.__doc__


def test_fit_takes_a_frame_or_a_dataset():
    data = read_table(frame())
    model = VAE(ModelConfig(shape=data.shape, hidden=(16,), likelihood="columns", **data.layout_settings))
    torch.manual_seed(0)
    by_frame = model.fit(frame(), epochs=2)
    by_data = VAE(model.config).fit(data, epochs=2)
    made = pd.DataFrame(data.cells(by_data.generate(5)))
    assert list(made) == ["height", "size", "weight", "tall"] and len(made) == 5
    assert by_frame.generate(3).shape == (3, 9)
    with pytest.raises(UserError, match="other columns|shape"):
        VAE(model.config).fit(frame()[["height", "weight"]], epochs=1)


def test_a_training_can_be_resumed(tmp_path):
    data = read_table(frame())
    run = RunConfig(model=config(), train=TrainConfig(epochs=4, batch_size=64))
    *_, done = fit(build(run.model, 0), data, run, folder=tmp_path)
    more = run.replace(train=run.train.replace(epochs=6))
    *_, after = fit(build(run.model, 0), data, more, folder=tmp_path, resume=True)
    assert (done.epoch, after.epoch) == (4, 6)


def test_a_model_takes_frames_and_gives_their_units():
    first = frame()
    data = read_table(first)
    model = VAE(ModelConfig(shape=data.shape, hidden=(16,), likelihood="columns", **data.layout_settings))
    with pytest.warns(UserWarning, match="'size' has .* missing values"):
        model.fit(first, epochs=2)
    codes = model.encode(first.head(7)).mean
    assert codes.shape == (7, 2)
    again = model.cells(model.reconstruct(first.head(7)))
    assert list(again) == list(first) and set(again["size"]) <= {"S", "M", "L"}
    with pytest.raises(UserError, match="'size' has no value 'XL'"):
        model.encode(first.head(3).assign(size="XL"))


def test_a_conditional_model_takes_a_frame_and_labels():
    columns, labels = frame()[["height", "weight"]], frame()["tall"]
    data = read_table(columns)
    settings = {"shape": data.shape, "hidden": (16,), "likelihood": "columns", "classes": 2, **data.layout_settings}
    model = VAE(ModelConfig(**settings)).fit((columns, labels), epochs=1)
    assert model.classes == ("no", "yes") and model.generate(4).shape == (4, 3)
    for given, says in ((columns, "conditional"), ((columns, labels[:5]), "5 labels for 300 rows")):
        with pytest.raises(UserError, match=says):
            VAE(ModelConfig(**settings)).fit(given, epochs=1)
