"""The command line with sentences: train, evaluate, and text in and out."""

import json

import pytest

from tests.helpers.molecule_helpers import EASY, NEEDS_EXTRA, without_libraries
from vae_core.__main__ import main


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sentences") / "model"
    small = ["--set", "hidden=[16]", "--set", "precision=fp32", "--latent-dim", "4", "--seconds", "2"]
    assert main(["train", "--dataset", "sentences", "--preset", "rnn-vae", "--out", str(folder), *small]) == 0
    return str(folder)


def test_evaluate_prints_the_figures_that_belong_together(trained, capsys):
    assert main(["evaluate", trained, "--nll-samples", "2"]) == 0
    (figures,) = lines(capsys)
    assert figures["elbo"] < 0 < figures["nll"] <= -figures["elbo"] + 0.5 and figures["mse"] is None


def test_text_goes_in_and_comes_out(trained, tmp_path, capsys):
    text = tmp_path / "text.txt"
    text.write_bytes("the tall teacher carries the ball\r\n\r\nthe old singers will wash the car\n".encode("utf-16"))
    assert main(["encode", trained, str(text)]) == 0
    codes = lines(capsys)
    assert [one["row"] for one in codes] == [0, 1] and all(len(one["mean"]) == 4 for one in codes)
    for command in (["reconstruct", trained, str(text)], ["generate", trained], ["interpolate", trained, "0", "1"]):
        out = tmp_path / f"{command[0]}.txt"
        assert main([*command, "--out", str(out)]) == 0
        assert len(out.read_text().splitlines()) >= 2
    capsys.readouterr()


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"\x00\x01\x02\xff\xfe\x80" * 50, "is no text"), (b" \n\n", "no line of text"), (b"the " * 40, "at most 8 fit")],
)
def test_a_text_that_cannot_be_read_is_refused(content, says, trained, tmp_path, capsys):
    (tmp_path / "text.txt").write_bytes(content)
    assert main(["encode", trained, str(tmp_path / "text.txt")]) == 2
    assert says in capsys.readouterr().err


def test_what_does_not_apply_is_refused_in_a_sentence(trained, tmp_path, capsys):
    text = tmp_path / "text.txt"
    text.write_text("the tall teacher carries the ball")
    for command in (
        ["compress", trained, "sentences", str(tmp_path / "x.vae")],
        ["complete", trained, str(text), str(tmp_path / "x.csv")],
    ):
        assert main(command) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and ("sentence" in said or "picture" in said)


@NEEDS_EXTRA
def test_molecules_go_in_and_come_out(tmp_path, capsys):
    (tmp_path / "mine.smi").write_text("\n".join(EASY))
    assert main(["data", str(tmp_path / "mine.smi")]) == 0
    (report,) = lines(capsys)
    assert report["dataset"] == "molecules" and sum(report["splits"].values()) == len(EASY)
    folder, small = str(tmp_path / "model"), ["--set", "hidden=[16]", "--set", "precision=fp32", "--epochs", "1"]
    line = ["train", "--dataset", "molecules", "--molecules", str(tmp_path / "mine.smi"), "--preset", "text-free-bits"]
    assert main([*line, "--out", folder, *small]) == 0
    (tmp_path / "two.smi").write_text("OCC ethanol\n[C][C][O]\n")
    capsys.readouterr()
    assert main(["encode", folder, str(tmp_path / "two.smi")]) == 0
    first, second = lines(capsys)
    assert first["mean"] == second["mean"]
    for kind in ("smi", "sdf"):
        assert main(["generate", folder, "--out", str(tmp_path / f"made.{kind}")]) == 0
        assert main(["reconstruct", folder, str(tmp_path / "two.smi"), "--out", str(tmp_path / f"again.{kind}")]) == 0
    assert "$$$$" in (tmp_path / "made.sdf").read_text() and "\t" in (tmp_path / "made.smi").read_text()
    (tmp_path / "two.smi").write_text("an old man\n")
    assert main(["encode", folder, str(tmp_path / "two.smi")]) == 2
    assert "'an' is no molecule" in capsys.readouterr().err


def test_molecules_without_the_extra_or_the_data_set_are_refused_in_a_sentence(tmp_path, monkeypatch, capsys):
    line = ["train", "--molecules", str(tmp_path / "mine.smi"), "--out", str(tmp_path / "model")]
    assert (
        main(line) == 2 and "--molecules: your own molecules need the data set 'molecules'" in capsys.readouterr().err
    )
    without_libraries(monkeypatch)
    assert main(["data", "molecules"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "pip install 'vae-explorer[molecules]'" in said and "EXTRAS=molecules" in said


def test_a_text_of_ones_own_is_described_trained_on_and_refused_where_it_does_not_fit(tmp_path, capsys):
    text = tmp_path / "own.txt"
    text.write_text(
        "\n".join(f"the {a} sees the {b}." for a in ("cat", "dog", "cow", "hen") for b in ("fox", "cat", "dog"))
    )
    assert main(["data", str(text), "--text"]) == 0
    (described,) = lines(capsys)
    assert described["dataset"] == "text" and sum(described["splits"].values()) == 12
    assert any("a word or a punctuation mark" in note for note in described["notes"])
    small = ["--set", "hidden=[8]", "--set", "precision=fp32", "--epochs", "1", "--out", str(tmp_path / "model")]
    assert main(["train", "--dataset", "text", "--text", str(text), "--preset", "rnn-vae", *small]) == 0
    told, *_, done = lines(capsys)
    assert told["notes"] == described["notes"] and done["event"] == "done"
    assert main(["reconstruct", str(tmp_path / "model"), str(text), "--out", str(tmp_path / "out.txt")]) == 0
    for command, says in (
        (["data", str(text), "--text-column", "a"], "has no columns"),
        (["data", "sentences", "--text"], "is the name of a data set"),
        (["train", "--text", str(text), "--out", str(tmp_path / "x")], "needs the data set 'text'"),
        (["train", "--text-column", "a", "--out", str(tmp_path / "x")], "only your own text has one"),
    ):
        capsys.readouterr()
        assert main(command) == 2
        assert says in capsys.readouterr().err
