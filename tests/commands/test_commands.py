"""Each sub-command: one JSON object per line, exit status, and sentences instead of stack traces."""

import json
import subprocess
import sys

import pytest
from PIL import Image

from vae_core.__main__ import main


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "model"
    assert main(["train", "--epochs", "3", "--set", "hidden=[32]", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def said(capsys):
    """Run a command line; returns its exit status, the JSON objects that it printed, and the text of the error stream."""

    def run(*words):
        try:
            code = main([str(word) for word in words])
        except SystemExit as stop:
            code = stop.code
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return run


def test_train_prints_a_line_per_epoch_and_the_checkpoint(said, tmp_path):
    code, lines, err = said(
        "train", "--dataset", "digits", "--latent-dim", 3, "--epochs", 2, "--seed", 4, "--out", tmp_path / "a"
    )
    assert (code, err, len(lines)) == (0, "", 3)
    for number, line in enumerate(lines[:2], 1):
        assert set(line) == {"epoch", "train_loss", "elbo", "distortion", "rate", "seconds"} and line["epoch"] == number
        assert line["elbo"] == pytest.approx(-(line["distortion"] + line["rate"]))
    assert lines[2]["event"] == "done" and lines[2]["checkpoint"] == str(tmp_path / "a")


def test_evaluate_prints_the_figures_of_run_json(said, trained):
    code, [figures], _ = said("evaluate", trained)
    document = json.loads((trained / "run.json").read_text())
    assert code == 0 and figures == document["figures"]
    _, [with_nll], _ = said("evaluate", trained, "--nll-samples", 20)
    assert with_nll["nll"] < -figures["elbo"] and with_nll["nll_samples"] == 20


def test_encode_prints_the_codes_of_the_test_split_and_of_a_picture(said, trained, tmp_path):
    Image.new("L", (20, 20), 255).save(tmp_path / "white.png")
    code, lines, _ = said("encode", trained)
    assert code == 0 and len(lines) == json.loads((trained / "run.json").read_text())["figures"]["images"]
    assert set(lines[0]) == {"index", "label", "mean", "scale"} and len(lines[0]["mean"]) == 2
    code, [line], _ = said("encode", trained, tmp_path / "white.png")
    assert code == 0 and len(line["mean"]) == 2 and min(line["scale"]) > 0


def test_a_picture_without_ink_is_said_on_the_error_stream(said, trained, tmp_path):
    Image.new("L", (200, 200), 255).save(tmp_path / "white.png")
    code, lines, errors = said("encode", trained, tmp_path / "white.png")
    assert code == 0 and len(lines) == 1 and "I see no ink" in errors


def test_written_pictures_have_the_right_size(said, trained, tmp_path):
    code, [line], _ = said("generate", trained, "-n", 9, "--out", tmp_path / "grid.png")
    assert code == 0 and line["samples"] == 9
    width, height = Image.open(tmp_path / "grid.png").size
    assert width == height >= 3 * 8 * 4
    code, [line], _ = said(
        "interpolate", trained, 0, 1, "--steps", 5, "--path", "spherical", "--out", tmp_path / "strip.png"
    )
    assert code == 0 and len(line["a"]) == 2
    strip = Image.open(tmp_path / "strip.png")
    assert strip.width > 4 * strip.height
    code, [line], _ = said("reconstruct", trained, tmp_path / "grid.png", "--out", tmp_path / "again.png")
    assert code == 0 and line["elbo"] == pytest.approx(-(line["distortion"] + line["rate"]))


def test_the_same_seed_generates_the_same_file(said, trained, tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        said("generate", trained, "-n", 4, "--seed", seed, "--out", tmp_path / name)
    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b != c


def test_runs_datasets_and_presets_are_listed(said, home):
    assert {line["name"] for line in said("datasets")[1]} >= {
        "digits",
        "mnist",
        "fashion-mnist",
        "kmnist",
        "shapes",
        "points",
        "pictures",
    }
    assert {line["name"] for line in said("presets")[1]} >= {"vae", "autoencoder", "beta-vae", "cvae"}
    assert said("runs") == (0, [], "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["train", "--out", "x", "--dataset", "imagenet"], "choose one of digits"),
        (["train", "--out", "x", "--preset", "gan"], "known are vae"),
        (["train", "--out", "x", "--latent-dim", "0"], "latent_dim"),
        (["train", "--out", "x", "--set", "hidden"], "write FIELD=VALUE"),
        (["train", "--out", "x", "--set", "wings=2"], "'wings' is not a setting"),
        (["train", "--out", "x", "--dataset", "points", "--set", 'network="conv"'], "points"),
        (["train"], "--out"),
        (["evaluate", "nowhere"], "There is no checkpoint in nowhere"),
        (["datasets", "--download", "digits"], "no data set of that name can be downloaded"),
        (["fly"], "invalid choice"),
    ],
)
def test_wrong_arguments_exit_2_with_a_sentence(said, words, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, lines, err = said(*words)
    assert (code, lines) == (2, []) and says in err and "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_a_failed_job_exits_1(said, tmp_path):
    code, lines, _ = said("train", "--lr", 1e6, "--epochs", 30, "--set", "warmup_steps=0", "--out", tmp_path / "x")
    assert code == 1 and lines[-1]["event"] == "failed" and "learning rate" in lines[-1]["message"]


def test_the_module_runs_as_a_program():
    done = subprocess.run([sys.executable, "-m", "vae_core", "presets"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stderr == "" and json.loads(done.stdout.splitlines()[0])["name"] == "vae"
