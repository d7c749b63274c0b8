"""Samples per second of the project's training step and of the reference's, measured in the same run.

python -m benchmarks.throughput [--threads 2] [--rounds 15]

Both have the same model (784-400-20), batch size (128), likelihood and optimiser. They take turns of 100 batches, so that other load
slows both; the ratio is the median over the rounds.
"""

import argparse
import itertools
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from benchmarks.reference import ReferenceVAE, loaders, steps
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.data import load
from vae_core.models.build import build
from vae_core.presets.run_config import RunConfig
from vae_core.training.live_controls import LiveControls
from vae_core.training.trainer import Trainer
from vae_core.utils.paths import data_dir

BATCHES = 100


def reference(data: Path) -> Iterator[None]:
    model = ReferenceVAE()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loader, _ = loaders(data)
    while True:
        for _ in steps(model, optimizer, loader):
            yield


def ours(data: Path, precision: str, batch_size: int = 128, device: str = "cpu") -> Iterator[None]:
    run = RunConfig(
        data=DataConfig(dataset="mnist"),
        model=ModelConfig(hidden=(400,), latent_dim=20),
        train=TrainConfig(
            batch_size=batch_size,
            lr=1e-3,
            schedule="constant",
            warmup_steps=0,
            betas=(0.9, 0.999),
            precision=precision,
            device=device,
        ),
    )
    vae = build(run.model, 0).train()
    trainer = Trainer(vae, load(run.data, data), run, LiveControls())
    while True:
        for indices in trainer.order().split(batch_size):
            trainer.step(indices)
            yield
        trainer.at.epoch += 1


def seconds(turns: Iterator[None], batches: int = BATCHES) -> float:
    began = time.perf_counter()
    for _ in itertools.islice(turns, batches):
        pass
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    data = data_dir(options.data_dir)
    theirs, mine = reference(data), {name: ours(data, name) for name in ("fp32", "bf16")}
    for turns in (theirs, *mine.values()):
        seconds(turns, 20)
    ratios: dict[str, list[float]] = {name: [] for name in mine}
    rate = []
    for _ in range(options.rounds):
        base = seconds(theirs)
        rate.append(BATCHES * 128 / base)
        for name, turns in mine.items():
            ratios[name].append(base / seconds(turns))
    print(f"reference: {statistics.median(rate):,.0f} samples/s on {options.threads} threads, batch 128")
    for name, found in ratios.items():
        print(f"{name}: {statistics.median(found):.2f} x the reference's samples/s (quartiles {_quartiles(found)})")


def _quartiles(values: list[float]) -> str:
    low, _, high = statistics.quantiles(values, n=4)
    return f"{low:.2f} to {high:.2f}"


if __name__ == "__main__":
    main()
