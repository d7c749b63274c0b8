"""Features of a data set: what they hold, what is hidden from them, and the code that comes to the same scores."""

import contextlib
import csv
import io
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.features import comparison, features_job
from vae_core.features.comparison import PLACES, compare, subset
from vae_core.features.feature_table import SUFFIXES, FeatureTable, content, feature_table
from vae_core.features.features_job import FeaturesJob
from vae_core.features.pipeline_code import code
from vae_core.features.predictors import PREDICTORS, suited
from vae_core.features.targets import LABEL, chosen, targets, targets_of
from vae_core.models.build import build
from vae_core.presets.build_run import build_run

DIGITS = load(DataConfig())


@pytest.fixture(scope="module")
def digits() -> FeatureTable:
    return feature_table(Explorer.open(checkpoints.bundled() / "digits-vae-2d"), DIGITS)


@pytest.fixture(scope="module")
def wine() -> Explorer:
    """An untrained model of a table."""
    data = load(DataConfig(dataset="wine"))
    run = build_run("vae", DataConfig(dataset="wine"), data.shape, 0, latent_dim=3, **data.layout_settings)
    latents = checkpoints.Latents(np.zeros((1, 3), np.float32), np.ones((1, 3), np.float32), np.zeros(1, np.int64))
    info = checkpoints.CheckpointInfo(Path(), run, {}, {}, data.classes, {}, data.columns)
    return Explorer(checkpoints.Checkpoint(info, build(run.model, 0), latents))


def test_codes_of_the_test_split_are_those_of_the_model(digits: FeatureTable) -> None:
    model = Explorer.open(checkpoints.bundled() / "digits-vae-2d")
    assert np.allclose(digits.codes[digits.split == "test"], model.latents.mean, atol=1e-4)
    assert {name: int((digits.split == name).sum()) for name in ("train", "val", "test")} == {
        "train": len(DIGITS.train), "val": len(DIGITS.val), "test": len(DIGITS.test)}  # fmt: skip
    assert digits.raw.shape == (len(digits.codes), 64) and digits.raw.max() <= 1
    assert [*digits.table] == ["number", "split", "label", "z1", "z2"]


def test_a_column_to_be_predicted_is_hidden_from_the_codes(wine: Explorer) -> None:
    data = load(DataConfig(dataset="wine"))
    target = chosen(data, "alcohol")
    before = feature_table(wine, data, target)
    data.test.x[:, target.column] += 3
    after = feature_table(wine, data, target)
    assert np.array_equal(before.codes, after.codes) and np.array_equal(before.raw, after.raw)
    assert before.raw.shape[1] == data.shape[0] - 1
    test = before.split == "test"
    assert not np.allclose(before.known["alcohol"][test], after.known["alcohol"][test])
    assert 10 < before.known["alcohol"].mean() < 16, "in the unit of the table"
    seen = feature_table(wine, data)
    assert not np.array_equal(seen.codes, after.codes)


def test_targets_of_shapes_are_its_factors() -> None:
    found = targets(load(DataConfig(dataset="shapes")))
    assert [*found] == [LABEL, "scale", "rotation", "x", "y"]
    assert {one.kind for one in found.values()} == {"class", "number"}
    assert targets_of(checkpoints.info(checkpoints.bundled() / "shapes-beta-10d")) == found
    assert targets_of(checkpoints.info(checkpoints.bundled() / "digits-vae-2d")) == targets(DIGITS)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_is_read_again(suffix: str, digits: FeatureTable, tmp_path: Path) -> None:
    path = tmp_path / f"codes{suffix}"
    path.write_bytes(content(digits.table, path))
    if suffix == ".csv":
        rows = [*csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))]
        found = np.array([[row["z1"], row["z2"]] for row in rows], np.float32)
    elif suffix == ".npz":
        with np.load(path, allow_pickle=False) as archive:
            found = np.column_stack([archive["z1"], archive["z2"]])
    else:
        read = parquet.read_table(path)
        found = np.column_stack([read["z1"].to_numpy(), read["z2"].to_numpy()])
    assert np.array_equal(found, digits.codes)


@pytest.mark.parametrize(
    ("suffix", "predictor"), [(".csv", "logistic"), (".parquet", "neighbours"), (".npz", "logistic")]
)
def test_the_code_comes_to_the_same_score(suffix: str, predictor: str, digits: FeatureTable, tmp_path: Path) -> None:
    path, target = tmp_path / f"codes{suffix}", chosen(DIGITS, LABEL)
    path.write_bytes(content(digits.table, path))
    ours = next(compare(digits, target, [predictor]))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code(str(path), suffix, target, predictor, len(ours.folds)), {})  # noqa: S102
    assert float(printed.getvalue()) == pytest.approx(ours.mean, abs=1e-12)


def test_the_code_of_a_number_comes_to_the_same_score(wine: Explorer, tmp_path: Path) -> None:
    data = load(DataConfig(dataset="wine"))
    target = chosen(data, "alcohol")
    table = feature_table(wine, data, target)
    path = tmp_path / "codes.csv"
    path.write_bytes(content(table.table, path))
    for predictor in ("ridge", "neighbours-regressor"):
        ours = next(compare(table, target, [predictor]))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code(str(path), ".csv", target, predictor, len(ours.folds)), {})  # noqa: S102
        assert float(printed.getvalue()) == pytest.approx(ours.mean, abs=1e-9)


@pytest.mark.parametrize("predictor", PREDICTORS)
def test_the_code_of_a_predictor_builds_what_is_made(predictor: str) -> None:
    scope: dict[str, object] = {}
    one = PREDICTORS[predictor]
    exec("\n".join((*one.imports, f"model = {one.code}")), scope)  # noqa: S102
    assert repr(scope["model"]) == repr(one.make())


def test_scores_are_of_unseen_examples_on_each_kind_of_features(
    digits: FeatureTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, shares = chosen(DIGITS, LABEL), []
    found = {score.place: score for score in compare(digits, target, ["neighbours"], shares.append)}
    assert [*found] == [*PLACES] and shares[-1] == 1
    assert found["raw"].mean > 0.8 > found["pca"].mean, "two numbers of PCA hold less than 64 pixels"
    assert found["codes"].mean > found["pca"].mean, (
        "a trained code of two numbers separates digits better than PCA of two"
    )
    assert set(digits.split[subset(digits, target)]) == {"test"}
    monkeypatch.setattr(comparison, "MOST", 50)
    assert next(compare(digits, target, ["neighbours"])).examples == 50


def test_what_cannot_be_is_refused(digits: FeatureTable, wine: Explorer) -> None:
    with pytest.raises(UserError, match="known are label"):
        chosen(DIGITS, "colour")
    with pytest.raises(UserError, match="cannot predict"):
        next(compare(digits, chosen(DIGITS, LABEL), ["ridge"]))
    with pytest.raises(UserError, match="another shape"):
        feature_table(wine, DIGITS)
    with pytest.raises(UserError, match="must end in"):
        content(digits.table, Path("codes.xls"))
    with pytest.raises(UserError, match="told the class"):
        feature_table(Explorer.open(checkpoints.bundled() / "mnist-cvae-2d"), DIGITS)
    assert {*suited("class")} | {*suited("number")} == {*PREDICTORS}


def test_the_job_writes_what_is_read_again(home: Path) -> None:
    info = checkpoints.info(checkpoints.bundled() / "digits-vae-2d")
    job = FeaturesJob.of(info, LABEL)
    job.result.parent.mkdir(parents=True, exist_ok=True)
    features_job.main(str(info.folder), LABEL, str(job.result))
    found = job.load()
    assert found is not None and len(found.lines) == 9
    assert 0.5 < found.of("logistic", "codes").mean < 1
