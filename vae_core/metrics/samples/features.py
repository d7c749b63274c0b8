"""Features of images for sample quality: the 64 features of a small classifier that `python -m tools.feature_classifier` trains.

It was trained on digits, clothes and shapes (42 classes, see the tool), with 28 x 28 grey pixels. A distance in this feature space
depends on *this* classifier: it is not the FID and cannot be compared with figures of papers.
"""

from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from vae_core.errors import UserError

WEIGHTS = Path(__file__).with_name("features.safetensors")
SIDE, WIDTH, CLASSES = 28, 64, 42
CHUNK = 500


class Classifier(nn.Module):
    """Three convolutions of stride 2, 64 features, and the logits of the classes: grey images (B, 1, 28, 28) -> (B, 42).

    `centre` and `spread` are the features' mean and standard deviation over the training images.
    """

    centre: Tensor
    spread: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv2d(1, 16, 5, 2, 2),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, 2, 1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, 2, 1),
            nn.ReLU(),
        )
        self.features = nn.Linear(64 * 4 * 4, WIDTH)
        self.logits = nn.Linear(WIDTH, CLASSES)
        self.register_buffer("centre", torch.zeros(WIDTH))
        self.register_buffer("spread", torch.ones(WIDTH))

    def embed(self, x: Tensor) -> Tensor:
        """Features (B, 64) of grey images (B, 1, 28, 28) in [0, 1], standardised by mean and deviation over the training images."""
        return (self._raw(x) - self.centre) / self.spread

    def forward(self, x: Tensor) -> Tensor:
        return self.logits(functional.relu(self._raw(x)))

    def _raw(self, x: Tensor) -> Tensor:
        return self.features(self.convolutions(x - 0.5).flatten(1))


def grey28(x: Tensor) -> Tensor:
    """Images (B, C, H, W) in [0, 1] as the classifier's input, (B, 1, 28, 28): the mean over channels, resized."""
    grey = x.mean(1, keepdim=True)
    if grey.shape[2:] == (SIDE, SIDE):
        return grey
    return functional.interpolate(grey, (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False).clamp(0, 1)


@cache
def bundled() -> Classifier:
    """The trained classifier; raises UserError where its weights are missing."""
    if not WEIGHTS.is_file():
        raise UserError(
            "{name} is missing beside {other}: run python -m tools.feature_classifier.",
            name=WEIGHTS.name,
            other=Path(__file__).name,
        )
    model = Classifier()
    model.load_state_dict({name: tensor.float() for name, tensor in load_file(WEIGHTS).items()})
    return model.eval()


def features(x: Tensor) -> Tensor:
    """Features (N, 64) of images (N, C, H, W), uint8 or in [0, 1]; points (N, 2) are returned as they are."""
    if x.dim() == 2:
        return x.float()
    with torch.no_grad():
        parts = [(part / 255 if part.dtype == torch.uint8 else part).clamp(0, 1) for part in x.split(CHUNK)]
        return torch.cat([bundled().embed(grey28(part)) for part in parts])
