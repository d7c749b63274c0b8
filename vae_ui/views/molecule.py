"""Molecules: their structures drawn by the server as SVG, in strips, galleries and sheets; on the map as small pictures.

The browser has no chemistry: it writes the tokens while a hand moves z, and the structure follows on release. Every SVG is one that
RDKit made, and stands in an <img>, where nothing in it can run.
"""

import base64
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import ClassVar

import numpy as np
import streamlit as st

from vae_core.axes.token_ids import PAD
from vae_core.explore.loaded_model import Images
from vae_core.molecules import drawing, files
from vae_core.molecules.extra import has_extra
from vae_core.molecules.fingerprints import similarity
from vae_core.molecules.structures import canonical, structure
from vae_core.utils.arrays import UInt8
from vae_ui.base import pictures
from vae_ui.base.translation import t
from vae_ui.views.base import Inputs, Strip
from vae_ui.views.sentence import SentenceView

THUMB = (84, 112)  # height and width of a picture on the map, which its tooltip shows pixel by pixel
RATIO = 0.75  # of height to width
NARROWEST = 84  # of a structure whose atoms can be read
TILE = 118  # of a sheet


class MoleculeView(SentenceView):
    """Molecules (T,) as the token ids of their SELFIES or SMILES, padded at their end.

    Without the extra `molecules` they are shown as the sentences of tokens that they are.
    """

    files: ClassVar[tuple[str, ...]] = ("smi", "sdf")
    thumb: ClassVar[int] = max(THUMB)
    on_release: ClassVar[bool] = True

    def smiles(self, x: Inputs) -> list[str]:
        """Each of x (N, T) as SMILES, which need be no molecule."""
        return self.vocabulary.smiles(np.asarray(x)) if self._can_draw else self.texts(x)

    @property
    def _can_draw(self) -> bool:
        return has_extra() and bool(self.vocabulary.notation)

    def pictures(self, x: Inputs) -> UInt8:
        if not self._can_draw:
            return super().pictures(x)
        return (
            np.stack([drawing.picture(one, *THUMB[::-1]) for one in self.smiles(x)])
            if len(x)
            else np.zeros((0, *THUMB), np.uint8)
        )

    def map_texts(self, x: Inputs) -> list[str]:
        return [] if self._can_draw else self.texts(x)

    def figure(self, x: Inputs, alt: str, part: str | None = None, width: int = 220) -> str:
        if not self._can_draw:
            return super().figure(x, alt, part, width)
        (smiles,) = self.smiles(np.asarray(x)[None])
        return drawn(smiles, alt, part, max(NARROWEST, width))

    def strips(self, strips: Sequence[Strip], cell: int, header: Sequence[str] = (), above: bool = False) -> str:
        if not self._can_draw:
            return super().strips(strips, cell, header, above)
        return "".join(self._row(strip, max(NARROWEST, cell), header) for strip in strips)

    def _row(self, strip: Strip, cell: int, header: Sequence[str]) -> str:
        """The structures of a strip side by side, each below its word of the header; the marked one is framed."""
        found = self.smiles(strip.x)
        marked = None if strip.mark is None else min(len(found) - 1, int(strip.mark * len(found)))
        names = [*header, *[""] * (len(found) - len(header))]
        cells = "".join(
            f'<figure style="margin:0;flex:0 0 {cell}px;text-align:center;font-size:.8rem;border-radius:4px;{_ring(place == marked)}">'
            f"{escape(name)}{drawn(smiles, strip.alt, None, cell)}</figure>"
            for place, (name, smiles) in enumerate(zip(names, found, strict=True))
        )
        title = (
            f"<b>{escape(strip.name)}</b> <span style='opacity:.75'>{escape(strip.note)}</span>" if strip.name else ""
        )
        pale = "opacity:.5;" if strip.faded else ""
        return (
            f'<div style="margin-bottom:10px;{pale}">{title}<div role="region" tabindex="0" aria-label="{escape(strip.alt)}" '
            f'style="overflow-x:auto;display:flex;gap:4px;padding:2px">{cells}</div></div>'
        )

    def gallery(self, x: Inputs, alts: Sequence[str], words: Sequence[str], part: str | None = None) -> str:
        if not self._can_draw:
            return super().gallery(x, alts, words, part)
        cells = "".join(
            f'<figure style="margin:0;width:{TILE}px">{drawn(smiles, alt, part, TILE)}'
            f'<figcaption style="font-size:.8rem;line-height:1.25;margin-top:5px;opacity:.8">{escape(said)}</figcaption></figure>'
            for smiles, alt, said in zip(self.smiles(x), alts, words, strict=True)
        )
        return f'<div style="display:flex;flex-wrap:wrap;gap:.9rem;padding:5px">{cells}</div>'

    def sheet(self, x: Images, alt: str, columns: int | None) -> None:
        if not self._can_draw:
            return super().sheet(x, alt, columns)
        found = self.smiles(x)
        st.caption(_counted(found))
        cells = "".join(drawn(smiles, smiles, None, TILE) for smiles in found)
        st.html(
            f'<div role="group" aria-label="{escape(alt)}" style="display:flex;flex-wrap:wrap;gap:6px">{cells}</div>'
        )

    def content(self, x: Images, columns: int | None, width: int, file: str) -> bytes:
        return files.sdf(self.smiles(x)) if file == "sdf" else files.smi(self.smiles(x))

    def sum_words(self) -> str:
        return t("The distortion is a sum over the tokens of the molecule and its end.")

    def input_words(self, dataset: str) -> list[str]:
        names = ", ".join(f"{place}: {name}" for place, name in enumerate(self.vocabulary.names) if name)
        return [
            t(
                "x (N, T), whole numbers: the ids of the tokens of the {notation}, then the end, then 0 as padding.",
                notation=self.vocabulary.notation.upper(),
            ),
            names,
        ]

    def output_words(self) -> str:
        return t("The ids of the tokens that are likeliest one after the other, as in x.")

    def error(self, x: Inputs, made: Images, error: Images) -> None:
        if not self._can_draw:
            return super().error(x, made, error)
        is_token = np.asarray(x) != PAD
        given, out = self.smiles(np.stack([np.asarray(x), made]))
        pictures.beside(
            [(drawn(given, given, "x", 220), "x", "x"), (drawn(out, out, "out", 220), "out", "x′")],
            220,
        )
        st.caption(_compared(given, out))
        st.caption(
            t(
                "{same} of {count} tokens of x′ are those of x at the same place, the end included.",
                same=int(((np.asarray(x) == made) & is_token).sum()),
                count=int(is_token.sum()),
            )
        )
        return None

    def slopes(self, slopes: Images, names: Sequence[str], alts: Sequence[str]) -> str:
        return f"<p>{escape(t('Tokens change in steps, so they have no slope.'))}</p>"


def drawn(smiles: str, alt: str, part: str | None, width: int) -> str:
    """The structure as an <img> of that width, framed in the colour of `part`; its SMILES is shown where the pointer rests."""
    edge = f"outline:3px solid {pictures.tint(part)};outline-offset:2px;" if part else ""
    style = f"display:block;width:100%;max-width:{width}px;height:auto;border-radius:3px;{edge}"
    source = _source(smiles, width, round(width * RATIO), pictures.is_dark())
    if not source:
        words = escape(t("no molecule"))
        box = f"{style}aspect-ratio:4/3;box-sizing:border-box;padding:6px;font-size:.75rem;opacity:.7;overflow:hidden;"
        return f'<div style="{box}border:1px dashed #888" title="{escape(smiles)}">{words}<br><code>{escape(smiles[:60])}</code></div>'
    return f'<img src="{source}" alt="{escape(alt)}" title="{escape(smiles)}" style="{style}">'


@lru_cache(maxsize=4096)
def _source(smiles: str, width: int, height: int, is_dark: bool) -> str:
    """The drawing as a data URL; "" for no molecule."""
    drawn = drawing.svg(smiles, width, height, is_dark)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode() if drawn else ""


def _ring(is_marked: bool) -> str:
    return f"outline:2px solid {pictures.tint('z')};outline-offset:-2px;" if is_marked else ""


def _counted(found: Sequence[str]) -> str:
    """How many of them are molecules, and how many different ones."""
    known = [canonical(one) for one in map(structure, found) if one is not None]
    return t(
        "{valid} of {count} are molecules, {unique} of them different.",
        valid=len(known),
        count=len(found),
        unique=len({*known}),
    )


def _compared(given: str, out: str) -> str:
    """Whether x' is the molecule x, and how alike they are."""
    first, second = structure(given), structure(out)
    if first is None or second is None:
        return t("x′ is no molecule.") if second is None else t("x is no molecule.")
    if canonical(first) == canonical(second):
        return t("x′ is the molecule x.")
    return t(
        "x′ is another molecule: the Tanimoto similarity of both is {similarity:.2f}, 1 for equal fingerprints.",
        similarity=similarity(first, second),
    )
