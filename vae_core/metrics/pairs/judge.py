"""A classifier that is trained apart, on real pictures alone, and says what made pictures show; it never sees one in training."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from vae_core.data import to_input

BATCH = 128


class Judge:
    """A small convolutional network that reads words (W,) of `sizes` values each from pictures."""

    def __init__(
        self,
        pictures: Tensor,
        words: Tensor,
        sizes: Sequence[int],
        epochs: int,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        """Learn from `pictures` (N, C, H, W) as stored, with their `words` (N, W); the same ones give the same judge."""
        batches = max(1, len(pictures) // BATCH)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self.sizes, (channels, height, width) = list(sizes), pictures.shape[1:]
            inner = 32 * -(-height // 4) * -(-width // 4)
            self.network = nn.Sequential(
                nn.Conv2d(channels, 16, 5, 2, 2), nn.ReLU(), nn.Conv2d(16, 32, 5, 2, 2), nn.ReLU(), nn.Flatten(),
                nn.Linear(inner, 128), nn.ReLU(), nn.Linear(128, sum(sizes)),
            )  # fmt: skip
            optimiser = torch.optim.Adam(self.network.parameters())
            schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=epochs * batches)
            for epoch in range(epochs):
                for done, rows in enumerate(torch.randperm(len(pictures)).split(BATCH)[:batches]):
                    optimiser.zero_grad()
                    self._cost(to_input(pictures[rows]), words[rows]).backward()
                    optimiser.step()
                    schedule.step()
                    if progress is not None:
                        progress((epoch * batches + done + 1) / (epochs * batches))
        self.network.eval()

    def _cost(self, x: Tensor, words: Tensor) -> Tensor:
        each = self.network(x).split(self.sizes, 1)
        return torch.stack([cross_entropy(one, word) for one, word in zip(each, words.unbind(1), strict=True)]).sum()

    @torch.inference_mode()
    def __call__(self, x: Tensor) -> Tensor:
        """The words that pictures (B, C, H, W) in [0, 1] show, (B, W)."""
        parts = [self.network(part).split(self.sizes, 1) for part in x.split(1000)]
        return torch.cat([torch.stack([one.argmax(1) for one in part], 1) for part in parts])
