"""A table on the Train and Data pages: uploaded, its label chosen, what was left out said, and refused by its own name."""

import numpy as np
import pytest

from tests.pages.train.test_train import by_label, opened
from vae_core.runs import Store

ROWS = [
    f"{i},{20 + i % 50},{['red', 'green', ''][i % 3]},2024-01-{1 + i % 28:02d},{'yes' if i % 2 else 'no'}"
    for i in range(60)
]
TABLE = "\n".join(["id,age,colour,when,sold", *ROWS]).encode()


@pytest.fixture
def quiet(home) -> Store:
    return Store(home)


def with_table(content=TABLE, name="cats.csv"):
    app = opened()
    by_label(app.selectbox, "Data").set_value("table").run()
    assert "CSV, Excel or Parquet" in app.info[0].value and by_label(app.button, "Start").disabled
    app.file_uploader[0].set_value((name, content, "text/csv")).run()
    return app


def test_an_upload_becomes_a_run_with_its_columns_and_label(quiet):
    app = with_table()
    assert not app.error and not app.exception
    said = " ".join(caption.value for caption in app.caption)
    assert "'id' is left out" in said and "'when' is left out" in said and "'sold' could be the label" in said
    assert by_label(app.selectbox, "Label column").options == ["No label", "sold", "colour"]
    by_label(app.selectbox, "Label column").set_value("sold").run()
    by_label(app.button, "Start").click().run()
    assert not app.error and not app.exception
    run = quiet.runs()[0].run
    assert (run.data.dataset, run.data.label_column, run.data.target) == ("table", "sold", "grey")
    assert (run.model.columns, run.model.missing, run.model.likelihood) == ((1, 2), (1,), "columns")
    assert run.title == "Your own table VAE 2-D"
    assert "Target" not in [one.label for one in app.selectbox]


def test_a_conditional_model_needs_a_label(quiet):
    app = with_table()
    by_label(app.selectbox, "Kind of model").set_value("cvae").run()
    assert "needs labels" in app.error[0].value and by_label(app.button, "Start").disabled
    by_label(app.selectbox, "Label column").set_value("colour").run()
    assert not app.error and not by_label(app.button, "Start").disabled


def test_a_likelihood_that_cannot_be_is_not_offered_and_a_preset_with_one_is_refused(quiet):
    app = with_table()
    assert by_label(app.selectbox, "Likelihood").options == ["columns"]
    by_label(app.selectbox, "Kind of model").set_value("sigma-vae").run()
    assert "knows neither categories nor missing values" in app.error[0].value


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x89PNG\0\0", "cats.csv is not a text"),
        (b"a,b\n1,2\n", "cats.csv has 1 rows"),
        (b"a\n" * 30, "No column of cats.csv"),
    ],
)
def test_a_refusal_names_the_persons_file(quiet, content, says):
    app = with_table(content)
    assert says in app.error[0].value and not app.exception and by_label(app.button, "Start").disabled


def test_a_built_in_table_starts_a_run(quiet):
    app = opened()
    by_label(app.selectbox, "Data").set_value("iris").run()
    by_label(app.button, "Start").click().run()
    run = quiet.runs()[0].run
    assert not app.error and run.model.columns == (1, 1, 1, 1) and run.train.batch_size == 32


def test_the_data_page_shows_rows_and_columns(quiet):
    app = opened()
    app.switch_page("pages/data.py").run()
    by_label(app.selectbox, "Data").set_value("table").run()
    app.file_uploader[0].set_value(("cats.csv", TABLE, "text/csv")).run()
    by_label(app.selectbox, "Label column").set_value("sold").run()
    rows, columns = (frame.value for frame in app.dataframe)
    assert list(rows.columns) == ["label", "age", "colour"] and set(rows["label"]) == {"yes", "no"}
    assert rows["age"].between(20, 69).all() and rows["colour"].isna().any()
    assert columns["Column"].tolist() == ["age", "colour"] and columns["Values"].tolist()[1] == "green, red"
    assert columns["Missing"].tolist()[1] == np.sum(rows["colour"].isna())
    assert not app.exception and any("'id' is left out" in caption.value for caption in app.caption)
