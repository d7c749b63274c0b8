"""Sentences: shown as text, several below one another, words that changed marked; as small pictures one line for each word."""

import csv
import io
from collections.abc import Sequence
from html import escape
from itertools import zip_longest
from typing import Any, ClassVar

import numpy as np
import streamlit as st

from vae_core.axes.token_ids import PAD
from vae_core.config import ModelConfig
from vae_core.data.tables.columns import Columns
from vae_core.data.text.tokens import gaps
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.explore.loaded_model import Images
from vae_core.images import writing
from vae_core.utils.arrays import UInt8
from vae_ui.base import pictures
from vae_ui.base.translation import t
from vae_ui.views.bars import bars
from vae_ui.views.base import Inputs, Source, Strip

LINE = "padding:2px 8px;line-height:1.5;overflow-wrap:anywhere;"


class SentenceView:
    """Sentences (T,) as token ids of any type, padded at their end."""

    sources: ClassVar[tuple[Source, ...]] = ("test", "type")
    files: ClassVar[tuple[str, ...]] = ("csv",)
    thumb: ClassVar[int] = 32
    on_release: ClassVar[bool] = False
    moves: ClassVar[bool] = False
    mixes: ClassVar[bool] = False
    draws_samples: ClassVar[bool] = False
    has_target: ClassVar[bool] = False
    has_slopes: ClassVar[bool] = False
    tiles: ClassVar[bool] = False

    def __init__(self, model: ModelConfig, columns: Columns = (), vocabulary: Vocabulary | None = None) -> None:
        self.count = model.vocabulary
        self.vocabulary = vocabulary or Vocabulary(
            words=tuple(f"#{place}" for place in range(max(1, model.vocabulary - 3)))
        )

    def pictures(self, x: Inputs) -> UInt8:
        return writing.word_lines(np.asarray(x, np.float32), self.count)

    def map_texts(self, x: Inputs) -> list[str]:
        return self.texts(x)

    def as_inputs(self, decoded: Images) -> Inputs:
        return decoded.astype(np.int16)

    def texts(self, x: Inputs) -> list[str]:
        """The text of each of x (N, T)."""
        return self.vocabulary.sentences(np.asarray(x))

    def figure(self, x: Inputs, alt: str, part: str | None = None, width: int = 220) -> str:
        paint = f"border-left:3px solid {pictures.tint(part)};" if part else ""
        text = escape(self.texts(np.asarray(x)[None])[0])
        return f'<div role="group" aria-label="{escape(alt)}" style="{LINE}max-width:{max(width, 320)}px;{paint}">{text}</div>'

    def strips(self, strips: Sequence[Strip], cell: int, header: Sequence[str] = (), above: bool = False) -> str:
        return "".join(self._strip(strip, header) for strip in strips)

    def _strip(self, strip: Strip, header: Sequence[str]) -> str:
        """The sentences of a strip below one another; a word that is not that of the sentence above it is bold."""
        words = self.vocabulary.words_of(np.asarray(strip.x))
        marked = None if strip.mark is None else min(len(words) - 1, int(strip.mark * len(words)))
        names = [*header, *[""] * (len(words) - len(header))]
        lines = "".join(
            self._line(name, above, own, place == marked)
            for place, (name, above, own) in enumerate(
                zip(names, [words[0] if words else [], *words], words, strict=False)
            )
        )
        title = (
            f"<b>{escape(strip.name)}</b> <span style='opacity:.75'>{escape(strip.note)}</span>" if strip.name else ""
        )
        pale = "opacity:.5;" if strip.faded else ""
        return (
            f'<div style="margin-bottom:12px;{pale}">{title}<div role="region" tabindex="0" aria-label="{escape(strip.alt)}" '
            f'style="overflow-x:auto"><table style="border-collapse:collapse;font-size:.9rem">{lines}</table></div></div>'
        )

    def _line(self, name: str, above: Sequence[str], own: Sequence[str], is_marked: bool) -> str:
        ring = f"outline:2px solid {pictures.tint('z')};outline-offset:-2px;" if is_marked else ""
        changed = (word != before for word, before in zip_longest(own, above[: len(own)]))
        text = "".join(
            gap + (f"<b>{escape(word)}</b>" if new else escape(word))
            for gap, word, new in zip(gaps(own, self.vocabulary.spaced), own, changed, strict=True)
        )
        head = f'<th scope="row" style="font-weight:400;opacity:.75;text-align:right">{escape(name)}</th>'
        return f'<tr>{head}<td style="{LINE}{ring}">{text}</td></tr>'

    def gallery(self, x: Inputs, alts: Sequence[str], words: Sequence[str], part: str | None = None) -> str:
        return "".join(
            f"{self.figure(one, alt, part)}<small style='opacity:.75;padding-left:8px'>{escape(said)}</small>"
            for one, alt, said in zip(x, alts, words, strict=True)
        )

    def sheet(self, x: Images, alt: str, columns: int | None) -> None:
        st.dataframe({t("sentence"): self.texts(x)}, height=480, hide_index=True)

    def content(self, x: Images, columns: int | None, width: int, file: str) -> bytes:
        out = io.StringIO()
        csv.writer(out).writerows([["sentence"], *([text] for text in self.texts(x))])
        return out.getvalue().encode("utf-8-sig")

    def on_pad(self, x: Inputs, blank: bool, brush: dict[str, Any]) -> dict[str, object]:
        return {"point": pictures.sent(np.asarray(x, np.float32)), "draw": False}

    def sum_words(self) -> str:
        return t("The distortion is a sum over the words of the sentence and its end.")

    def input_words(self, dataset: str) -> list[str]:
        names = ", ".join(f"{place}: {name}" for place, name in enumerate(self.vocabulary.names) if name)
        return [t("x (N, T), whole numbers: the ids of the words, then the end, then 0 as padding."), names]

    def output_words(self) -> str:
        return t("The ids of the words that are likeliest one after the other, as in x.")

    def error(self, x: Inputs, made: Images, error: Images) -> None:
        is_token = np.asarray(x) != PAD
        same = int(((np.asarray(x) == made) & is_token).sum())
        st.caption(
            t(
                "{same} of {count} tokens of x′ are those of x at the same place, the end included.",
                same=same, count=int(is_token.sum()),
            )
        )  # fmt: skip
        st.html(
            self._strip(
                Strip("", "", np.stack([np.asarray(x), made]), t("x, and x′ with its other words in bold")), ("x", "x′")
            )
        )

    def nats(self, x: Inputs, by_part: Images, alt: str) -> str:
        names = [self.vocabulary.names[int(token)] for token in x if token != PAD]
        shown = by_part[: len(names)]
        return bars(names, shown.tolist(), [f"{v:.2f}" for v in shown], alt, ("rate", "distortion"))

    def slopes(self, slopes: Images, names: Sequence[str], alts: Sequence[str]) -> str:
        return f"<p>{escape(t('Words change in steps, so they have no slope.'))}</p>"
