"""A GPU beside the cpu: the losses after the same steps, and images per second beside the VAE of pytorch/examples on the same GPU.

python -m benchmarks.devices [--steps 500] [--presets vae,residual-vae] [--data-dir DIR]

Without a GPU it says so and ends. The noise of the two devices differs, so their losses agree as those of two seeds do. A batch of
128 of this small model keeps no GPU busy; the larger batch shows what the GPU can do.
"""

import argparse
import statistics
from collections.abc import Iterator
from pathlib import Path

import torch

from benchmarks.reference import ReferenceVAE, loaders, steps
from benchmarks.throughput import BATCHES, ours, seconds
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.devices.choice import available, chosen
from vae_core.metrics.elbo_nll_bits_per_dim import bound
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.live_controls import LiveControls
from vae_core.training.trainer import Trainer
from vae_core.utils.paths import data_dir

LARGE = 4096  # images of the larger batch


def reference(data: Path, device: str) -> Iterator[None]:
    model = ReferenceVAE().to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loader, _ = loaders(data)
    while True:
        for _ in steps(model, optimizer, loader, device):
            yield


def validation_loss(preset: str, device: str, count: int, data: Path) -> float:
    """-ELBO in nats per image on the validation images after `count` steps with seed 0, or the distortion without a rate."""
    config = DataConfig(dataset="mnist")
    images = load(config, data)
    run = build_run(preset, config, images.shape, len(images.classes), epochs=100, precision="fp32", device=device)
    trainer = Trainer(build(run.model, 0).train(), images, run, LiveControls())
    while trainer.at.step < count:
        for indices in trainer.order().split(run.train.batch_size)[: count - trainer.at.step]:
            trainer.step(indices)
        trainer.at.epoch += 1
    distortion, kl = bound(trainer.vae, images.val)
    return distortion + (0.0 if kl is None else float(kl.sum()))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--presets", default="vae,residual-vae")
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    device, *_ = available()
    if device == "cpu":
        print("This computer has no GPU that torch can use, so there is nothing to compare.")
        return
    data = data_dir(options.data_dir)
    name = torch.cuda.get_device_name(chosen(device)) if device == "cuda" else device
    print(f"cpu and {name}, torch {torch.__version__}")
    for preset in options.presets.split(","):
        losses = {place: validation_loss(preset, place, options.steps, data) for place in ("cpu", device)}
        said = ", ".join(f"{loss:.2f} on {place}" for place, loss in losses.items())
        print(f"{preset}: -ELBO of the validation images after {options.steps} steps, nats per image: {said}")
    turns = {
        "pytorch/examples, batch 128": (reference(data, device), 128),
        **{
            f"ours in {precision}, batch {size}": (ours(data, precision, size, device), size)
            for size in (128, LARGE)
            for precision in ("fp32", "bf16")
        },
    }
    for steps_of, _ in turns.values():
        seconds(steps_of, 20)
    for said, (steps_of, size) in turns.items():
        found = statistics.median(BATCHES * size / seconds(steps_of) for _ in range(5))
        print(f"{said}: {found:,.0f} images per second")


if __name__ == "__main__":
    main()
