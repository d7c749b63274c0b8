"""The presets by the kind of data that they are for, and small batches of each kind."""

import torch
from torch import Generator, Tensor

from vae_core.axes.token_ids import END, MARKS, PAD
from vae_core.config import ModelConfig
from vae_core.presets.papers import PRESETS

OF_NUMBERS = [name for name, preset in PRESETS.items() if preset.kind is None]  # pictures, points or rows
OF_SENTENCES = [name for name, preset in PRESETS.items() if preset.kind == "tokens"]
WORDS = {"shape": (7,), "vocabulary": 12}  # of a small model of sentences


def batch(model: ModelConfig, count: int = 6) -> Tensor:
    """Random inputs (count, *shape) that a model takes: numbers in [0, 1], or sentences of different lengths."""
    noise = Generator().manual_seed(0)
    if model.kind != "tokens":
        return torch.rand(count, *model.shape, generator=noise)
    length = model.shape[0]
    ids = torch.randint(len(MARKS), model.vocabulary, (count, length), generator=noise)
    ends = (torch.arange(count) % length).flip(0).unsqueeze(1)
    place = torch.arange(length)
    return ids.where(place < ends, PAD).where(place != ends, END).float()
