"""The code of a quantised model as a map of codebook entries, and the use of each entry."""

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.metrics.codebook_usage import effective_entries, usage_shares
from vae_core.utils.arrays import Int64, UInt8
from vae_ui.base import pictures
from vae_ui.base.palette import entry_colour
from vae_ui.base.translation import t
from vae_ui.widgets import model_cache

Choices = Int64
WIDE = 16  # columns beyond which a cell is too small for its number


def board(choices: Choices, chosen: tuple[int, int] | None = None) -> str:
    """The entries (h, w) as cells, each entry in its own colour; `chosen` has a ring."""
    rows, columns = choices.shape
    size = f"min(16px,{42 / columns:.2f}cqw)" if columns <= WIDE else "0"
    listed = "; ".join(" ".join(map(str, row)) for row in choices)
    cells = "".join(_cell(int(entry), place, place == chosen) for place, entry in np.ndenumerate(choices))
    alt = t(
        "Code map of {rows} x {columns} positions, their entries row by row: {entries}",
        rows=rows,
        columns=columns,
        entries=listed,
    )
    return (
        f'<div style="container-type:inline-size"><div role="img" aria-label="{escape(alt)}" style="display:grid;gap:1px;'
        f"grid-template-columns:repeat({columns},1fr);font-size:{size};font-variant-numeric:tabular-nums;"
        f'outline:3px solid {pictures.tint("z")};outline-offset:2px;border-radius:3px;overflow:visible">{cells}</div></div>'
    )


def _cell(entry: int, place: tuple[int, int], chosen: bool) -> str:
    ground, ink = entry_colour(entry)
    ring = f"outline:3px solid {pictures.tint('z')};box-shadow:inset 0 0 0 2px #fff;z-index:1;" if chosen else ""
    title = t("Row {row}, column {column}: entry {entry}", row=place[0] + 1, column=place[1] + 1, entry=entry)
    return (
        f'<span title="{escape(title)}" style="position:relative;display:grid;'
        f'place-items:center;aspect-ratio:1;background:{ground};color:{ink};{ring}">{entry}</span>'
    )


def seen(name: str, model: Explorer, x: UInt8, z: NDArray[np.float32], out: UInt8) -> None:
    """Show the input image, its code map and its reconstruction, below the stage of the Reconstruct page."""
    choices = model.code_map(z)
    rows, columns = choices.shape
    st.subheader(t("The code map"), anchor=False)
    pictures.beside(
        [
            (pictures.image(x, t("The input image"), "x"), "x", t("x: what goes in")),
            (board(choices), "z", t("z: its code map")),
            (pictures.image(out, t("The image decoded from the map"), "out"), "out", t("x′: what comes out")),
        ]
    )
    st.caption(
        t(
            "Each of the {rows} × {columns} positions holds the number of one of {entries} codebook entries; the decoder gets "
            "nothing else. Positions that look alike in the image have the same entry.",
            rows=rows,
            columns=columns,
            entries=entries(model),
        )
    )
    usage(name, model)


def usage(name: str, model: Explorer) -> None:
    """A bar chart of the use of each entry on the test images, in the colours of the entries."""
    used = _used(*model_cache.key(name), name)
    most = used.max()
    bars = "".join(_bar(entry, share, share / most) for entry, share in enumerate(used))
    alt = t(
        "Use of the entries: entry {entry} is the most frequent, {share:.1%} of all positions",
        entry=used.argmax(),
        share=most,
    )
    st.html(
        f'<div role="img" aria-label="{escape(alt)}" style="display:flex;align-items:flex-end;gap:1px;height:90px;max-width:720px;'
        f'border-bottom:1px solid #8888;padding:0 5px">{bars}</div>'
    )
    st.caption(
        t(
            "Use of the codebook entries on the test images: {count} of {total} are in use. Their perplexity is {perplexity:.0f}: "
            "this many entries, all equally frequent, would carry the same information.",
            count=(used > 0).sum(),
            total=len(used),
            perplexity=effective_entries(used),
        )
    )


def _bar(entry: int, share: float, height: float) -> str:
    title = escape(t("Entry {entry}: {share:.1%} of all positions", entry=entry, share=share))
    style = f"flex:1 1 0;min-width:0;height:{max(1.0, 100 * height):.1f}%;background:{entry_colour(entry)[0]}"
    return f'<i title="{title}" style="{style}"></i>'


@st.cache_data(max_entries=12, show_spinner=False)
def _used(folder: str, changed: int, name: str) -> NDArray[np.float64]:
    model = model_cache.explorer(name)
    return usage_shares(model.code_map(model.latents.mean), entries(model))


def entries(model: Explorer) -> int:
    """The number of entries in the codebook."""
    assert model.codebook is not None
    return len(model.codebook)
