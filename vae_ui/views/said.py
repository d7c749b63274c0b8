"""The words that a model of pairs says of its outputs, in the session's language: below pictures, and as sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from vae_core.data.words import Caption
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_core.utils.arrays import Int64
from vae_ui.base.translation import language


@dataclass(frozen=True)
class Said:
    """What is said of one picture: the value of each word, and the sentence that they make."""

    words: tuple[str, ...]
    sentence: str


def says(model: Explorer, z: Codes) -> list[Said]:
    """The most probable words at each code z (N, L); none for a model without words."""
    caption = model.info.caption
    return [] if caption is None else in_words(caption, model.most_probable_words(z))


def in_words(caption: Caption, words: Int64) -> list[Said]:
    """Words (N, W), each the index of its value."""
    return [
        Said(
            tuple(word.values(language())[at] for word, at in zip(caption.words, one, strict=True)),
            caption.phrase(one, language()),
        )
        for one in words.tolist()
    ]


def sentences(said: Sequence[Said], count: int) -> list[str]:
    """The sentence of each of `count` outputs; empty ones where nothing is said."""
    return [one.sentence for one in said] or [""] * count
