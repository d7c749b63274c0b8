"""Label propagation on a graph of near neighbours (Zhou et al. 2004, "Learning with local and global consistency").

scikit-learn's LabelSpreading builds its graph again with every fit, which takes longer than all the rest; here it is built once.
The choices were made on MNIST's validation pictures: `python -m benchmarks.figures few-labels --choose`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vae_core.utils.arrays import Int64

Values = NDArray[np.float32]
NEIGHBOURS = 10
KEPT = 0.99  # of what a neighbour says at each step; the rest is the label that was given
STEPS = 30


@dataclass(frozen=True)
class Graph:
    """`weights` (N, N) are the normalised weights of neighbours; `typical` (N,) is how near an example's neighbours are, negative."""

    weights: sparse.csr_matrix
    typical: NDArray[np.float64]


def neighbour_graph(features: NDArray[np.floating], neighbours: int = NEIGHBOURS) -> Graph:
    """The graph in which each of the examples (N, D) is joined to its nearest ones, on their scale (Zelnik-Manor and Perona 2004)."""
    from sklearn.neighbors import NearestNeighbors

    count = len(features)
    near = max(0, min(neighbours, count - 1))
    if not near:
        return Graph(sparse.csr_matrix((count, count), dtype=np.float32), np.zeros(count))
    distance, index = NearestNeighbors(n_neighbors=near).fit(features).kneighbors()
    width = np.maximum(distance[:, -1], 1e-12)
    weight = np.exp(-(distance**2) / (width[:, None] * width[index]))
    rows = np.arange(0, count * near + 1, near)
    one_way = sparse.csr_matrix((weight.ravel(), index.ravel(), rows), shape=(count, count))
    both = one_way.maximum(one_way.T)
    scale = sparse.diags(1 / np.sqrt(np.maximum(np.asarray(both.sum(1)).ravel(), 1e-12)))
    return Graph((scale @ both @ scale).tocsr().astype(np.float32), -distance.mean(1))


def propagate(
    graph: Graph, where: Int64, labels: Int64, classes: int, kept: float = KEPT, steps: int = STEPS
) -> Values:
    """The probability of each class for every example, (N, classes), from the labels (K,) of the examples `where` (K,).

    Each class has the same mass in all (class mass normalisation, Zhu et al. 2003); a row of zeros is an example that no label
    has reached, since nothing joins it to one.
    """
    given = np.zeros((graph.weights.shape[0], classes), np.float32)
    given[where, labels] = 1
    found = given.copy()
    weights, anew = graph.weights * np.float32(kept), np.float32(1 - kept) * given
    for _ in range(steps):
        found = weights @ found + anew
    found /= np.maximum(found.sum(0), 1e-12)
    return np.asarray(found / np.maximum(found.sum(1, keepdims=True), 1e-12), np.float32)
