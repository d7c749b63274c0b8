"""The top-down network p(lower|upper) between the two levels of a hierarchical code."""

from torch import Tensor, nn

from vae_core.config import ModelConfig
from vae_core.distributions.clamp import clamp
from vae_core.distributions.normal_and_point import DiagonalNormal
from vae_core.models.layers import dense

WIDTH = 64  # of the layers between the levels


class TopDown(nn.Module):
    """p(lower|upper): dense layers from the upper dimensions (..., T) to a normal with event (L - T,)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.top = config.latent_dim // 2
        self.layers = dense([self.top, WIDTH, WIDTH, 2 * (config.latent_dim - self.top)], config.activation)

    def forward(self, upper: Tensor) -> DiagonalNormal:
        mean, log_variance = self.layers(upper).float().chunk(2, -1)
        return DiagonalNormal(mean, (0.5 * clamp(log_variance, -10, 4)).exp())
