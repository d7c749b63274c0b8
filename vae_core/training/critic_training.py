"""Training of the critic, the second network of an adversarial objective, beside the model."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vae_core.devices.choice import device_of
from vae_core.models.vae import VAE
from vae_core.objectives import Objective, Terms
from vae_core.utils.optimisers import Adam

# A shorter memory than the model's, because the critic's inputs change as the model learns (Kim and Mnih 2018).
BETAS = (0.5, 0.9)


class CriticTrainer:
    """The critic with its own optimiser. It learns from `Terms.critic_loss`, the model learns from `Terms.loss`."""

    def __init__(self, module: nn.Module, lr: float) -> None:
        self.module, self.lr = module, lr
        self.adam = Adam(module.parameters(), BETAS)

    def backward(self, terms: Terms, share: float, parameters: list[nn.Parameter]) -> None:
        """Add `share` of both gradients: of the loss for the model's `parameters`, of the critic's loss for the critic's own."""
        assert terms.critic_loss is not None
        torch.autograd.backward(terms.loss * share, retain_graph=True, inputs=parameters)
        torch.autograd.backward(terms.critic_loss * share, inputs=self.adam.parameters)

    def step(self, factor: float) -> None:
        """One optimiser step at `factor` times the critic's own learning rate."""
        self.adam.step(self.lr * factor)

    def state(self) -> dict[str, dict[str, Tensor]]:
        """The weights ("critic") and Adam's moments ("critic_adam") by name, as `load` takes them."""
        return {"critic": self.module.state_dict(), "critic_adam": self.adam.state()}

    def load(self, weights: dict[str, Tensor], moments: dict[str, Tensor]) -> None:
        """Restore what `state` gave; raises KeyError or RuntimeError when it belongs to another critic."""
        self.module.load_state_dict(weights)
        self.adam.load(moments)


def critic_trainer(objective: Objective, vae: VAE, seed: int) -> CriticTrainer | None:
    """The objective's critic for that model, initialised with `seed`; None for objectives without a critic."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = objective.critic(vae)
    return None if module is None else CriticTrainer(module.to(device_of(vae)), getattr(objective, "critic_lr", 1e-3))
