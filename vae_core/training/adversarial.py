"""The second network of an adversarial objective, with its own optimiser, and how two losses of one pass are followed."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vae_core.models.vae import VAE
from vae_core.objectives import Objective, Terms
from vae_core.utils.optimisers import Adam

BETAS = (0.5, 0.9)  # less memory than the model's: what the critic looks at changes as it learns (Kim and Mnih 2018)


class CriticTrainer:
    """`module` learns from `critic_loss`, the model from `loss`, each with the other held still."""

    def __init__(self, module: nn.Module, lr: float) -> None:
        self.module, self.lr = module, lr
        self.adam = Adam(module.parameters(), BETAS)

    def follow(self, terms: Terms, share: float, parameters: list[nn.Parameter]) -> None:
        """Add `share` of both slopes: of the loss for the model's `parameters`, of the critic's loss for its own."""
        assert terms.critic_loss is not None
        torch.autograd.backward(terms.loss * share, retain_graph=True, inputs=parameters)
        torch.autograd.backward(terms.critic_loss * share, inputs=self.adam.parameters)

    def step(self, factor: float) -> None:
        """One update at `factor` times its own learning rate."""
        self.adam.step(self.lr * factor)

    def state(self) -> dict[str, Tensor]:
        """Weights and moments by name, to be saved; `load` takes them back."""
        weights = {f"critic.{name}": tensor for name, tensor in self.module.state_dict().items()}
        return weights | {f"critic_adam.{name}": tensor for name, tensor in self.adam.state().items()}

    def load(self, weights: dict[str, Tensor], moments: dict[str, Tensor]) -> None:
        """Take back what `state` gave; raises KeyError or RuntimeError when it is of another critic."""
        self.module.load_state_dict(weights)
        self.adam.load(moments)


def critic_trainer(objective: Objective, vae: VAE, seed: int) -> CriticTrainer | None:
    """The objective's opponent of that model, its first weights fixed by `seed`; None for most objectives."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = objective.critic(vae)
    return None if module is None else CriticTrainer(module, getattr(objective, "critic_lr", 1e-3))
