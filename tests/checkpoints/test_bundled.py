"""The bundled models: all present, small enough, with the stated quality, and reproducible figures."""

import pytest

from tools.bundled_models import MODELS
from vae_core import checkpoints
from vae_core.data import load
from vae_core.explore.explorer import Explorer
from vae_core.metrics import evaluate

FOLDER = checkpoints.bundled()
BARS = {"mnist-vae-2d": 134.5, "mnist-vae-20d": 102.0, "digits-vae-2d": 24.5}  # -ELBO in nats per image, at most


def test_all_bundled_models_exist_within_20_megabytes():
    assert {folder.name for folder in FOLDER.iterdir()} == set(MODELS)
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"weights.safetensors", "run.json", "latents.npz"}
    assert sum(path.stat().st_size for path in files) <= 20e6


@pytest.mark.parametrize("name", MODELS)
def test_each_bundled_model_opens_and_decodes(name):
    model = Explorer.open(FOLDER / name)
    z = model.prior_samples(4, seed=0)
    assert model.decode(z).shape == (4, *model.shape)
    assert len(model.latents.labels) == model.info.figures["images"] and model.info.title


@pytest.mark.parametrize("name", BARS)
def test_the_best_known_are_as_good_as_promised(name):
    assert -checkpoints.info(FOLDER / name).figures["elbo"] <= BARS[name]


@pytest.mark.parametrize("name", MODELS)
def test_evaluate_prints_the_figures_again(name, data_root):
    checkpoint = checkpoints.load(FOLDER / name)
    config = checkpoint.info.run.data
    figures = evaluate(checkpoint.vae, load(config, data_root).test, config.target)
    for key, value in checkpoint.info.figures.items():
        assert figures[key] == (pytest.approx(value, rel=1e-4) if isinstance(value, float) else value), key
