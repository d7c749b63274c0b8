"""-ELBO of a 2-D VAE of MNIST after 10 seconds of training on one core.

python -m benchmarks.ten_seconds [--seconds 10] [--seeds 3]

The preset `vae` as the Train page starts it, on one thread, and then the reference with two codes for as long. -ELBO is measured on
the 10,000 test images, in nats per image.
"""

import argparse
import statistics
import time
from collections import deque
from pathlib import Path

import torch

from benchmarks.reference import ReferenceVAE, loaders, steps, test_loss
from benchmarks.result_row import judged, report
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit
from vae_core.utils.paths import data_dir

BAR = 137.5


def reference(data: Path, seconds: float) -> float:
    """-ELBO of the reference with two codes after so many seconds of training."""
    torch.manual_seed(1)
    train, test = loaders(data)
    model = ReferenceVAE(codes=2)
    optimizer, end = torch.optim.Adam(model.parameters(), lr=1e-3), time.perf_counter() + seconds
    while True:
        for _ in steps(model, optimizer, train):
            if time.perf_counter() >= end:
                return test_loss(model, test)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    torch.set_num_threads(1)
    config = DataConfig(dataset="mnist")
    data = load(config, data_dir(options.data_dir))
    found = []
    for seed in range(options.seeds):
        run = build_run("vae", config, data.shape, len(data.classes), seconds=options.seconds, epochs=None, seed=seed)
        (done,) = deque(fit(build(run.model, seed), data, run), 1)
        found.append(-done.figures["elbo"])
        print(
            f"seed {seed}: {found[-1]:.2f} nats after {done.seconds:.1f} s, {done.step} steps, {done.epoch} epochs",
            flush=True,
        )
    theirs = reference(data_dir(options.data_dir), options.seconds)
    middle, worst = statistics.median(found), max(found)
    words = f"median {middle:.1f} nats of {len(found)} (worst {worst:.1f}); the reference with two codes {theirs:.1f}"
    what = f"-ELBO of a 2-D VAE of MNIST after {options.seconds:g} s of training on one core"
    report(judged(what, words, middle, BAR, "nats"))


if __name__ == "__main__":
    main()
