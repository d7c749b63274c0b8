"""The reference for all speed figures: the VAE of pytorch/examples with its data loading and settings.

784-400-20 with ReLU, MNIST through a DataLoader with ToTensor, batch 128, Adam at 1e-3, binary cross-entropy summed over pixels. As
there, the loss is read at every step and the test loss is computed after every epoch.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader

from vae_core.data.torchvision_import import torchvision_datasets


class ReferenceVAE(nn.Module):
    """Kingma and Welling's model as that example writes it."""

    def __init__(self, codes: int = 20) -> None:
        super().__init__()
        self.fc1 = nn.Linear(784, 400)
        self.fc21 = nn.Linear(400, codes)
        self.fc22 = nn.Linear(400, codes)
        self.fc3 = nn.Linear(codes, 400)
        self.fc4 = nn.Linear(400, 784)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        h = F.relu(self.fc1(x.view(-1, 784)))
        mu, logvar = self.fc21(h), self.fc22(h)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z)))), mu, logvar


def loss_function(recon: Tensor, x: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
    bce = F.binary_cross_entropy(recon, x.view(-1, 784), reduction="sum")
    return bce - 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())


@dataclass
class Pass:
    """One epoch: seconds of training without evaluation, samples per second, and the test loss in nats per image or None."""

    seconds: float
    samples_per_second: float
    test_loss: float | None


def reference_epochs(data: Path, *, test: bool = True, seed: int = 1) -> Iterator[Pass]:
    """Train without end and yield each epoch."""
    torch.manual_seed(seed)
    train_loader, test_loader = loaders(data)
    model = ReferenceVAE()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    while True:
        began = time.perf_counter()
        for _ in steps(model, optimizer, train_loader):
            pass
        seconds = time.perf_counter() - began
        yield Pass(seconds, len(train_loader.dataset) / seconds, test_loss(model, test_loader) if test else None)


def steps(
    model: ReferenceVAE, optimizer: torch.optim.Optimizer, loader: DataLoader, device: str = "cpu"
) -> Iterator[float]:
    """One epoch: take a training step per batch, and yield the sum of the losses so far."""
    model.train()
    train_loss = 0.0
    for images, _ in loader:
        x = images.to(device)
        optimizer.zero_grad()
        loss = loss_function(*_with(model, x))
        loss.backward()
        train_loss += loss.item()
        optimizer.step()
        yield train_loss


def loaders(data: Path) -> tuple[DataLoader, DataLoader]:
    """Training and test loader, batch 128."""
    mnist = torchvision_datasets().MNIST
    from torchvision.transforms import ToTensor

    train, test = (mnist(data, train=train, transform=ToTensor()) for train in (True, False))
    return DataLoader(train, batch_size=128, shuffle=True), DataLoader(test, batch_size=128, shuffle=False)


def _with(model: ReferenceVAE, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    recon, mu, logvar = model(x)
    return recon, x, mu, logvar


@torch.no_grad()
def test_loss(model: ReferenceVAE, loader: DataLoader) -> float:
    """The mean over the test pictures, in nats per image."""
    model.eval()
    return sum(loss_function(*_with(model, x)).item() for x, _ in loader) / len(loader.dataset)
