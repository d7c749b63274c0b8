"""The tables behind the CSV buttons: they hold what the pages show, and decode to it again."""

import csv
import io

import numpy as np
import pytest

from vae_core.export.csv_files import csv_file
from vae_core.runs import Series
from vae_ui.base.csv_download import codes
from vae_ui.compare import files
from vae_ui.comparison import side_by_side, tables
from vae_ui.decode import sliders
from vae_ui.generate import samples
from vae_ui.interpolate import path
from vae_ui.latent_space.codes_file import codes_of_map
from vae_ui.train import curves_file
from vae_ui.traverse import rows
from vae_ui.widgets import decoded_traversals, model_cache

NAME = "digits-vae-2d"


def read(table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_file(table).decode("utf-8-sig"), newline="")))


def z_of(lines: list[dict[str, str]]) -> np.ndarray:
    return np.array([[float(line["z1"]), float(line["z2"])] for line in lines], np.float32)


def test_rows_of_a_traversal_decode_to_their_images(home):
    model = model_cache.explorer(NAME)
    found = decoded_traversals.traversal(model, np.zeros(2, np.float32), 3.0, 5, None)
    lines = read(rows.codes_of_rows(found))
    shown = np.concatenate([walk.outputs for walk in found])
    np.testing.assert_allclose(model.decode(z_of(lines)), shown, atol=1e-6)
    assert lines[0]["number that moves"] == f"z{found[0].dimension + 1}" and lines[-1]["image"] == "5"


def test_samples_decode_to_the_sheet(home):
    model, request = model_cache.explorer(NAME), samples.SampleRequest(7, 0.5, 3, None)
    lines = read(samples.codes_of_samples(NAME, model, request))
    np.testing.assert_allclose(model.decode(z_of(lines)), samples.generate(NAME, model, request), atol=1e-6)


def test_a_path_begins_at_a_and_ends_at_b(home):
    model = model_cache.explorer(NAME)
    z = np.linspace([0, 0], [1, 2], 5).astype(np.float32)
    lines = read(path.codes_of_path(path.Journey(z, model.decode(z), model.decode(z), None)))
    assert np.array_equal(z_of(lines), z) and [line["place on the path (A: 0, B: 1)"] for line in lines][::4] == [
        "0.0",
        "1.0",
    ]


def test_a_code_stands_beside_its_rates(home):
    model, z = model_cache.explorer(NAME), np.array([0.1, -2.5], np.float32)
    lines = read(sliders.code_table(model, z))
    assert [line["value"] for line in lines] == ["0.1", "-2.5"]
    assert [float(line["rate (nats per image)"]) for line in lines] == pytest.approx(model.rates().tolist())


def test_the_figures_of_the_models_are_those_of_their_checkpoints(home):
    group = side_by_side.chosen([NAME, "digits-ae-2d"])
    lines = read(files.figures(group))
    known = [tables.figures(model) for model in group]
    assert [line["model"] for line in lines] == [model.title for model in group]
    assert [float(line["Distortion (nats per image)"]) for line in lines] == [row["distortion"] for row in known]
    assert lines[1]["Rate (nats per image)"] == ""  # a plain autoencoder has none


def test_curves_name_the_images_and_the_unit():
    steps = {"step": np.array([5.0, 9.0]), "train_loss": np.array([3.0, 2.0]), "lr": np.array([0.1, 0.1])}
    epochs = {
        "step": np.array([9.0]),
        "train_loss": np.array([2.5]),
        "val_loss": np.array([2.25]),
        "kl": np.array([[0.5, 1.5]]),
    }
    lines = read(curves_file.curves(Series(steps, epochs)))
    assert [(line["step"], line["images of"], line["loss (nats per image)"]) for line in lines] == [
        ("5.0", "training", "3.0"),
        ("9.0", "training", "2.0"),
        ("9.0", "training", "2.5"),
        ("9.0", "validation", "2.25"),
    ]
    assert lines[-1]["KL of z2 (nats per image)"] == "1.5" and lines[0]["KL of z2 (nats per image)"] == ""
    assert read(curves_file.curves(Series({}, {}))) == []


def test_codes_have_a_column_each():
    assert list(codes(np.zeros((3, 2), np.float32))) == ["z1", "z2"]


@pytest.mark.parametrize(("name", "kind"), [(NAME, "plane"), ("digits-ae-2d", "plane"), ("mnist-beta-10d", "pca")])
def test_the_codes_of_the_map_are_the_checkpoint_s(home, name, kind):
    model, view = model_cache.explorer(name), model_cache.view(name, kind, (0, 1), 0)
    lines = read(codes_of_map(model, view))
    assert len(lines) == len(model.latents.mean) and ("sigma1" in lines[0]) == (name != "digits-ae-2d")
    for i in (0, 17):
        assert lines[i]["class"] == str(model.info.classes[model.latents.labels[i]]) and lines[i]["number"] == str(i)
        np.testing.assert_array_equal(np.float32([lines[i]["z1"], lines[i]["z2"]]), model.latents.mean[i, :2])
    flat = [name for name in lines[0] if name.startswith("PC ")]
    assert len(flat) == (2 if kind == "pca" else 0)
    for axis, place in zip(flat, view.points[17], strict=False):
        assert np.float32(lines[17][axis]) == place
