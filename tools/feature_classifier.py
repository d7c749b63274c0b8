"""Trains the classifier whose features are used to measure samples: `python -m tools.feature_classifier`, minutes on one core.

It has 42 classes: the 10 digits of MNIST, shared with scikit-learn's enlarged 8 x 8 digits; the 10 classes of Fashion-MNIST; 12 for
`shapes`, by shape and quarter of the image; and 10 for binarised digits, so that black-and-white images are in distribution. It prints
its accuracy on each data set's test split.
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
BINARISED_CLASSES = 32  # the first of the classes of binarised MNIST
Pair = tuple[Tensor, Tensor]


def labelled_images(name: str, split: Split) -> Pair:
    """Images uint8 (N, 1, 28, 28) and classes (N,) of a split."""
    x = torch.cat([(grey28(part / 255) * 255).round().byte() for part in split.x.split(1000)])
    labels = split.labels
    if split.factors is not None:
        labels = labels * 4 + 2 * (split.factors[:, 4] > 3) + (split.factors[:, 3] > 3)
    return x, labels + OFFSET[name]


def binarised(of: Pair, generator: Generator) -> Pair:
    """The same images with pixels drawn as black or white, with their own classes."""
    x = torch.cat([torch.bernoulli(part / 255, generator=generator).mul(255).byte() for part in of[0].split(1000)])
    return x, of[1] + BINARISED_CLASSES


def train(parts: list[Pair], epochs: int, seed: int, batch: int = 256) -> Classifier:
    """Train with cross-entropy, Adam with a one-cycle learning rate, and random shifts of up to 2 pixels."""
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
        predicted = torch.cat([model(part / 255).argmax(1) for part in of[0].split(1000)])
    return (predicted == of[1]).double().mean().item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    began = time.perf_counter()
    data = {name: load(DataConfig(dataset=name), options.data_dir) for name in DATA}
    noise = Generator().manual_seed(options.seed)
    learn = {name: labelled_images(name, found.train) for name, found in data.items()}
    parts = [*learn.values(), *[learn["digits"]] * 4, binarised(tuple(t[::2] for t in learn["mnist"]), noise)]
    model = train(parts, options.epochs, options.seed)
    tests = {name: labelled_images(name, found.test) for name, found in data.items()}
    tests["mnist, binarised"] = binarised(tests["mnist"], noise)
    for name, of in tests.items():
        print(f"{name}: {accuracy(model, of):.2%}", flush=True)
    save_file({name: tensor.half() for name, tensor in model.state_dict().items()}, WEIGHTS)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e3:.0f} kB in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
