"""Samples per second of the project's training step and of the reference's, measured in the same run.

python -m benchmarks.throughput [--threads 2] [--rounds 15]

Both have the same model (784-400-20), batch size (128), likelihood and optimiser. They take turns of 100 batches, so that other load
slows both; the ratio is the median over the rounds. The app uses the precision that is faster on the machine, so that the bar is one
for the faster. The processor's peak is that of the fastest product of two square matrices in the same precision and the same run.
"""

import argparse
import itertools
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from benchmarks.reference import ReferenceVAE, loaders, steps
from benchmarks.result_row import judged, report
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.data import load
from vae_core.models.build import build
from vae_core.presets.run_config import RunConfig
from vae_core.training.live_controls import LiveControls
from vae_core.training.precision import fast_products
from vae_core.training.trainer import Trainer
from vae_core.utils.paths import data_dir

BATCHES, SIDE, BAR = 100, 2048, 3.7
TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
LAYERS = ((784, 400), (400, 40), (20, 400), (400, 784))
# A product and a sum for each weight, forwards, for the weights' gradient, and for the inputs' but for those of the first layer.
OPERATIONS = sum(2 * before * after * (3 if place else 2) for place, (before, after) in enumerate(LAYERS))


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


def peak(precision: str) -> float:
    """Operations a second of the fastest product of two square matrices."""
    matrix, took = torch.randn(SIDE, SIDE).to(TYPES[precision]), []
    with fast_products():
        for _ in range(5):
            began = time.perf_counter()
            matrix @ matrix
            took.append(time.perf_counter() - began)
    return 2 * SIDE**3 / min(took)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    data = data_dir(options.data_dir)
    theirs, mine = reference(data), {name: ours(data, name) for name in TYPES}
    for turns in (theirs, *mine.values()):
        seconds(turns, 20)
    ratios: dict[str, list[float]] = {name: [] for name in mine}
    rates: dict[str, list[float]] = {name: [] for name in ("the reference", *mine)}
    for _ in range(options.rounds):
        base = seconds(theirs)
        rates["the reference"].append(BATCHES * 128 / base)
        for name, turns in mine.items():
            took = seconds(turns)
            ratios[name].append(base / took)
            rates[name].append(BATCHES * 128 / took)
    found = {name: statistics.median(each) for name, each in ratios.items()}
    rate = {name: statistics.median(each) for name, each in rates.items()}
    each = [
        f"{found[name]:.2f} times in {name} (quartiles {_quartiles(ratios[name])}; {rate[name]:,.0f}, "
        f"{OPERATIONS * rate[name] / peak(name):.0%} of the processor's peak)"
        for name in sorted(found, key=lambda name: -found[name])
    ]
    threads = "one thread" if options.threads == 1 else f"{options.threads} threads"
    what = f"samples a second of a training, beside the reference with the same model and batch, {threads}"
    words = f"{', '.join(each)}; the reference {rate['the reference']:,.0f}"
    report(judged(what, words, max(found.values()), BAR, "times the reference", at_least=True))


def _quartiles(values: list[float]) -> str:
    low, _, high = statistics.quantiles(values, n=4)
    return f"{low:.2f} to {high:.2f}"


if __name__ == "__main__":
    main()
