"""Every page with a model of a table, without a browser: rows as bars and small tables in their own units, and as CSV."""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
import torch

from tests.pages.visit import address, html, labelled, visit, whole
from vae_core import build_run, read_table
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.models.build import build
from vae_core.training.fit import fit
from vae_ui.base import state
from vae_ui.generate import samples
from vae_ui.reconstruct import result, row_editor
from vae_ui.reconstruct.inputs import Given
from vae_ui.views import Strip, view_of
from vae_ui.widgets import model_cache

PAGES = ("start", "latent_space", "decode", "traverse", "interpolate", "reconstruct", "generate", "compare")


def people(rows: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=rows)
    found = pd.DataFrame(
        {
            "height (cm)": (170 + 10 * hidden).round(1),
            "size": np.where(hidden > 0.4, "L", np.where(hidden < -0.4, "S", "M")),
            "<b>shoes</b>": (42 + 3 * hidden).round(0),
            "tall": np.where(hidden > 0, "yes", "no"),
        }
    )
    found.loc[::7, "size"] = None
    return found


def trained(home, name="people", preset="vae", label="tall", **settings) -> str:
    """A small model of a table, as if a run had made it; gives its name."""
    path = home / "people.csv"
    people().to_csv(path, index=False)
    config = DataConfig(dataset="table", path=str(path), label_column=label)
    data = load(config)
    made = {"epochs": 15, "precision": "fp32", "title": f"a {name}", **data.layout_settings, **settings}
    run = build_run(preset, config, data.shape, len(data.classes), **made)
    torch.manual_seed(0)
    *_, done = fit(build(run.model, 0), data, run, folder=home / "runs" / name)
    assert done.kind == "done", done
    return f"run-{name}"


@pytest.fixture
def model(home):
    return trained(home)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_rows(page, model):
    app = visit(page, model)
    shown = html(app) + " ".join(one.value for one in (*app.caption, *app.markdown, *app.title, *app.subheader))
    assert "test image" not in shown and "<b>shoes</b>" not in shown
    if page in ("traverse", "interpolate", "compare"):
        assert "height (cm)" in shown and "&lt;b&gt;shoes" in shown


@pytest.mark.parametrize(
    ("preset", "settings"),
    [("autoencoder", {}), ("cvae", {"latent_dim": 1}), ("beta-vae", {"latent_dim": 5}), ("gm-vae", {}), ("m2", {})],
)
def test_other_models_of_a_table(home, preset, settings):
    name = trained(home, "other", preset, **settings)
    for page in PAGES:
        visit(page, name)


def test_a_table_that_has_gone_leaves_reconstructions(home, model):
    (home / "people.csv").unlink()
    assert not model_cache.at_hand(model)
    for page in PAGES:
        visit(page, model)
    people().assign(extra=np.arange(120) % 5).to_csv(home / "people.csv", index=False)
    model_cache._test_split.clear()
    assert not model_cache.at_hand(model), "its columns are not those of the model any more"


def test_a_figure_has_values_in_the_tables_own_units(model):
    opened = model_cache.explorer(model)
    view, x = view_of(opened), model_cache.test_images(model)
    row = next(i for i in range(len(x)) if x[i, -1] == 1)
    shown = view.figure(x[row], "a row", "x")
    values = re.findall(r"<b>(.*?)</b>", shown)
    cells = {name: cell[row] for name, cell in load(opened.info.run.data).cells(torch.from_numpy(x)).items()}
    assert (
        values[0] == f"{cells['height (cm)']:.1f}"
        and values[1] == "missing"
        and values[2] == str(cells["<b>shoes</b>"])
    )
    assert 'aria-label="a row"' in shown and "&lt;b&gt;shoes&lt;/b&gt;" in shown


def test_strips_have_a_line_for_each_column_and_mark_a_place(model):
    opened = model_cache.explorer(model)
    view = view_of(opened)
    made = opened.decode(np.linspace(-2, 2, 5)[:, None].repeat(2, 1).astype(np.float32))
    shown = view.strips([Strip("z1", "note", made, "five rows", 0.5)], 60, ["-2", "-1", "0", "1", "2"])
    lines = re.findall(r'<tr><th scope="row".*?</tr>', shown)
    assert len(lines) == 3 and all(line.count("<td") == 5 for line in lines)
    assert [line.count("outline:") for line in lines] == [1, 1, 1] and 'aria-label="five rows"' in shown
    assert view.pictures(made).shape == (5, 64, 64) and not view.pictures(made[:1] * 0)[0, :21].any()


def test_generated_rows_are_samples_and_a_csv(model):
    app = visit("generate", model)
    (table,) = app.dataframe
    assert list(table.value.columns) == ["height (cm)", "size", "<b>shoes</b>"] and len(table.value) == 36
    assert set(table.value["size"]) <= {"S", "M", "L"}
    opened = model_cache.explorer(model)
    request = samples.SampleRequest(50, 1.0, 3, None)
    drawn = samples.generate(model, opened, request)
    assert np.array_equal(drawn, samples.generate(model, opened, request))
    rows = list(csv.DictReader(io.StringIO(view_of(opened).content(drawn, None, 0, "csv").decode("utf-8-sig"))))
    assert len(rows) == 50 and all(re.fullmatch(r"\d+\.\d", row["height (cm)"]) for row in rows)


def test_a_row_is_edited_on_the_reconstruct_page(model):
    app = visit("reconstruct", model)
    app.segmented_control[0].set_value("edit").run()
    whole(app)
    assert labelled(app.selectbox, "size").options == ["L", "M", "S"]
    labelled(app.number_input, "height").set_value(201.5).run()
    labelled(app.selectbox, "size").set_value(None).run()
    opened, place = model_cache.explorer(model), app.session_state["places"][model]
    start = model_cache.test_images(model)[place.picked or 0]
    x = row_editor.edited(opened, place, start)
    cells = load(opened.info.run.data).cells(torch.from_numpy(x[None]))
    assert cells["height (cm)"] == [201.5] and cells["size"] == [None]
    seen = result.forward(opened, Given(x, "x", drawn=True), None)
    assert np.isfinite(seen.reading.distortion) and seen.reading.error[opened.info.run.model.columns[0]] == 0
    assert "own" in address(app)
    labelled(app.button, "As in the test row").click().run()
    whole(app)
    assert np.array_equal(row_editor.edited(opened, app.session_state["places"][model], start), start)


def test_the_words_are_of_rows_only_for_a_table(model):
    app = visit("latent_space", model)
    assert app.title[0].value == "Where do the rows live?" and "one test row" in app.markdown[0].value
    labelled(app.sidebar.selectbox, "Model").set_value("digits-vae-2d").run()
    assert app.title[0].value == "Where do the digits live?" and "one test image" in app.markdown[0].value


def test_a_link_to_a_table_model_opens_again(model):
    app = visit("interpolate", model)
    place = app.session_state["places"][model]
    place.ends["A"] = state.End(np.array([1.0, -1.0], np.float32))
    app.run()
    assert address(app)["model"] == model and address(app)["a"]


def test_the_estimators_table_and_the_pages_agree_on_the_columns(home, model):
    data = read_table(home / "people.csv", "tall")
    assert data.columns == model_cache.explorer(model).info.columns
