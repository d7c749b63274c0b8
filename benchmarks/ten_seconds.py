"""-ELBO of a 2-D VAE of MNIST after 10 seconds of training on one core.

python -m benchmarks.ten_seconds [--seconds 10] [--seeds 3]

The preset `vae` as the Train page starts it, on one thread. -ELBO is measured on the 10,000 test images, in nats per image.
"""

import argparse
import statistics

import torch

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit
from vae_core.utils.paths import data_dir


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
        *_, done = fit(build(run.model, seed), data, run)
        found.append(-done.figures["elbo"])
        print(
            f"seed {seed}: {found[-1]:.2f} nats after {done.seconds:.1f} s, {done.step} steps, {done.epoch} epochs",
            flush=True,
        )
    print(f"median -ELBO {statistics.median(found):.2f} nats (worst {max(found):.2f}) on one thread")


if __name__ == "__main__":
    main()
