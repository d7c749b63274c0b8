"""The critic (discriminator) of the adversarial objectives, its loss, and the shuffled codes of FactorVAE."""

from torch import Generator, Tensor, nn
from torch.nn.functional import layer_norm, leaky_relu, softplus

from vae_core.devices import noise


class Critic(nn.Module):
    """Dense layers to one logit; the output of the last hidden layer is the features."""

    def __init__(self, inputs: int, width: int, depth: int) -> None:
        super().__init__()
        widths = [inputs, *[width] * depth]
        self.hidden = nn.ModuleList(nn.Linear(before, after) for before, after in zip(widths, widths[1:], strict=False))
        self.verdict = nn.Linear(width, 1)

    def features(self, x: Tensor) -> Tensor:
        """(B, *anything) -> (B, width), each row normalised to mean 0 and variance 1, which fixes the scale of distances."""
        h = x.flatten(1)
        for layer in self.hidden:
            h = leaky_relu(layer(h), 0.2)
        return layer_norm(h.float(), h.shape[1:])

    def forward(self, x: Tensor) -> Tensor:
        """The logit (B,) of x being of the first kind."""
        return self.verdict(self.features(x)).float().squeeze(1)


def critic_loss(first: Tensor, second: Tensor) -> Tensor:
    """The critic's loss: the binary cross-entropy of logits (B,) of the first kind plus that of logits (B,) of the second."""
    return softplus(-first).mean() + softplus(second).mean()


def shuffled(z: Tensor, generator: Generator) -> Tensor:
    """Each column of z (B, L) permuted independently: samples of the product of the marginals."""
    return z.gather(0, noise.uniform(z.shape, z, generator).argsort(0))
