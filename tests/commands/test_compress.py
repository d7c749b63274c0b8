"""`compress` and `decompress`: the same pictures from a file, a data set or one picture, and sentences for what cannot be done."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.compression.test_version_1 import DIGITS, FOLDER
from vae_core.__main__ import main

MODEL = str(FOLDER / "mlp")


@pytest.fixture
def said(capsys):
    """Run a command line; returns its exit status, the JSON objects that it printed, and the text of the error stream."""

    def run(*words):
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return run


def test_an_array_comes_back_as_it_was(said, tmp_path):
    np.save(tmp_path / "in.npy", DIGITS[:, 0])
    code, [line], err = said("compress", MODEL, tmp_path / "in.npy", tmp_path / "a.vae")
    assert (code, err, line["pictures"]) == (0, "", 300) and line["bytes"] == (tmp_path / "a.vae").stat().st_size
    assert line["bits_per_dim"] == 8 * line["bytes"] / DIGITS.size and line["model_bytes"] > 10_000
    code, [line], err = said("decompress", MODEL, tmp_path / "a.vae", tmp_path / "out.npy")
    assert (code, err, line["lost"]) == (0, "", 0)
    assert (tmp_path / "out.npy").read_bytes() == (tmp_path / "in.npy").read_bytes()


def test_truth_values_come_back_as_zeros_and_ones(said, tmp_path):
    np.save(tmp_path / "in.npy", DIGITS > 0)
    said("compress", MODEL, tmp_path / "in.npy", tmp_path / "a.vae")
    said("decompress", MODEL, tmp_path / "a.vae", tmp_path / "out.npy")
    assert np.array_equal(np.load(tmp_path / "out.npy"), DIGITS[:, 0] > 0)


def test_one_picture_comes_back_as_a_picture(said, tmp_path):
    Image.fromarray(DIGITS[7, 0]).save(tmp_path / "seven.png")
    assert said("compress", MODEL, tmp_path / "seven.png", tmp_path / "a.vae")[0] == 0
    assert said("decompress", MODEL, tmp_path / "a.vae", tmp_path / "again.png")[0] == 0
    assert np.array_equal(np.asarray(Image.open(tmp_path / "again.png")), DIGITS[7, 0])


def test_of_a_damaged_file_the_rest_is_written_and_the_status_is_1(said, tmp_path):
    data = (FOLDER / "mlp.vae").read_bytes()
    (tmp_path / "cut.vae").write_bytes(data[:-100])
    code, [line], err = said("decompress", MODEL, tmp_path / "cut.vae", tmp_path / "out.npy")
    assert (code, line["pictures"], line["lost"]) == (1, 200, 100)
    assert err == "Segment 3 of 3 is damaged or missing: pictures 201 to 300 cannot be read.\n"
    assert np.array_equal(np.load(tmp_path / "out.npy"), DIGITS[:200, 0])


def test_what_cannot_be_compressed_is_a_sentence(said, tmp_path):
    np.save(tmp_path / "float.npy", DIGITS / 255)
    np.save(tmp_path / "grey.npy", DIGITS[:, 0] // 2)
    np.save(tmp_path / "objects.npy", np.array([{}]), allow_pickle=True)
    Image.new("L", (9, 8)).save(tmp_path / "wide.png")
    Image.new("RGB", (8, 8), (200, 0, 0)).save(tmp_path / "red.png")
    for name, words in (
        ("float.npy", "float.npy has numbers of the type float64"),
        ("grey.npy", "black and white only"),
        ("objects.npy", "never loaded"),
        ("wide.png", "wide.png has 9 x 8 pixels, and the model 8 x 8"),
        ("red.png", "red.png has colours"),
        ("missing.npy", "missing.npy"),
    ):
        code, lines, err = said("compress", MODEL, tmp_path / name, tmp_path / "a.vae")
        assert (code, lines) == (2, []) and words in err and err.count("\n") == 1
    assert said("compress", MODEL, tmp_path / "grey.npy", tmp_path / "a.vae", "--data-dir", tmp_path)[0] == 2
    assert said("decompress", MODEL, tmp_path / "grey.npy", tmp_path / "out.npy")[0] == 2
    assert said("decompress", MODEL, FOLDER / "mlp.vae", tmp_path / "out.png")[0] == 2
    assert said("decompress", "mnist-vae-2d", FOLDER / "mlp.vae", tmp_path / "out.npy")[0] == 2
    assert not (tmp_path / "a.vae").exists() and not (tmp_path / "out.npy").exists()
