"""Networks that tell two kinds of codes or pictures apart, and what they are shown."""

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import layer_norm, leaky_relu, softplus


class Critic(nn.Module):
    """Dense layers to one logit; the last hidden layer's numbers are its features."""

    def __init__(self, inputs: int, width: int, depth: int) -> None:
        super().__init__()
        widths = [inputs, *[width] * depth]
        self.hidden = nn.ModuleList(nn.Linear(before, after) for before, after in zip(widths, widths[1:], strict=False))
        self.verdict = nn.Linear(width, 1)

    def features(self, x: Tensor) -> Tensor:
        """(B, *anything) -> (B, width), each row of mean 0 and variance 1: a distance between features keeps its scale."""
        h = x.flatten(1)
        for layer in self.hidden:
            h = leaky_relu(layer(h), 0.2)
        return layer_norm(h.float(), h.shape[1:])

    def forward(self, x: Tensor) -> Tensor:
        """The logit (B,) that x is of the first kind."""
        return self.verdict(self.features(x)).float().squeeze(1)


def critic_loss(first: Tensor, second: Tensor) -> Tensor:
    """What a critic minimises: the cross-entropy of logits (B,) that should be high, and of ones that should be low."""
    return softplus(-first).mean() + softplus(second).mean()


def shuffled(z: Tensor, generator: Generator) -> Tensor:
    """Each column of z (B, L) in an order of its own: samples of the product of its marginals."""
    return z.gather(0, torch.rand(z.shape, generator=generator).to(z.device).argsort(0))
