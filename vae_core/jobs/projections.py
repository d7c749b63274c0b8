"""t-SNE (van der Maaten and Hinton 2008) and UMAP (McInnes et al. 2018, arXiv:1802.03426) of a model's test codes.

They are computed in the background and cached on disk. UMAP needs the extra `umap`, which is imported in the background process only.
"""

import io
import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vae_core.checkpoints import LATENTS, CheckpointInfo
from vae_core.errors import UserError
from vae_core.jobs.job import Job
from vae_core.messages import Message
from vae_core.utils.files import write_atomically
from vae_core.utils.paths import home

ITERATIONS = 1000
Flat = NDArray[np.float32]


class Projection(Job[Flat]):
    """The projection of one checkpoint's codes, identified by the method and the codes' hash: points (N, 2)."""

    @classmethod
    def of(cls, info: CheckpointInfo, method: str = "tsne") -> "Projection":
        """The projection of a checkpoint by a method of METHODS; nothing is computed yet."""
        result = home() / "cache" / f"{method}-{info.hashes[LATENTS][:16]}.npy"
        return cls(result, _read, __name__, (str(info.folder / LATENTS), str(result), method), _share)


def _read(path: Path) -> Flat:
    points = np.asarray(np.load(path, allow_pickle=False), np.float32)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise ValueError(Message("{path} does not hold points: compute them again.", path=path))
    return points


def _share(log: str) -> float:
    """From what scikit-learn (iterations) or umap-learn (percent of its epochs) has printed."""
    done = [int(n) / ITERATIONS for n in re.findall(r"Iteration (\d+)", log)]
    done += [int(n) / 100 for n in re.findall(r"Epochs completed:\s+(\d+)%", log)]
    return 0.02 + 0.98 * min(1.0, done[-1]) if done else 0.02


def tsne(codes: Flat, seed: int = 0) -> Flat:
    """Points (N, 2) in which near codes (N, L) stay near; prints its progress."""
    from sklearn.manifold import TSNE

    perplexity = min(30.0, max(2.0, (len(codes) - 1) / 3))
    search = TSNE(2, perplexity=perplexity, init="pca", max_iter=ITERATIONS, random_state=seed, verbose=2)
    return np.asarray(search.fit_transform(codes), np.float32)


def has_umap() -> bool:
    """Whether the library of the extra `umap` is installed; it is not imported."""
    return find_spec("umap") is not None


def umap(codes: Flat, seed: int = 0) -> Flat:
    """Points (N, 2) in which near codes (N, L) stay near; prints its progress. Raises UserError without the extra `umap`."""
    if not has_umap():
        raise UserError("UMAP needs an extra library: run pip install 'vae-explorer[umap]', or choose t-SNE.")
    from umap import UMAP

    search = UMAP(n_neighbors=min(15, len(codes) - 1), random_state=seed, n_jobs=1, verbose=True)
    return np.asarray(search.fit_transform(codes), np.float32)


METHODS = {"tsne": tsne, "umap": umap}


def main(codes: str, result: str, method: str) -> None:
    """Read the codes of latents.npz and write their points to `result`."""
    with np.load(codes, allow_pickle=False) as archive:
        points = METHODS[method](archive["mean"].astype(np.float32))
    content = io.BytesIO()
    np.save(content, points)
    write_atomically({Path(result): content.getvalue()})
