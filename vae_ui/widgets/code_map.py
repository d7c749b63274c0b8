"""The code of a quantised model as a map of codebook entries, and how often each entry is used."""

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.metrics.codebook_usage import effective_entries, usage_shares
from vae_core.utils.arrays import Int64, UInt8
from vae_ui.base import pictures
from vae_ui.base.palette import entry_colour
from vae_ui.widgets import model_cache

Choices = Int64
WIDE = 16  # columns beyond which a cell has no room for its number


def board(choices: Choices, chosen: tuple[int, int] | None = None) -> str:
    """The entries (h, w) as cells, each entry in its own colour; `chosen` has a ring."""
    rows, columns = choices.shape
    size = f"min(16px,{42 / columns:.2f}cqw)" if columns <= WIDE else "0"
    told = "; ".join(" ".join(map(str, row)) for row in choices)
    cells = "".join(_cell(int(entry), place, place == chosen) for place, entry in np.ndenumerate(choices))
    alt = f"Code map, {rows} by {columns} places, their entries row by row: {told}"
    return (
        f'<div style="container-type:inline-size"><div role="img" aria-label="{escape(alt)}" style="display:grid;gap:1px;'
        f"grid-template-columns:repeat({columns},1fr);font-size:{size};font-variant-numeric:tabular-nums;"
        f'outline:3px solid {pictures.tint("z")};outline-offset:2px;border-radius:3px;overflow:visible">{cells}</div></div>'
    )


def _cell(entry: int, place: tuple[int, int], chosen: bool) -> str:
    ground, ink = entry_colour(entry)
    ring = f"outline:3px solid {pictures.tint('z')};box-shadow:inset 0 0 0 2px #fff;z-index:1;" if chosen else ""
    return (
        f'<span title="Row {place[0] + 1}, column {place[1] + 1}: entry {entry}" style="position:relative;display:grid;'
        f'place-items:center;aspect-ratio:1;background:{ground};color:{ink};{ring}">{entry}</span>'
    )


def seen(name: str, model: Explorer, x: UInt8, z: NDArray[np.float32], out: UInt8) -> None:
    """Below the Reconstruct page's stage: the picture, the map that is its code, and what comes back."""
    choices = model.code_map(z)
    rows, columns = choices.shape
    st.subheader("The code map", anchor=False)
    pictures.beside(
        [
            (pictures.image(x, "The picture that went in", "x"), "x", "x: what goes in"),
            (board(choices), "z", "z: its code map"),
            (pictures.image(out, "What the decoder makes of the map", "out"), "out", "x\u2032: what comes out"),
        ]
    )
    st.caption(
        f"Each of the {rows} \u00d7 {columns} places holds the number of one of {entries(model)} entries; the decoder is told nothing "
        "else. Places that look alike choose the same entry."
    )
    usage(name, model)


def usage(name: str, model: Explorer) -> None:
    """How often each entry is chosen on the test split, as bars in the entries' colours."""
    used = _used(*model_cache.key(name), name)
    most = used.max()
    bars = "".join(
        f'<i title="Entry {entry}: {share:.1%} of all places" style="flex:1 1 0;min-width:0;height:{max(1.0, 100 * share / most):.1f}%;'
        f'background:{entry_colour(entry)[0]}"></i>'
        for entry, share in enumerate(used)
    )
    alt = f"How often each entry is chosen: most often entry {used.argmax()}, {most:.1%} of all places"
    st.html(
        f'<div role="img" aria-label="{alt}" style="display:flex;align-items:flex-end;gap:1px;height:90px;max-width:720px;'
        f'border-bottom:1px solid #8888;padding:0 5px">{bars}</div>'
    )
    st.caption(
        f"How often each entry is chosen on the test images: {(used > 0).sum()} of {len(used)} are in use, as many as "
        f"{effective_entries(used):.0f} in even use would tell (the perplexity)."
    )


@st.cache_data(max_entries=12, show_spinner=False)
def _used(folder: str, changed: int, name: str) -> NDArray[np.float64]:
    model = model_cache.explorer(name)
    return usage_shares(model.code_map(model.latents.mean), entries(model))


def entries(model: Explorer) -> int:
    """How many entries the codebook has."""
    assert model.codebook is not None
    return len(model.codebook)
