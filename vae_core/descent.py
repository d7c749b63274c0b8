"""Minimising a loss over a table of numbers: the small trainings that need no events, no saves and no second thoughts."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Generator, Tensor, nn

from vae_core.optim import Adam


def descend(
    parameters: Iterable[nn.Parameter],
    loss: Callable[[Tensor], Tensor],
    rows: int,
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    generator: Generator,
) -> float:
    """Minimise `loss` (row numbers (B,) -> a scalar) by Adam with a falling rate, and give its mean over the last epoch."""
    adam, step, mean = Adam(parameters, (0.9, 0.99)), 0, float("nan")
    steps = epochs * -(-rows // batch_size)
    with _one_thread():
        for _ in range(epochs):
            total = 0.0
            for batch in torch.randperm(rows, generator=generator).split(batch_size):
                value = loss(batch)
                value.backward()
                adam.step(lr * min(1.0, 20 * (step + 1) / steps) * (1 - step / steps))
                total, step = total + value.item() * len(batch), step + 1
            mean = total / rows
    return mean


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch work alone: where a training has the other core, two threads mostly wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
