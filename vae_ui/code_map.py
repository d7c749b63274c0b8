"""The code of a quantised model as what it is: a map of entries of the codebook, to look at and to change."""

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explorer import Explorer
from vae_core.metrics.codebook import even, shares
from vae_ui import cache, decoding, pictures, state, walks
from vae_ui.palette import entry_colour
from vae_ui.sides import sides

Choices = NDArray[np.int64]
WIDE = 16  # columns beyond which a cell has no room for its number
ROW, COLUMN, ENTRY = "code-map-row", "code-map-column", "code-map-entry"


def board(choices: Choices, chosen: tuple[int, int] | None = None) -> str:
    """The entries (h, w) as cells, each entry in its own colour; `chosen` has a ring."""
    rows, columns = choices.shape
    size = f"min(16px,{42 / columns:.2f}cqw)" if columns <= WIDE else "0"
    told = "; ".join(" ".join(map(str, row)) for row in choices)
    cells = "".join(_cell(entry, place, place == chosen) for place, entry in np.ndenumerate(choices))
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


def seen(name: str, model: Explorer, x: NDArray[np.uint8], z: NDArray[np.float32], out: NDArray[np.uint8]) -> None:
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
        f"Each of the {rows} \u00d7 {columns} places holds the number of one of {_entries(model)} entries; the decoder is told nothing "
        "else. Places that look alike choose the same entry."
    )
    usage(name, model)


def usage(name: str, model: Explorer) -> None:
    """How often each entry is chosen on the test split, as bars in the entries' colours."""
    used = _used(*cache.key(name), name)
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
        f"{even(used):.0f} in even use would tell (the perplexity)."
    )


@st.cache_data(max_entries=12, show_spinner=False)
def _used(folder: str, changed: int, name: str) -> NDArray[np.float64]:
    model = cache.explorer(name)
    return shares(model.code_map(model.latents.mean), _entries(model))


def stage(name: str, model: Explorer) -> None:
    """The Decode page: choose a place and another entry for it, and see what changes in the picture."""
    place = state.place(name)
    if place.z is None:
        place.picked = place.picked or 0
        place.z = np.array(model.latents.mean[place.picked], np.float32)
    choices = model.code_map(place.z)
    controls, middle = sides("decode")
    with controls:
        chosen = _chosen(choices)
        st.session_state[ENTRY] = int(choices[chosen])
        last = _entries(model) - 1
        st.number_input("Entry", 0, last, key=ENTRY, on_change=_put, args=(name, model, chosen))
        decoding.encode(name, model)
        decoding.download(name, model, place)
    with middle:
        out = walks.drawn(model, place.z[None], place.label if model.conditional else None)[0]
        pictures.beside(
            [
                (board(choices, chosen), "z", "z: the code map"),
                (pictures.image(out, "What the decoder makes of the map", "out"), "out", "x\u2032: the picture"),
            ],
            320,
        )
        st.caption(
            "The ring is the place whose entry you choose: give it another one and look how far the change reaches in the picture. "
            "There is nothing between two entries."
        )
    usage(name, model)


def _chosen(choices: Choices) -> tuple[int, int]:
    """The place that the widgets show, row and column counted from one."""
    found = []
    for key, title, count in zip((ROW, COLUMN), ("Row", "Column"), choices.shape, strict=True):
        st.session_state[key] = min(st.session_state.get(key, (count + 1) // 2), count)
        found.append(int(st.number_input(title, 1, count, key=key)) - 1)
    return found[0], found[1]


def _put(name: str, model: Explorer, chosen: tuple[int, int]) -> None:
    """The chosen place takes the entry of the widget."""
    place = state.place(name)
    assert place.z is not None and model.codebook is not None
    choices = model.code_map(place.z)
    choices[chosen] = st.session_state[ENTRY]
    place.z = model.codebook[choices].reshape(-1)


def _entries(model: Explorer) -> int:
    assert model.codebook is not None
    return len(model.codebook)
