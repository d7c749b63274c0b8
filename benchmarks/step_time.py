"""Time of one training step of each preset, compared with a plain VAE on the same network and with the operations it needs.

python -m benchmarks.step_time [--rounds 9] [--only iwae vae-gan ...]

Data are MNIST, with each preset as the Train page starts it (M2 with 100 labelled images), on one thread, in bf16 where the processor
has it. The partner of a preset is the preset `vae` with the same layers, code size, batch and precision: normal posterior and prior,
Bernoulli likelihood, ELBO. For `residual` the partner's network is `conv`, for `tied` it is `mlp`. The two take steps in turns, and the
ratio is the median over the turns.

The needed ratio is computed from operations that are counted during one step of each: floating-point operations of matrix products and
of convolutions, elements that arithmetic and that transcendental functions process, and the number of operations. Copies, views and
fills are not counted. A result that a step computes twice counts twice; a test checks that a bound with K codes counts one encoding and
K decodings. Each count is multiplied by the cost of one such operation, measured in the same run at a plain VAE's sizes, and the sum is
the time that the step needs. Floating-point operations alone would not be enough: a flow of a 2-D code has few multiplications but
hundreds of small operations in sequence. Times are processor times, so that other load on the machine disturbs less.
"""

import argparse
import os
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import conv2d
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

from vae_core.config import DataConfig
from vae_core.data import Dataset, load
from vae_core.models.build import build
from vae_core.objectives import Elbo
from vae_core.presets.build_run import build_run
from vae_core.presets.papers import PRESETS
from vae_core.presets.run_config import RunConfig
from vae_core.training.live_controls import LiveControls
from vae_core.training.precision import bf16_is_fast
from vae_core.training.trainer import Trainer
from vae_core.utils.memory import keep_freed_memory
from vae_core.utils.paths import data_dir

PLAIN = {"residual": "conv", "tied": "mlp"}
LABELLED = 100
BATCH, PIXELS, UNITS = 192, 784, 256
# Transcendental functions, which cost many times an addition; all other computing operations count as arithmetic.
SERIES = re.compile("exp|log|sigmoid|tanh|silu|softplus|erf|sqrt|pow|digamma|sin|cos|atan|normal|uniform")
MOVES = re.compile(
    "(^|_)(copy|clone|repeat|cat|stack|index|gather|scatter|select|slice|view|expand|fill|zero|ones|empty|full|detach)"
)


class OperationCounter(TorchDispatchMode):
    """Counts the operations of a step: those of products and convolutions, processed elements, and the number of operations."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        packet, name = func.overloadpacket, func.overloadpacket.__name__.strip("_")
        if packet in flop_registry:
            kind = "convolution" if "conv" in name else "product"
            self.counts[kind] += flop_registry[packet](*args, **(kwargs or {}), out_val=out)
            self.counts["operations"] += 1
        elif not func.is_view and not MOVES.search(name):
            tensors = [leaf for leaf in tree_leaves((args, kwargs, out)) if isinstance(leaf, Tensor)]
            if tensors:
                kind = "series" if SERIES.search(name) else "arithmetic"
                self.counts[kind] += (
                    sum(t.numel() for t in tensors) if "fused" in name else max(t.numel() for t in tensors)
                )
                self.counts["operations"] += 1
        return out


def count_operations(work: Callable[[], Any]) -> Counter[str]:
    with OperationCounter() as counter:
        work()
    return counter.counts


def seconds(work: Callable[[], Any], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times


def costs(dtype: torch.dtype) -> dict[str, float]:
    """Seconds per counted operation of each kind, at a plain VAE's sizes: the median of 9 measurements."""
    x, weight = torch.randn(BATCH, PIXELS).to(dtype), torch.randn(PIXELS, UNITS).to(dtype)
    maps, kernel = torch.randn(BATCH, 16, 14, 14).to(dtype), torch.randn(32, 16, 3, 3).to(dtype)
    pixels, small = torch.rand(BATCH, PIXELS), torch.rand(BATCH, 2, requires_grad=True)

    def chain() -> None:
        value = small
        for _ in range(50):
            value = value * 1.01
        value.sum().backward()

    works: dict[str, Callable[[], Any]] = {
        "product": lambda: x @ weight,
        "convolution": lambda: conv2d(maps, kernel, padding=1),
        "series": pixels.exp,
        "arithmetic": lambda: pixels * pixels,
        "operations": chain,
    }
    return {
        kind: statistics.median(seconds(work, 20) for _ in range(9)) / count_operations(work)[kind]
        for kind, work in works.items()
    }


def partner(run: RunConfig) -> RunConfig:
    """The plain VAE on the same layers, code, batch and precision."""
    plain = run.model.replace(
        network=PLAIN.get(run.model.network, run.model.network),
        posterior="normal",
        prior="normal",
        likelihood="bernoulli",
        classifier="none",
        classes=0,
        first=0,
        words=(),
        joint_posterior="product",
    )
    return run.replace(data=run.data.replace(labelled=None), model=plain, objective=Elbo().model_dump())


def steps(run: RunConfig, data: Dataset) -> Iterator[None]:
    """Training steps without end, from the middle of a training on, where M1+M2 trains the second of its models."""
    trainer = Trainer(build(run.model, 0).train(), data, run, LiveControls())
    trainer.at.step = (trainer.steps or 0) // 2
    while True:
        for indices in trainer.order().split(run.train.batch_size)[:-1]:
            trainer.step(indices)
            yield
        trainer.at.epoch += 1


def compared(run: RunConfig, data: Dataset, price: dict[str, float], rounds: int) -> tuple[float, float, float]:
    """Milliseconds of a partner's step, the measured ratio of the preset's step to it, and the needed ratio."""
    both = [steps(one, data) for one in (run, partner(run))]
    for turns in both:
        next(turns)
    own, plain = (
        sum(price[kind] * count for kind, count in count_operations(lambda turns=turns: next(turns)).items())
        for turns in both
    )
    found = []
    for _ in range(rounds):
        times = [seconds(lambda turns=turns: next(turns), 5) for turns in both]
        found.append(times)
    ratio = statistics.median(mine / other for mine, other in found)
    return 1000 * statistics.median(other for _, other in found), ratio, own / plain


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    names = [name for name, preset in PRESETS.items() if preset.kind is None]  # that can learn from pictures
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    torch.set_num_threads(1)
    keep_freed_memory()
    config = DataConfig(dataset="mnist")
    data = load(config, data_dir(options.data_dir))
    print(f"one thread, load {os.getloadavg()[0]:.1f} before the start")
    print(f"{'preset':18} {'partner':>10} {'ms':>6} {'ratio':>6} {'needed':>6} {'ratio / needed':>14}")
    precision = "bf16" if bf16_is_fast() else "fp32"
    price = costs(torch.bfloat16 if precision == "bf16" else torch.float32)
    shares = {}
    for name in options.only:
        run = build_run(name, config, data.shape, len(data.classes), precision=precision)
        if run.model.classifier != "none":
            run = run.replace(data=config.replace(labelled=LABELLED))
        plain, ratio, needed = compared(run, data, price, options.rounds)
        shares[name] = ratio / needed
        layers = partner(run).model.network
        print(f"{name:18} {layers:>10} {plain:6.1f} {ratio:6.2f} {needed:6.2f} {shares[name]:14.2f}", flush=True)
    within = sum(share <= 1.2 for share in shares.values())
    print(
        f"{within} of {len(shares)} within 20 % of the needed ratio; "
        f"ratio / needed from {min(shares.values()):.2f} to {max(shares.values()):.2f}"
    )


if __name__ == "__main__":
    main()
