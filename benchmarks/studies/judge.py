"""A classifier that is trained apart, on real pictures alone, and says what made pictures show; it never sees one in training."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from vae_core.data import to_input

BATCH = 128


class Judge:
    """A small convolutional network that reads words (W,) of `sizes` values each from grey pictures whose sides are multiples of 4."""

    def __init__(self, pictures: Tensor, words: Tensor, sizes: Sequence[int], epochs: int) -> None:
        """`pictures` (N, 1, H, W) as stored, with their `words` (N, W)."""
        torch.manual_seed(0)
        self.sizes, (height, width) = list(sizes), pictures.shape[-2:]
        self.network = nn.Sequential(
            nn.Conv2d(1, 16, 5, 2, 2), nn.ReLU(), nn.Conv2d(16, 32, 5, 2, 2), nn.ReLU(), nn.Flatten(),
            nn.Linear(32 * (height // 4) * (width // 4), 128), nn.ReLU(), nn.Linear(128, sum(sizes)),
        )  # fmt: skip
        optimiser, steps = torch.optim.Adam(self.network.parameters()), epochs * (len(pictures) // BATCH)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
        for _ in range(epochs):
            for rows in torch.randperm(len(pictures)).split(BATCH)[: len(pictures) // BATCH]:
                optimiser.zero_grad()
                self._cost(to_input(pictures[rows]), words[rows]).backward()
                optimiser.step()
                schedule.step()
        self.network.eval()

    def _cost(self, x: Tensor, words: Tensor) -> Tensor:
        each = self.network(x).split(self.sizes, 1)
        return torch.stack([cross_entropy(one, word) for one, word in zip(each, words.unbind(1), strict=True)]).sum()

    @torch.inference_mode()
    def __call__(self, x: Tensor) -> Tensor:
        """The words that pictures (B, 1, H, W) in [0, 1] show, (B, W)."""
        parts = [self.network(part).split(self.sizes, 1) for part in x.split(1000)]
        return torch.cat([torch.stack([one.argmax(1) for one in part], 1) for part in parts])
