"""Trains the models that are bundled with the app: `make checkpoints`, or `python -m tools.bundled_models NAME ...`.

Each is trained by fit() with a fixed seed; its figures are those of the test split.
"""

import argparse
import shutil
import sys
import time
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from vae_core import checkpoints
from vae_core.checkpoints import bundled
from vae_core.config import DataConfig
from vae_core.data import Dataset, load
from vae_core.metrics import evaluate, posterior_of
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.rounded_weights import Rounding
from vae_core.slim.rounding_choice import all_in, rounded_copy
from vae_core.training.fit import fit
from vae_core.training.saved_state import STATE

MNIST, SMALL = DataConfig(dataset="mnist"), (256, 128, 64)
LONG_TRAINING = {"batch_size": 256, "lr": 5e-3}  # for minutes of training; the presets' own settings are for seconds
MODELS: dict[str, tuple[str, DataConfig, dict[str, Any]]] = {
    "digits-vae-2d": ("vae", DataConfig(), {"title": "Digits 8x8, VAE 2-D", "epochs": 300}),
    "digits-ae-2d": ("autoencoder", DataConfig(), {"title": "Digits 8x8, autoencoder 2-D", "epochs": 300}),
    "mnist-vae-2d": ("vae", MNIST, {"title": "MNIST, VAE 2-D", "epochs": 60}),
    "mnist-ae-2d": ("autoencoder", MNIST, {"title": "MNIST, autoencoder 2-D", "epochs": 60}),
    "mnist-vae-20d": ("vae", MNIST, {"title": "MNIST, VAE 20-D", "latent_dim": 20, "hidden": (400, 200), "epochs": 60}),
    "mnist-beta-10d": (
        "beta-vae",
        MNIST,
        {"title": "MNIST, beta-VAE 10-D", "latent_dim": 10, "hidden": SMALL, "epochs": 30},
    ),
    "mnist-cvae-2d": ("cvae", MNIST, {"title": "MNIST, conditional VAE 2-D", "hidden": SMALL, "epochs": 30}),
    "fashion-vae-2d": (
        "vae",
        DataConfig(dataset="fashion-mnist"),
        {"title": "Fashion-MNIST, VAE 2-D", "hidden": SMALL, "epochs": 30},
    ),
    "shapes-beta-10d": (
        "beta-vae",
        DataConfig(dataset="shapes"),
        {"title": "Shapes, beta-VAE 10-D", "latent_dim": 10, "network": "conv", "hidden": (32, 32, 64), "epochs": 30},
    ),
    # Weight and length were chosen together, on validation pictures: a weight of 1 in fewer epochs read one shape of five wrongly.
    "shapes-words-16d": (
        "mopoe",
        DataConfig(dataset="shapes"),
        {
            "title": "Shapes + words, MoPoE-VAE 16-D",
            "latent_dim": 16,
            "hidden": (256, 256),
            "word_weight": 5.0,
            "batch_size": 128,
            "lr": 3e-3,
            "epochs": 120,
        },
    ),
    # Two numbers cannot hold a sentence: with a weight of 0.2 they hold half of it, with 1 nothing.
    "sentences-2d": (
        "beta-vae",
        DataConfig(dataset="sentences"),
        {
            "title": "Sentences, RNN-VAE 2-D",
            "network": "gru",
            "likelihood": "tokens",
            "latent_dim": 2,
            "beta": 0.2,
            "kl_schedule": "linear",
            "kl_warmup": 0.3,
            "epochs": 10,
        },
    ),
    "points-moons": ("vae", DataConfig(dataset="points", variant="moons"), {"title": "Moons, VAE 2-D", "epochs": 200}),
}


HALF = {
    "shapes-words-16d",
    "sentences-2d",
}  # whose weights are stored in half precision, so that all models together stay within 20 MB


def make(name: str, data_dir: str | None) -> None:
    """Train one of MODELS and write its checkpoint; raises UserError."""
    chosen, config, settings = MODELS[name]
    data = load(config, data_dir)
    defaults = LONG_TRAINING if data.shape[-1] >= 28 else {}
    run = build_run(chosen, config, data.shape, len(data.classes), **(defaults | data.layout_settings | settings))
    folder = bundled() / name
    began = time.perf_counter()
    (end,) = deque(fit(build(run.model, run.train.seed), data, run, folder=folder), 1)
    if end.kind == "failed":
        sys.exit(f"{name}: {end.record()['message']}")
    (folder / STATE).unlink(missing_ok=True)
    if name in HALF:
        _in_half(folder, data)
    measured = checkpoints.info(folder).figures
    figures = {key: round(value, 3) for key, value in measured.items() if isinstance(value, float)}
    print(f"{name}: {figures} in {time.perf_counter() - began:.0f} s, {_size(folder) / 1e6:.1f} MB", flush=True)


def _in_half(folder: Path, data: Dataset) -> None:
    """Write a checkpoint again with its weights in half precision, and the codes and figures that it then has."""
    found = checkpoints.load(folder)
    matrices = {name: Rounding(16, 0) for name, value in found.vae.state_dict().items() if value.dim() == 2}
    info, roundings = found.info, matrices | all_in(16, found.vae)
    vae = rounded_copy(found.vae, roundings)
    mean, scale = (part.numpy() for part in posterior_of(vae, data.test, info.run.data.target))
    latents, figures = replace(found.latents, mean=mean, scale=scale), evaluate(vae, data.test, info.run.data.target)
    checkpoints.save(
        folder,
        vae,
        info.run,
        figures,
        latents,
        info.classes,
        info.training,
        vocabulary=info.vocabulary,
        roundings=roundings,
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(MODELS)} (default: all)")
    parser.add_argument("--data-dir")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if unknown := set(options.names) - set(MODELS):
        parser.error(f"there is no model {', '.join(sorted(unknown))}")
    torch.set_num_threads(options.threads)
    for name in options.names or MODELS:
        make(name, options.data_dir)
    for folder in () if options.names else bundled().iterdir():
        if folder.is_dir() and folder.name not in MODELS:
            shutil.rmtree(folder)
    print(f"all: {_size(bundled()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
