"""The command `anomalies`: a line for each example, and the peers on the same splits."""

import json

import pytest

from vae_core.__main__ import main


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "benign"
    words = ["train", "--dataset", "breast-cancer", "--only-class", "benign", "--latent-dim", "8", "--epochs", "10"]
    assert main([*words, "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def said(capsys):
    def run(*words):
        code = main(["anomalies", *map(str, words)])
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return run


def test_the_test_split_and_the_peers(said, model):
    code, lines, err = said(model, "--peers")
    rows = [line for line in lines if "index" in line]
    assert (code, err) == (0, "") and len(rows) == 85 and len(rows[0]["costs"]) == 3
    (limit,) = (line for line in lines if "threshold" in line)
    assert all(row["strange"] == (row["scores"]["rank_mean"] > limit["threshold"]) for row in rows)
    areas = [line["auroc"] for line in lines if "detector" in line]
    assert len(areas) == 10 and areas == sorted(areas, reverse=True) and "AUROC" in lines[-1]["verdict"]


def test_rows_of_ones_own(said, model, tmp_path):
    """The table of the data set itself, as a file: its rows have the scores that they have in the data set."""
    from sklearn.datasets import load_breast_cancer

    path = tmp_path / "mine.csv"
    load_breast_cancer(as_frame=True).data.head(12).to_csv(path, index=False)
    code, lines, _ = said(model, path, "--score", "neighbours", "--false-alarms", "10")
    assert code == 0 and [line["index"] for line in lines[:-1]] == [*range(12)] and lines[0]["file"] == str(path)
    assert lines[-1]["score"] == "neighbours" and lines[-1]["false_alarms"] == 0.1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--score", "surprise"], "no score 'surprise': choose one of rank_mean, elbo"),
        (["some.csv", "--peers"], "leave the files out"),
        (["--data-dir", "."], "not read from a data folder"),
    ],
)
def test_what_is_refused(said, model, words, says):
    code, lines, err = said(model, *words)
    assert code == 2 and lines == [] and says in err
