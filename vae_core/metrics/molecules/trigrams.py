"""A floor for models of sequences: each token is drawn given the two before it, as often as the training data have it there.

What it makes is locally right and knows nothing of the whole, so a model of whole molecules should be nearer to the data.
"""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from vae_core.axes.token_ids import END, PAD
from vae_core.data.text.vocabulary import Ids, lengths

Pair = tuple[int, int]


def trigram_samples(ids: NDArray[np.generic], count: int, seed: int = 0) -> Ids:
    """Rows of ids (count, T) like the rows (N, T), each token drawn given the two before it, of which padding stands at the start."""
    length, random = ids.shape[1], np.random.default_rng(seed)
    shares = {pair: _shares(after) for pair, after in _counts(ids).items()}
    made = np.full((count, length), PAD, np.int16)
    for row in made:
        before = (PAD, PAD)
        for place in range(length):
            tokens, chances = shares[before]
            row[place] = random.choice(tokens, p=chances)
            if row[place] == END:
                break
            before = (before[1], int(row[place]))
            if before not in shares:  # the pair ends a row that has no room for its end
                break
    return made


def _counts(ids: NDArray[np.generic]) -> dict[Pair, Counter[int]]:
    """How often each token follows two others."""
    found: dict[Pair, Counter[int]] = defaultdict(Counter)
    for row, count in zip(np.asarray(ids).astype(int).tolist(), lengths(ids), strict=True):
        tokens = [PAD, PAD, *row[: count + 1]]
        for first, second, third in zip(tokens, tokens[1:], tokens[2:], strict=False):
            found[first, second][third] += 1
    return found


def _shares(after: Counter[int]) -> tuple[list[int], NDArray[np.float64]]:
    counts = np.array([*after.values()], np.float64)
    return [*after], counts / counts.sum()
