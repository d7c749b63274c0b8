"""BLEU of sentences against others, and self-BLEU: how much the sentences of one set repeat each other."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ORDER = 4  # the longest n-grams


def self_bleu(sentences: Sequence[Sequence[str]], order: int = ORDER) -> NDArray[np.float64]:
    """BLEU of each sentence, a list of words, with all others as its references, (N,): 1 where all are equal, lower is more varied.

    Zhu et al. 2018 (Texygen, arXiv:1802.01886). BLEU is the geometric mean of the shares of n-grams of 1 to `order` words that a
    reference has as often, times exp(1 - r / c) for a sentence of c words shorter than the reference of r words nearest in length
    (Papineni et al. 2002); 0 where no n-gram of some length is in a reference, without smoothing. A sentence with fewer words than
    `order` is judged by the n-grams that it has.
    """
    grams = [[_grams(words, n) for words in sentences] for n in range(1, order + 1)]
    most = [_two_most(counts) for counts in grams]
    lengths = Counter(len(words) for words in sentences)
    return np.array([_bleu(words, place, grams, most, lengths) for place, words in enumerate(sentences)])


def _grams(words: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


def _two_most(counts: Sequence[Counter[tuple[str, ...]]]) -> dict[tuple[str, ...], tuple[int, int, int]]:
    """Of each n-gram the most times that a sentence has it, which sentence that is, and the most times of any other."""
    found: dict[tuple[str, ...], tuple[int, int, int]] = {}
    for place, one in enumerate(counts):
        for gram, times in one.items():
            first, where, second = found.get(gram, (0, -1, 0))
            found[gram] = (times, place, first) if times > first else (first, where, max(second, times))
    return found


def _bleu(
    words: Sequence[str],
    place: int,
    grams: Sequence[Sequence[Counter[tuple[str, ...]]]],
    most: Sequence[dict[tuple[str, ...], tuple[int, int, int]]],
    lengths: Counter[int],
) -> float:
    logs = []
    for counts, top in zip(grams, most, strict=True):
        own = counts[place]
        if not own:
            continue
        among_others = ((times, top[gram]) for gram, times in own.items())
        kept = sum(min(times, second if where == place else first) for times, (first, where, second) in among_others)
        if not kept:
            return 0.0
        logs.append(math.log(kept / own.total()))
    if not logs:
        return 0.0
    return math.exp(sum(logs) / len(logs)) * _brevity(len(words), lengths)


def _brevity(count: int, lengths: Counter[int]) -> float:
    """The penalty for a sentence shorter than the other sentence that is nearest in length; of two as near, the shorter one."""
    others = [length for length, times in lengths.items() if times > (length == count)]
    nearest = min(others, key=lambda length: (abs(length - count), length), default=count)
    return 1.0 if count >= nearest else math.exp(1 - nearest / count)
