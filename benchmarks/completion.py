"""What the hidden part of a picture costs: `python -m benchmarks.completion`, of MNIST's test pictures under a bundled model.

Nats of the true hidden part by one estimate for all methods, from SAMPLES codes each (vae_core/completion/missing_nats.py), and the
processor's time of one picture. The bars are those of the lower half under `mnist-vae-20d`. With `--choose` the rate of Adam and the
numbers of components and draws are compared on validation pictures.
"""

import argparse
import time
from itertools import product
from pathlib import Path

import numpy as np
import torch

from vae_core import checkpoints
from vae_core.completion.code_posterior import DRAWS, FEW, MANY, RATE
from vae_core.completion.completer import Completer
from vae_core.completion.hidden_parts import HIDDEN_PARTS, hidden_part
from vae_core.completion.methods import METHODS, Task, optimised
from vae_core.completion.missing_nats import SAMPLES, missing_nats
from vae_core.completion.weighted_codes import COMPONENTS, drawn_in_turn
from vae_core.data import Split, load
from vae_core.models.vae import VAE
from vae_core.utils.paths import data_dir

BARS = {f"optimised, {FEW} steps": 75.0, f"optimised, {MANY} steps": 68.0}  # lower half, mnist-vae-20d
AT_ONCE = 500
RATES, COUNTS = (0.05, 0.1, 0.2), ((1, 4), (2, 2), (4, 1), (8, 1))


def tasks(checkpoint: checkpoints.Checkpoint, split: Split, part: str, pictures: int) -> list[Task]:
    """The tasks of a part of a split, AT_ONCE pictures each."""
    hidden = hidden_part(part, *checkpoint.vae.config.shape[1:])
    completer, parts = Completer(checkpoint), split.x[:pictures].split(AT_ONCE)
    return [completer.task(x.numpy(), np.broadcast_to(hidden, (len(x), 1, *hidden.shape))) for x in parts]


def report(checkpoint: checkpoints.Checkpoint, split: Split, part: str, pictures: int, bars: dict[str, float]) -> None:
    """A line for each method, with the margin of a 95 % interval of the mean over pictures."""
    print(f"\n{part} hidden: nats of {SAMPLES} codes, mean over codes, ms a picture")
    each = tasks(checkpoint, split, part, pictures)
    for name, method in METHODS.items():
        found = [missing_nats(checkpoint.vae, task, method(checkpoint.vae, task, SAMPLES, 0)) for task in each]
        nats, over_codes = (torch.cat(parts) for parts in zip(*found, strict=True))
        margin, mean, bar = 1.96 * nats.std().item() / len(nats) ** 0.5, nats.mean().item(), bars.get(name)
        verdict = f"{'yes' if mean <= bar else 'NO'} (at most {bar:g})" if bar else ""
        numbers = f"{mean:7.2f} +- {margin:.2f}  {over_codes.mean().item():7.2f}"
        print(f"{name:22} {numbers}  {milliseconds(checkpoint.vae, each[0], name):6.0f}  {verdict}", flush=True)


def milliseconds(vae: VAE, task: Task, name: str) -> float:
    """Of the processor, for the code of one picture; the best of three."""
    y = None if task.y is None else task.y[:1]
    one, times = Task(task.x[:1], task.hidden[:1], task.hidden_parts[:1], task.filled[:1], y), []
    for _ in range(3):
        began = time.process_time()
        METHODS[name](vae, one, 1, 0)
        times.append(1000 * (time.process_time() - began))
    return min(times)


def choose(checkpoint: checkpoints.Checkpoint, split: Split, pictures: int) -> None:
    """Nats of validation pictures after FEW and MANY steps, for each rate and number of components and of draws."""
    vae, [task, *_] = checkpoint.vae, tasks(checkpoint, split, "lower-half", min(pictures, AT_ONCE))
    print(f"{'rate':>6} {'components':>10} {'draws':>6} {FEW:4} steps {MANY:4} steps")
    for (components, draws), rate in product(COUNTS, RATES):
        nats = []
        for steps in (FEW, MANY):
            mixture = optimised(vae, task, steps, rate=rate, components=components, draws=draws)
            nats.append(missing_nats(vae, task, drawn_in_turn(mixture, SAMPLES, 0))[0].mean().item())
        used = "  used" if (rate, components, draws) == (RATE, COMPONENTS, DRAWS) else ""
        print(f"{rate:6} {components:10} {draws:6} {nats[0]:10.2f} {nats[1]:10.2f}{used}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="mnist-vae-20d")
    parser.add_argument("--parts", nargs="+", choices=HIDDEN_PARTS, default=["lower-half"])
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    torch.set_num_threads(1)
    checkpoint = checkpoints.load(checkpoints.bundled() / Path(options.model).name)
    data = load(checkpoint.info.run.data, data_dir(options.data_dir))
    if options.choose:
        return choose(checkpoint, data.val, options.pictures)
    for part in options.parts:
        has_bars = (options.model, part) == ("mnist-vae-20d", "lower-half")
        report(checkpoint, data.test, part, options.pictures, BARS if has_bars else {})


if __name__ == "__main__":
    main()
