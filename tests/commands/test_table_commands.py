"""The commands on a table: train says what it left out, and what comes out is CSV in the table's own units."""

import csv
import json

import pytest

from vae_core.__main__ import main


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "cats.csv"
    rows = [
        f"{i},{3 + i % 7 / 2:.1f},{['tabby', 'black', ''][i % 3]},{'yes' if i % 7 > 3 else 'no'}" for i in range(120)
    ]
    path.write_text("\n".join(["id,weight,coat,indoor", *rows]) + "\n")
    return path


@pytest.fixture(scope="module")
def trained(table, tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "model"
    words = ["train", "--dataset", "table", "--table", str(table), "--label-column", "indoor", "--epochs", "20"]
    assert main([*words, "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def said(capsys):
    def run(*words):
        try:
            code = main([str(word) for word in words])
        except SystemExit as stop:
            code = stop.code
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return run


def read(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_train_says_how_the_table_was_read(said, table, tmp_path):
    code, lines, err = said("train", "--dataset", "table", "--table", table, "--epochs", 2, "--out", tmp_path / "m")
    told = next(line for line in lines if line.get("event") == "data")
    notes = told["notes"]
    assert sum(told["splits"].values()) == 120 and told["columns"][0]["name"] == "weight"
    assert (code, err) == (0, "") and lines[-1]["event"] == "done"
    assert any("'id' is left out" in note for note in notes)
    assert any("'coat' has 40 missing values" in note for note in notes)
    assert any("'indoor' could be the label" in note for note in notes)
    assert json.loads((tmp_path / "m" / "run.json").read_text())["columns"][0]["decimals"] == 1


def test_data_says_what_a_table_holds_before_anything_is_trained(said, table):
    code, (told,), err = said("data", table, "--label-column", "indoor")
    assert (code, err) == (0, "") and told["file"] == str(table) and set(told["classes"]) == {"no", "yes"}
    assert [column["name"] for column in told["columns"]] == ["weight", "coat"]
    assert told["columns"][1] == {"name": "coat", "kind": "category", "values": ["black", "tabby"], "has_missing": True}
    assert any("'id' is left out" in note for note in told["notes"])
    assert "--label-column: the data set 'digits' is no table" in said("data", "digits", "--label-column", "x")[2]
    code, (told,), _ = said("data", "iris")
    assert code == 0 and [column["decimals"] for column in told["columns"]] == [1, 1, 1, 1]


def test_a_built_in_table_trains_with_labels(said, tmp_path):
    code, lines, _ = said("train", "--dataset", "iris", "--preset", "cvae", "--epochs", 2, "--out", tmp_path / "iris")
    document = json.loads((tmp_path / "iris" / "run.json").read_text())
    assert code == 0 and document["classes"] == ["setosa", "versicolor", "virginica"]
    assert said("evaluate", tmp_path / "iris")[1] == [document["figures"]]


def test_generate_writes_a_csv_in_the_tables_units(said, trained, tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        code, [line], _ = said("generate", trained, "-n", 30, "--seed", seed, "--out", tmp_path / name)
        assert code == 0 and line["samples"] == 30
    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b != c
    rows = read(tmp_path / "a")
    assert len(rows) == 30 and set(rows[0]) == {"weight", "coat"}
    assert {row["coat"] for row in rows} == {"tabby", "black"}
    assert all(len(row["weight"].partition(".")[2]) == 1 and 0 < float(row["weight"]) < 10 for row in rows)


def test_reconstruct_encode_and_interpolate_take_rows(said, trained, table, tmp_path):
    code, lines, _ = said("reconstruct", trained, table, "--out", tmp_path / "again.csv")
    assert code == 0 and lines[-1]["rows"] == len(lines) - 1 == 120
    assert len(read(tmp_path / "again.csv")) == 120
    code, codes, _ = said("encode", trained, tmp_path / "again.csv")
    assert code == 0 and [line["row"] for line in codes] == list(range(120))
    code, [line], _ = said("interpolate", trained, 0, table, "--steps", 5, "--out", tmp_path / "way.csv")
    assert code == 0 and len(read(tmp_path / "way.csv")) == 5 and len(line["a"]) == 2
    (tmp_path / "one.csv").write_text("weight,coat\n4.5,\n")
    code, [line], _ = said("encode", trained, tmp_path / "one.csv")
    assert code == 0 and min(line["scale"]) > 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["train", "--table", "{table}", "--out", "x"], "--table: your own table needs the data set 'table'"),
        (["train", "--label-column", "a", "--out", "x"], "--label-column: the data set 'digits' is no table"),
        (["train", "--dataset", "table", "--out", "x"], "There is no table at ''"),
        (
            ["train", "--dataset", "table", "--table", "{table}", "--label-column", "weight", "--out", "x"],
            "cannot be the label",
        ),
        (["train", "--dataset", "iris", "--preset", "cb-vae", "--out", "x"], "for a table choose likelihood='columns'"),
        (["encode", "{model}", "{other}"], "The column 'weight' is not there; needed are weight, coat."),
        (["reconstruct", "{model}", "{table}", "--samples", "3", "--out", "x.csv"], "--samples"),
        (["encode", "{model}", "{odd}"], "'coat' has no value 'pink': choose one of black, tabby"),
        (["encode", "{model}", "{gap}"], "has no value for 'weight'"),
    ],
)
def test_wrong_arguments_exit_2_with_a_sentence(said, words, says, trained, table, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {"other": "a,b\n1,2\n", "odd": "weight,coat\n4,pink\n", "gap": "weight,coat\n,black\n"}
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_text(content)
    named = {name: str(tmp_path / f"{name}.csv") for name in files} | {"table": str(table), "model": str(trained)}
    code, lines, err = said(*(word.format(**named) for word in words))
    assert (code, lines) == (2, []) and says in err and "Traceback" not in err
