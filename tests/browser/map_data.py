"""What the map's page shows and what its tests compare with: scikit-learn's digits, and made-up clusters."""

import numpy as np
from sklearn.datasets import load_digits

from vae_ui.stage.payload import Lattice, Payload, build_payload

TENS = [str(i) for i in range(10)]


def digits() -> Payload:
    x, labels = load_digits(return_X_y=True)
    mean = x.mean(0)
    _, s, v = np.linalg.svd(x - mean, full_matrices=False)
    scale = s[:2] / np.sqrt(len(x))
    codes = (x - mean) @ v[:2].T / scale
    side = np.linspace(-3, 3, 16)
    grid = np.stack(np.meshgrid(side, side[::-1]), -1).reshape(-1, 2)
    tiles = np.clip((grid * scale) @ v[:2] + mean, 0, 16).reshape(16, 16, 8, 8)
    picture = (tiles.transpose(0, 2, 1, 3).reshape(128, 128) * 15.9).astype(np.uint8)
    thumbs = (x.reshape(-1, 8, 8) * 15.9).astype(np.uint8)
    reach = 3 + 3 / 15
    lattice = Lattice(picture, (-reach, reach, -reach, reach))
    return build_payload(codes, labels, TENS, lattice=lattice, thumbs=thumbs, title="Digits")


def clusters(count: int) -> Payload:
    codes, labels, thumbs = made_up(count)
    names = TENS if count < 60000 else [f"Class {i}" for i in range(12)]
    return build_payload(codes, labels, names, thumbs=thumbs, axes=("PC 1 (34 %)", "PC 2 (21 %)"), prior=False)


def made_up(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Clusters on a ring; below 60,000 points each has a 28 x 28 picture, about as hard to compress as a digit."""
    noise = np.random.default_rng(0)
    kinds = 10 if count < 60000 else 12
    labels = noise.integers(0, kinds, count)
    turn = labels * 2 * np.pi / kinds
    codes = np.stack([np.cos(turn), np.sin(turn)], 1) * 3 + noise.normal(0, 0.5, (count, 2))
    if count >= 60000:
        return codes, labels, None
    small = np.clip(noise.normal(0, 1, (count, 7, 7)), 0, None)
    thumbs = np.clip(small.repeat(4, 1).repeat(4, 2) * 90 * (noise.random((count, 28, 28)) < 0.8), 0, 255)
    return codes, labels, thumbs.astype(np.uint8)
