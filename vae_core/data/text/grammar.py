"""A small grammar of ours: every sentence once, in English or in Chinese, with the seven factors that it says.

Subject, verb, object, tense, number, adjective and polarity are independent and uniform, so the entropy of a sentence is exactly the
logarithm of how many sentences there are.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from vae_core.axes.token_ids import END, PAD
from vae_core.data.text.vocabulary import Ids, Vocabulary
from vae_core.utils.arrays import Int64

TENSES, NUMBERS, POLARITIES = ("past", "present", "future"), ("singular", "plural"), ("affirmative", "negative")
FACTORS = ("subject", "verb", "object", "tense", "number", "adjective", "polarity")
SUBJECTS = (  # singular, plural, Chinese
    ("teacher", "teachers", "老师"), ("doctor", "doctors", "医生"), ("farmer", "farmers", "农民"), ("child", "children", "孩子"),
    ("woman", "women", "女人"), ("man", "men", "男人"), ("singer", "singers", "歌手"), ("baker", "bakers", "面包师"),
    ("painter", "painters", "画家"), ("driver", "drivers", "司机"), ("nurse", "nurses", "护士"), ("worker", "workers", "工人"),
    ("student", "students", "学生"), ("writer", "writers", "作家"),
)  # fmt: skip
VERBS = (  # infinitive, third person, past, Chinese
    ("watch", "watches", "watched", "看"), ("buy", "buys", "bought", "买"), ("sell", "sells", "sold", "卖"),
    ("paint", "paints", "painted", "画"), ("seek", "seeks", "sought", "找"), ("push", "pushes", "pushed", "推"),
    ("take", "takes", "took", "拿"), ("carry", "carries", "carried", "搬"), ("repair", "repairs", "repaired", "修"),
    ("wash", "washes", "washed", "洗"), ("send", "sends", "sent", "送"), ("borrow", "borrows", "borrowed", "借"),
)  # fmt: skip
OBJECTS = (
    ("ball", "球"), ("book", "书"), ("boat", "船"), ("car", "车"), ("table", "桌子"), ("lamp", "灯"), ("chair", "椅子"),
    ("clock", "钟"), ("drum", "鼓"), ("flower", "花"), ("cake", "蛋糕"), ("key", "钥匙"), ("hat", "帽子"), ("kite", "风筝"),
)  # fmt: skip
ADJECTIVES = (
    ("tall", "高大"), ("young", "年轻"), ("old", "年老"), ("happy", "快乐"), ("quiet", "安静"), ("kind", "善良"), ("clever", "聪明"),
    ("brave", "勇敢"),
)  # fmt: skip
SIZES = (len(SUBJECTS), len(VERBS), len(OBJECTS), len(TENSES), len(NUMBERS), len(ADJECTIVES), len(POLARITIES))


SLOTS = ((0, 4, 5), (1, 3, 4, 6), (2,))  # which factors each of the three phrases of a sentence says


def english_subject(subject: int, number: int, adjective: int) -> str:
    """The old teachers."""
    return f"the {ADJECTIVES[adjective][0]} {SUBJECTS[subject][number]}"


def english_predicate(verb: int, tense: int, number: int, polarity: int) -> str:
    """Did not buy; it agrees with the number of the subject."""
    base, third, past, _ = VERBS[verb]
    affirmative, negative = (
        (past, f"did not {base}"),
        (base if number else third, f"{'do' if number else 'does'} not {base}"),
        (f"will {base}", f"will not {base}"),
    )[tense]
    return negative if polarity else affirmative


def english_object(place: int) -> str:
    """The boat."""
    return f"the {OBJECTS[place][0]}"


def chinese_subject(subject: int, number: int, adjective: int) -> str:
    """这些年老的老师: these old teachers."""
    return f"{'这些' if number else '这个'}{ADJECTIVES[adjective][1]}的{SUBJECTS[subject][2]}"


def chinese_predicate(verb: int, tense: int, number: int, polarity: int) -> str:
    """昨天没有买: did not buy yesterday; it does not depend on the number."""
    does = VERBS[verb][3]
    affirmative, negative = (
        (f"昨天{does}了", f"昨天没有{does}"),
        (f"现在在{does}", f"现在不{does}"),
        (f"明天会{does}", f"明天不会{does}"),
    )[tense]
    return negative if polarity else affirmative


def chinese_object(place: int) -> str:
    """船: the boat."""
    return OBJECTS[place][1]


PHRASES: dict[bool, tuple[Callable[..., str], ...]] = {
    False: (english_subject, english_predicate, english_object),
    True: (chinese_subject, chinese_predicate, chinese_object),
}


@dataclass(frozen=True)
class Grammar:
    """The grammar in one language; a sentence is a row of words in English and of characters in Chinese."""

    chinese: bool = False

    def sentence(self, factors: Sequence[int]) -> str:
        """The sentence of one value of each factor, in the order of FACTORS."""
        said = (phrase(*(factors[k] for k in slot)) for phrase, slot in zip(PHRASES[self.chinese], SLOTS, strict=True))
        return ("" if self.chinese else " ").join(said)

    @property
    def entropy(self) -> float:
        """The entropy of a sentence in nats: no model has a smaller expected -ln p(x)."""
        return math.log(math.prod(SIZES))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All words or characters, in the order in which the phrases have them."""
        pieces = [
            piece for slot in self._phrases for text in slot for piece in ([*text] if self.chinese else text.split())
        ]
        return Vocabulary(words=tuple(dict.fromkeys(pieces)), spaced=not self.chinese)

    @cached_property
    def factors(self) -> Int64:
        """The factors of every sentence, (N, 7), in the order of FACTORS."""
        return np.ascontiguousarray(np.indices(SIZES, dtype=np.int64).reshape(len(SIZES), -1).T)

    @cached_property
    def ids(self) -> Ids:
        """Every sentence once, as rows of ids (N, T) in the order of `factors`."""
        columns = []
        for slot, texts in zip(SLOTS, self._phrases, strict=True):
            sizes = tuple(SIZES[k] for k in slot)
            rows = self.vocabulary.ids(texts, 1 + max(len(self.vocabulary.pieces(text)) for text in texts))
            rows[rows == END] = PAD
            columns.append(rows[np.ravel_multi_index(tuple(self.factors[:, k] for k in slot), sizes)])
        columns.append(np.full((len(self.factors), 1), END, np.int16))
        return _left_aligned(np.concatenate(columns, 1))

    def parse(self, ids: np.ndarray[Any, np.dtype[Any]]) -> Int64:
        """The index of each row of ids (N, T) among all sentences, (N,); -1 where it is not a sentence of the grammar.

        There are finitely many sentences, so that a look-up of the whole row parses it.
        """
        rows, length = np.asarray(ids), self.ids.shape[1]
        wide = np.full((len(rows), max(length, rows.shape[1])), PAD, np.int16)
        wide[:, : rows.shape[1]] = rows
        known, order = self._sorted
        keys = _keys(wide[:, :length])
        at = np.searchsorted(known, keys).clip(max=len(known) - 1)
        same = (self.ids[order[at]] == wide[:, :length]).all(1) & (wide[:, length:] == PAD).all(1)
        return np.where(same, order[at], -1)

    @cached_property
    def _phrases(self) -> list[list[str]]:
        """The texts of each slot, for all values of its factors."""
        sizes = [tuple(SIZES[k] for k in slot) for slot in SLOTS]
        return [
            [phrase(*values) for values in np.ndindex(*size)]
            for phrase, size in zip(PHRASES[self.chinese], sizes, strict=True)
        ]

    @cached_property
    def _sorted(self) -> tuple[Int64, Int64]:
        keys = _keys(self.ids)
        order = keys.argsort()
        return keys[order], order


def _left_aligned(rows: Ids) -> Ids:
    """The rows (N, T) with their padding moved to the end, as short as the longest needs."""
    moved = np.take_along_axis(rows, (rows == PAD).argsort(1, kind="stable"), 1)
    return np.ascontiguousarray(moved[:, : int((moved != PAD).sum(1).max())])


def _keys(rows: Ids) -> Int64:
    """A number for each row (N, T), by which rows are found; the sentences of the grammar have different ones."""
    mixed = np.zeros(len(rows), np.uint64)
    for column in rows.T:
        mixed = (mixed ^ column.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1)
    return mixed.view(np.int64)
