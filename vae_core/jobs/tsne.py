"""t-SNE of a model's test codes (van der Maaten and Hinton 2008), computed in the background and cached on disk."""

import io
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vae_core.checkpoints import LATENTS, CheckpointInfo
from vae_core.jobs.job import Job
from vae_core.messages import Message
from vae_core.utils.files import write_atomically
from vae_core.utils.paths import home

ITERATIONS = 1000
Flat = NDArray[np.float32]


class Projection(Job[Flat]):
    """The t-SNE of one checkpoint's codes, identified by their hash: points (N, 2)."""

    @classmethod
    def of(cls, info: CheckpointInfo) -> "Projection":
        """The projection of a checkpoint; nothing is computed yet."""
        result = home() / "cache" / f"tsne-{info.hashes[LATENTS][:16]}.npy"
        return cls(result, _read, __name__, (str(info.folder / LATENTS), str(result)), _share)


def _read(path: Path) -> Flat:
    points = np.asarray(np.load(path, allow_pickle=False), np.float32)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise ValueError(Message("{path} does not hold points: compute them again.", path=path))
    return points


def _share(log: str) -> float:
    done = re.findall(r"Iteration (\d+)", log)
    return 0.02 + 0.98 * min(1.0, int(done[-1]) / ITERATIONS) if done else 0.02


def tsne(codes: Flat, seed: int = 0) -> Flat:
    """Points (N, 2) in which near codes (N, L) stay near; prints its progress."""
    from sklearn.manifold import TSNE

    perplexity = min(30.0, max(2.0, (len(codes) - 1) / 3))
    search = TSNE(2, perplexity=perplexity, init="pca", max_iter=ITERATIONS, random_state=seed, verbose=2)
    return np.asarray(search.fit_transform(codes), np.float32)


def main(codes: str, result: str) -> None:
    """Read the codes of latents.npz and write their points to `result`."""
    with np.load(codes, allow_pickle=False) as archive:
        points = tsne(archive["mean"].astype(np.float32))
    content = io.BytesIO()
    np.save(content, points)
    write_atomically({Path(result): content.getvalue()})
