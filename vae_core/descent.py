"""Minimising a loss over a table of numbers: the small trainings that need no events, no saves and no second thoughts."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Generator, Tensor, nn

from vae_core.errors import UserError
from vae_core.optim import Adam

WORSE = 1e3  # a loss so many times its start, or so many nats above it, has run away


class Diverged(UserError):
    """The minimising found no minimum: what happened, at which step."""


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
    """Minimise `loss` (row numbers (B,) -> a scalar) by Adam with a falling rate, and give its mean over the last epoch.

    Raises Diverged when the loss is no longer a number or ran away, or the last update left weights that are none.
    """
    adam, step, mean, first = Adam(parameters, (0.9, 0.99)), 0, float("nan"), float("nan")
    steps = epochs * -(-rows // batch_size)
    with _one_thread():
        for _ in range(epochs):
            total = 0.0
            for batch in torch.randperm(rows, generator=generator).split(batch_size):
                value = loss(batch)
                if not value.isfinite():
                    raise Diverged(f"at step {step + 1} of {steps} the loss is no longer a number")
                first = value.item() if step == 0 else first
                value.backward()
                adam.step(lr * min(1.0, 20 * (step + 1) / steps) * (1 - step / steps))
                total, step = total + value.item() * len(batch), step + 1
            mean = total / rows
    if not all(p.isfinite().all() for p in adam.parameters):
        raise Diverged("after the last step the weights are no longer numbers")
    if mean - first > WORSE * max(1.0, abs(first)):
        raise Diverged(f"the loss rose from {first:.4g} to {mean:.4g} nats")
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
