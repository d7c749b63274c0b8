"""Train the small classifier in whose features samples are measured: `python -m tools.features`, a few minutes on one core.

Its 42 classes: MNIST's ten digits (scikit-learn's 8 x 8 digits, enlarged, share them), Fashion-MNIST's ten, and of `shapes` the shape
and the quarter of the picture it stands in; ten more for binarised digits, so that black and white is no stranger. It prints its
accuracy on each data set's test split.
"""

import argparse
import time

import torch
from safetensors.torch import save_file
from torch import Generator, Tensor
from torch.nn import functional

from vae_core.config import DataConfig
from vae_core.data import Split, load
from vae_core.metrics.samples.features import WEIGHTS, Classifier, grey28

DATA = ("mnist", "digits", "fashion-mnist", "shapes")
OFFSET = {"mnist": 0, "digits": 0, "fashion-mnist": 10, "shapes": 20}
BINARY = 32  # the first of the classes of binarised MNIST
Pair = tuple[Tensor, Tensor]


def pair(name: str, split: Split) -> Pair:
    """Pictures uint8 (N, 1, 28, 28) and classes (N,)."""
    x = torch.cat([(grey28(part / 255) * 255).round().byte() for part in split.x.split(1000)])
    labels = split.labels
    if split.factors is not None:
        labels = labels * 4 + 2 * (split.factors[:, 4] > 3) + (split.factors[:, 3] > 3)
    return x, labels + OFFSET[name]


def binary(of: Pair, generator: Generator) -> Pair:
    """The same pictures drawn black or white, as classes of their own."""
    x = torch.cat([torch.bernoulli(part / 255, generator=generator).mul(255).byte() for part in of[0].split(1000)])
    return x, of[1] + BINARY


def train(parts: list[Pair], epochs: int, seed: int, batch: int = 256) -> Classifier:
    """Cross-entropy, Adam with one rise and fall of the rate, pictures moved by up to two pixels."""
    torch.manual_seed(seed)
    x, y = (torch.cat(tensors) for tensors in zip(*parts, strict=True))
    model = Classifier()
    steps = epochs * -(-len(x) // batch)
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(batch):
            down, right = torch.randint(-2, 3, (2,)).tolist()
            images = functional.pad(x[rows] / 255, (2, 2, 2, 2))[:, :, 2 + down : 30 + down, 2 + right : 30 + right]
            loss = functional.cross_entropy(model(images), y[rows], label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    _standardise(model.eval(), x[torch.randperm(len(x))[:20_000]])
    return model


def _standardise(model: Classifier, x: Tensor) -> None:
    with torch.no_grad():
        found = torch.cat([model.embed(part / 255) for part in x.split(1000)])
    model.centre.copy_(found.mean(0))
    model.spread.copy_(found.std(0))


def accuracy(model: Classifier, of: Pair) -> float:
    with torch.no_grad():
        said = torch.cat([model(part / 255).argmax(1) for part in of[0].split(1000)])
    return (said == of[1]).double().mean().item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    began = time.perf_counter()
    data = {name: load(DataConfig(dataset=name), options.data_dir) for name in DATA}
    noise = Generator().manual_seed(options.seed)
    learn = {name: pair(name, found.train) for name, found in data.items()}
    parts = [*learn.values(), *[learn["digits"]] * 4, binary(tuple(t[::2] for t in learn["mnist"]), noise)]
    model = train(parts, options.epochs, options.seed)
    tests = {name: pair(name, found.test) for name, found in data.items()}
    tests["mnist, binarised"] = binary(tests["mnist"], noise)
    for name, of in tests.items():
        print(f"{name}: {accuracy(model, of):.2%}", flush=True)
    save_file({name: tensor.half() for name, tensor in model.state_dict().items()}, WEIGHTS)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e3:.0f} kB in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
