"""The command `complete`: hidden parts of pictures and empty cells of tables."""

import csv
import json

import numpy as np
import pytest
import torch
from PIL import Image

from vae_core.__main__ import main
from vae_core.completion.denoising import salt
from vae_core.config import DataConfig
from vae_core.data import load, to_input

DIGITS = "digits-vae-2d"


@pytest.fixture
def said(capsys):
    def run(*words):
        code = main(["complete", *map(str, words)])
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return run


@pytest.fixture(scope="module")
def digits():
    return load(DataConfig()).test.x[:5].numpy()


@pytest.fixture(scope="module")
def wines(tmp_path_factory):
    """A model of scikit-learn's wines, and their table without labels, with an empty cell in each of three rows."""
    from sklearn.datasets import load_wine

    folder = tmp_path_factory.mktemp("made")
    words = ["train", "--dataset", "wine", "--latent-dim", "4", "--epochs", "60", "--out", str(folder / "model")]
    assert main(words) == 0
    table = load_wine(as_frame=True).data.head(20).assign(note=["", *"abcdefghijklmnopqrs"])
    table.loc[[2, 5, 7], ["alcohol"]] = np.nan
    table.loc[7, "proline"] = np.nan
    table.to_csv(folder / "wines.csv", index=False)
    return folder


def test_a_half_is_filled_and_its_nats_are_said(said, digits, tmp_path):
    given, out = tmp_path / "digits.npy", tmp_path / "whole.npy"
    np.save(given, digits[:, 0])
    code, lines, err = said(DIGITS, given, out, "--hide", "lower-half")
    made = np.load(out)
    assert (code, err) == (0, "") and made.shape == (5, 8, 8) and made.dtype == np.uint8
    np.testing.assert_array_equal(made[:, :4], digits[:, 0, :4])
    assert (made[:, 4:] != digits[:, 0, 4:]).any()
    assert [line["hidden_pixels"] for line in lines[:-1]] == [32] * 5 and lines[-1]["pictures"] == 5
    assert all(5 < line["nats"] < 40 for line in lines[:-1])
    said(DIGITS, given, tmp_path / "drawn.npy", "--hide", "lower-half", "--draw")
    assert (np.load(tmp_path / "drawn.npy") != made).any()


def test_masks_come_with_the_pictures_or_beside_them(said, digits, tmp_path):
    mask = np.zeros((8, 8), np.uint8)
    mask[:, 5:] = 255
    np.savez(tmp_path / "both.npz", x=digits[:, 0], mask=mask)
    np.save(tmp_path / "x.npy", digits[:, 0])
    np.save(tmp_path / "mask.npy", mask)
    assert said(DIGITS, tmp_path / "both.npz", tmp_path / "a.npy")[0] == 0
    code, lines, _ = said(DIGITS, tmp_path / "x.npy", tmp_path / "b.npy", "--mask", tmp_path / "mask.npy")
    assert code == 0 and "nats" not in lines[0] and lines[0]["hidden_pixels"] == 24
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), np.load(tmp_path / "b.npy"))


def test_empty_cells_of_a_table_are_filled_and_the_rest_is_as_it_was(said, wines, tmp_path):
    from sklearn.datasets import load_wine

    out = tmp_path / "filled.csv"
    code, lines, err = said(wines / "model", wines / "wines.csv", out)
    assert (code, err) == (0, "")
    places = [(line["row"], line["column"]) for line in lines[:-1]]
    assert places == [(2, "alcohol"), (5, "alcohol"), (7, "alcohol"), (7, "proline")]
    assert lines[-1]["filled"] == 4 and lines[-1]["left_empty"] == 1
    with out.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    with (wines / "wines.csv").open(newline="") as file:
        before = list(csv.DictReader(file))
    kept = [(i, name) for i, row in enumerate(before) for name in row if (i, name) not in places]
    assert all(rows[i][name] == before[i][name] for i, name in kept)
    truth = load_wine(as_frame=True).data
    off = [abs(float(line["value"]) - truth.loc[line["row"], line["column"]]) for line in lines[:-1]]
    assert all(distance < 2.5 * truth[name].std() for distance, (_, name) in zip(off, places, strict=True))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["x.npy", "o.npy"], "said in one way"),
        (["x.npy", "o.npy", "--hide", "upper"], "no hidden part 'upper'"),
        (["lacking.npz", "o.npy"], "needs two arrays"),
        (["x.npy", "o.png", "--hide", "lower-half"], "written as one .npy file"),
    ],
)
def test_what_is_refused(said, digits, tmp_path, monkeypatch, words, says):
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", digits[:, 0])
    np.savez("lacking.npz", x=digits[:, 0])
    code, lines, err = said(DIGITS, *words)
    assert code == 2 and lines == [] and says in err


def test_what_does_not_fit_the_model_is_refused(said, digits, wines, tmp_path):
    np.save(tmp_path / "x.npy", digits[:, 0])
    assert (
        "density of continuous codes"
        in said("digits-ae-2d", tmp_path / "x.npy", tmp_path / "o.npy", "--hide", "right-half")[2]
    )
    assert "it is for pictures" in said(wines / "model", wines / "wines.csv", tmp_path / "o.csv", "--draw")[2]
    whole = tmp_path / "whole.csv"
    said(wines / "model", wines / "wines.csv", whole)
    assert "has no empty cell" in said(wines / "model", whole, tmp_path / "o.csv")[2]


def test_a_folder_of_pictures_is_completed_by_a_folder_of_masks(said, digits, tmp_path):
    pictures, masks = tmp_path / "pictures", tmp_path / "masks"
    for folder in (pictures, masks):
        folder.mkdir()
    for number, digit in enumerate(digits[:2, 0]):
        mask = np.zeros((8, 8), np.uint8)
        mask[4 + number :] = 255
        Image.fromarray(digit).save(pictures / f"{number}.png")
        Image.fromarray(mask).save(masks / f"{number}.png")
    code, lines, err = said(DIGITS, pictures, tmp_path / "whole.npy", "--mask", masks)
    assert (code, err) == (0, "")
    assert [(line["file"], line["hidden_pixels"]) for line in lines[:-1]] == [("0.png", 32), ("1.png", 24)]
    np.testing.assert_array_equal(np.load(tmp_path / "whole.npy")[1, :5], digits[1, 0, :5])
    (masks / "1.png").unlink()
    assert "there is none for '1.png'" in said(DIGITS, pictures, tmp_path / "o.npy", "--mask", masks)[2]
    assert "0 pictures" in said(DIGITS, tmp_path, tmp_path / "o.npy", "--hide", "lower-half")[2]


def test_noise_is_taken_away(said, digits, tmp_path):
    noisy = salt(to_input(torch.from_numpy(digits)), 0.4).numpy()
    np.save(tmp_path / "noisy.npy", np.rint(255 * noisy).astype(np.uint8)[:, 0])
    words = [DIGITS, tmp_path / "noisy.npy", tmp_path / "clean.npy", "--noise", "salt"]
    code, lines, err = said(*words, "--strength", 0.4)
    assert (code, err) == (0, "") and len(lines) == 6 and all(0.1 < line["taken_away"] < 0.8 for line in lines[:-1])
    clean, found = digits[:, 0] / 255, np.load(tmp_path / "clean.npy") / 255
    assert np.square(found - clean).mean() < 0.5 * np.square(noisy[:, 0] - clean).mean()
    assert "give the --strength" in said(*words)[2] and "give --noise" in said(*words[:3], "--strength", 0.4)[2]
    assert "no noise 'rain'" in said(*words[:-1], "rain", "--strength", 0.4)[2]
