"""Active learning with few labels: the most typical example of the largest group that has no label yet.

TypiClust (Hacohen, Dekel and Weinshall 2022, arXiv:2202.02794). With this few labels it beats asking where the classifier is
unsure, which finds odd examples first.
"""

import numpy as np

from vae_core.few_labels.classifiers import Examples
from vae_core.utils.arrays import Int64

MOST_GROUPS = 100
SAME = 3  # decimals in which two examples agree that are the same


def propose(examples: Examples, where: Int64, count: int = 1, seed: int = 0) -> Int64:
    """The next `count` examples to be labelled, the most useful one first, where those of `where` (K,) have labels.

    Fewer where fewer are left. The examples are put into as many groups (k means) as there will be labels, at most MOST_GROUPS, and at
    most as many as there are different examples: a table may have a few different rows, each of them often.
    """
    from sklearn.cluster import KMeans

    left = np.setdiff1d(np.arange(len(examples.features)), where)
    count = min(count, len(left))
    if not count:
        return np.empty(0, np.int64)
    different = len(np.unique(examples.features.round(SAME), axis=0))
    groups = min(MOST_GROUPS, len(where) + count, different)
    member = KMeans(groups, n_init=1, random_state=seed).fit_predict(examples.features)
    told, chosen = np.bincount(member[where], minlength=groups), []
    size = np.bincount(member[left], minlength=groups)
    for _ in range(count):
        group = int(np.lexsort((-size, told + (size == 0) * len(member)))[0])
        inside = left[member[left] == group]
        chosen.append(int(inside[examples.graph.typical[inside].argmax()]))
        left = left[left != chosen[-1]]
        told[group] += 1
        size[group] -= 1
    return np.array(chosen, np.int64)
