"""The optimisers Adam and AdamW with torch's fused kernels, and `minimise`, a small training loop over rows of a table.

Constructing any `torch.optim` optimiser imports torch's compiler, which costs each worker process about 1 s and tens of MB. Calling
the kernel directly avoids that. tests/training/test_fit.py compares the steps with those of `torch.optim`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Generator, Tensor, nn

from vae_core.errors import UserError

DIVERGED = 1e3  # a loss that rose by so many times its first value, or by so many nats, has diverged


class Adam:
    """Adam (Kingma and Ba 2015), or AdamW (Loshchilov and Hutter 2019) with `decoupled`, over dense parameters."""

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        betas: tuple[float, float],
        weight_decay: float = 0.0,
        decoupled: bool = False,
    ) -> None:
        self.parameters = [p for p in parameters if p.requires_grad]
        self.betas, self.weight_decay = betas, weight_decay
        self._kernel = torch._fused_adamw_ if decoupled else torch._fused_adam_
        self.first = [torch.zeros_like(p) for p in self.parameters]
        self.second = [torch.zeros_like(p) for p in self.parameters]
        device = self.parameters[0].device if self.parameters else None
        self.counts = torch.zeros(len(self.parameters), dtype=torch.float32, device=device)
        self.steps = list(self.counts)  # which are views: all of them are counted up at once

    def step(self, lr: float) -> None:
        """One update at learning rate `lr` from the gradients of the parameters, which are then removed."""
        used = [i for i, p in enumerate(self.parameters) if p.grad is not None]
        parameters, first, second, steps = (
            [group[i] for i in used] for group in (self.parameters, self.first, self.second, self.steps)
        )
        grads = [p.grad for p in parameters if p.grad is not None]
        with torch.no_grad():
            if len(used) == len(self.parameters):
                self.counts.add_(1)
            else:
                torch._foreach_add_(steps, 1)
            self._kernel(
                parameters,
                grads,
                first,
                second,
                [],
                steps,
                lr=lr,
                beta1=self.betas[0],
                beta2=self.betas[1],
                weight_decay=self.weight_decay,
                eps=1e-8,
                amsgrad=False,
                maximize=False,
            )
        for p in parameters:
            p.grad = None

    def state(self) -> dict[str, Tensor]:
        """The moments and step counts by name, as `load` takes them."""
        groups = {"first": self.first, "second": self.second, "steps": self.steps}
        return {f"{name}.{i}": tensor for name, group in groups.items() for i, tensor in enumerate(group)}

    def load(self, state: dict[str, Tensor]) -> None:
        """Restore what `state` gave."""
        for name, tensor in self.state().items():
            tensor.copy_(state[name])


class Diverged(UserError):
    """`minimise` diverged; the message says how and at which step."""


def minimise(
    parameters: Iterable[nn.Parameter],
    loss: Callable[[Tensor], Tensor],
    rows: int,
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    generator: Generator,
) -> float:
    """Minimise `loss` (row indices (B,) -> scalar) with Adam and a linearly decaying learning rate; return its last epoch's mean.

    Raises Diverged when the loss is not finite or has risen far above its first value, or the final weights are not finite.
    """
    adam, step, mean, first = Adam(parameters, (0.9, 0.99)), 0, float("nan"), float("nan")
    steps = epochs * -(-rows // batch_size)
    with _one_thread():
        for _ in range(epochs):
            total = 0.0
            for batch in torch.randperm(rows, generator=generator, device=generator.device).split(batch_size):
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
    if mean - first > DIVERGED * max(1.0, abs(first)):
        raise Diverged(f"the loss rose from {first:.4g} to {mean:.4g} nats")
    return mean


@contextmanager
def _one_thread() -> Iterator[None]:
    """Use one thread of torch inside the block: while a training uses the other core, two threads mostly wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
