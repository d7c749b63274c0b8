"""Adam and AdamW by torch's fused kernel, called directly.

Constructing any `torch.optim` optimiser imports torch's compiler, which costs each worker process about a second and
tens of megabytes; the kernel alone costs nothing. A test holds the steps to those of `torch.optim`.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn


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
        self.steps = [torch.zeros(()) for _ in self.parameters]

    def step(self, lr: float) -> None:
        """One update from the gradients that are there, at learning rate `lr`, and the gradients dropped."""
        used = [i for i, p in enumerate(self.parameters) if p.grad is not None]
        parameters, first, second, steps = (
            [group[i] for i in used] for group in (self.parameters, self.first, self.second, self.steps)
        )
        grads = [p.grad for p in parameters if p.grad is not None]
        with torch.no_grad():
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
        """Moments and step counts by name, to be saved; `load` takes them back."""
        groups = {"first": self.first, "second": self.second, "steps": self.steps}
        return {f"{name}.{i}": tensor for name, group in groups.items() for i, tensor in enumerate(group)}

    def load(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` gave."""
        for name, tensor in self.state().items():
            tensor.copy_(state[name])
