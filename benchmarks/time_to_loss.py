"""Training time to the test loss that the reference reaches after 10 epochs, with the same architecture.

python -m benchmarks.time_to_loss [--threads 2] [--epochs 10]

The reference trains 10 epochs with its authors' settings. After each of them, the project trains the same model (784-400-20) from
scratch with its own settings. The ratio is the reference's training time divided by the project's median time. Both losses are -ELBO
on the 10,000 test images with grey targets, in nats per image. Evaluation is excluded from both times.
"""

import argparse
import statistics
import time

import torch

from benchmarks.reference import reference_epochs
from benchmarks.result_row import judged, report
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.data import Dataset, load
from vae_core.metrics import evaluate
from vae_core.models.build import build
from vae_core.models.vae import VAE
from vae_core.presets.run_config import RunConfig
from vae_core.training.live_controls import LiveControls
from vae_core.training.trainer import Trainer
from vae_core.utils.paths import data_dir

BAR = 20.0
RECIPE = {"epochs": 4, "batch_size": 320, "lr": 1.2e-2, "schedule": "linear", "warmup_steps": 100, "betas": (0.9, 0.99)}


def train(data: Dataset, seed: int, recipe: dict) -> tuple[float, VAE]:
    """Seconds of training and the trained model, with the same steps as fit()."""
    run = RunConfig(
        data=DataConfig(dataset="mnist"),
        model=ModelConfig(hidden=(400,), latent_dim=20),
        train=TrainConfig(**recipe, seed=seed, precision="auto"),
    )
    began = time.perf_counter()
    vae = build(run.model, seed).train()
    vae.init_from_mean((data.train.x[:5000].float() / 255).mean(0))
    trainer = Trainer(vae, data, run, LiveControls())
    for epoch in range(recipe["epochs"]):
        trainer.at.epoch = epoch
        for indices in trainer.order().split(recipe["batch_size"]):
            trainer.step(indices)
    return time.perf_counter() - began, vae


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    folder = data_dir(options.data_dir)
    data = load(DataConfig(dataset="mnist"), folder)
    theirs, mine, losses = [], [], []
    for number, epoch in zip(range(options.epochs), reference_epochs(folder), strict=False):
        theirs.append(epoch)
        seconds, vae = train(data, number, RECIPE)
        mine.append(seconds)
        losses.append(-evaluate(vae, data.test)["elbo"])
    total = sum(epoch.seconds for epoch in theirs)
    times, reached = total / statistics.median(mine), sum(loss <= theirs[-1].test_loss for loss in losses)
    threads = "one thread" if options.threads == 1 else f"{options.threads} threads"
    words = (
        f"{times:.1f} times shorter: {statistics.median(mine):.2f} s beside {total:.1f} s; {reached} of {len(losses)} seeds at or "
        f"below {theirs[-1].test_loss:.2f} nats (median {statistics.median(losses):.2f}, worst {max(losses):.2f})"
    )
    what = f"training time to the reference's test loss after {options.epochs} epochs, {threads}"
    report(judged(what, words, times, BAR, "times shorter", at_least=True))


if __name__ == "__main__":
    main()
