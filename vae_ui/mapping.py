"""What the Latent space page shows: the map, what a hand did on it, and the reading beside it."""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core import images, latent
from vae_core.explorer import Explorer
from vae_core.latent import Codes
from vae_core.projection import Projection
from vae_ui import cache, choose, pictures, state, walks
from vae_ui.frame import link, readable_errors, things
from vae_ui.stage import MapState, Overlay, latent_map
from vae_ui.stage import map_state as read_map
from vae_ui.state import Place
from vae_ui.views import KINDS, View

KEY = "latent-map"
NEAREST, VOTERS = 5, 50
UInt8 = NDArray[np.uint8]


def choose_view(name: str, model: Explorer) -> View | None:
    """The chosen flat view; None where its t-SNE has still to be worked out."""
    pair = (0, 1) if model.latent_dim <= 2 else _leading(model)
    kind, place = "plane", state.place(name)
    if place.picked is None and place.z is None:
        _pick(place, model, state.seed() % len(model.latents.mean))
        place.label = int(model.latents.labels[place.picked or 0])
    label = choose.label(name, model, "latent-label") or 0
    if model.latent_dim > 2:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            kind = st.segmented_control(
                "View",
                list(KINDS)[::-1],
                format_func=KINDS.get,
                default="pca",
                key="latent-view",
                persist_state="session",
                label_visibility="collapsed",
                required=True,
            )
            if kind == "plane":
                pair = _pair(name, model, pair)
    return cache.view(name, str(kind), pair if kind == "plane" else (0, 1), label)


def _leading(model: Explorer) -> tuple[int, int]:
    first, second = model.order()[:2]
    return first, second


def _pair(name: str, model: Explorer, leading: tuple[int, int]) -> tuple[int, int]:
    chosen = []
    for axis, default in zip(("across", "up"), leading, strict=True):
        order = [d for d in model.order() if d not in chosen]
        index = order.index(default) if default in order else 0
        chosen.append(
            st.selectbox(
                f"Number {axis}",
                order,
                index,
                format_func=lambda d: f"z{d + 1}",
                key=f"latent-{axis}-{name}-{chosen}",
                label_visibility="collapsed",
                width=90,
            )
        )
    return chosen[0], chosen[1]


def wait_for_tsne(model: Explorer) -> None:
    """Instead of the map: offer to work the t-SNE out, or show how far it is, with a way to stop it."""
    job = Projection.of(model.info)
    if job.progress() is None:
        st.info(
            f"t-SNE lays out {len(model.latents.mean):,} codes so that neighbours stay neighbours. It takes about half "
            "a minute in the background, once: the result is kept."
        )
        if job.failed():
            st.error(f"The last attempt ended with an error: {job.log} says why. Start it again, or choose PCA.")
        if st.button("Work it out", type="primary", icon=":material/play_arrow:"):
            with readable_errors():
                job.start()
            st.rerun()
        return
    _progress(model)


@st.fragment(run_every=1)
def _progress(model: Explorer) -> None:
    job = Projection.of(model.info)
    done = job.progress()
    if done is None:
        st.rerun()
    st.progress(done or 0.0, f"t-SNE of {len(model.latents.mean):,} codes: {done or 0.0:.0%}. You can go on meanwhile.")
    if st.button("Stop", icon=":material/stop:"):
        job.cancel()
        st.rerun()


def draw_map(name: str, model: Explorer, view: View) -> MapState:
    """The map under its marks; what was done on it since the last run is in `state.place` first."""
    place = state.place(name)
    if place.z is None:
        place.z = model.latents.mean[place.picked or 0]
    _follow(place, model, view)
    overlay = Overlay(
        z=view.at(model, place.z),
        pick=place.picked,
        ellipses=view.ellipse(model, place.picked) if place.picked is not None else [],
        a=_end(place, model, view, "A"),
        b=_end(place, model, view, "B"),
        neighbours=[int(i) for i in latent.nearest(model.latents.mean, place.z, NEAREST)],
    )
    return latent_map(view.payload, overlay=overlay, key=KEY, height=440)


def _end(place: Place, model: Explorer, view: View, end: str) -> tuple[float, float] | None:
    return view.at(model, place.ends[end]) if end in place.ends else None


def _follow(place: Place, model: Explorer, view: View) -> None:
    """Take over a new click, drag or key of the map; each is told again with every rerun, and obeyed once."""
    done = read_map(KEY, view.payload)
    act: Any = (view.payload.hash, done.count, done.act, done.z, done.pick)
    if place.extra.get("map") == act or done.z is None:
        return
    place.extra["map"] = act
    if done.act in ("click", "key") and done.pick is not None:
        _pick(place, model, done.pick)
    elif done.act in ("click", "drag", "key"):
        place.z = view.code(model, done.z)


def _pick(place: Place, model: Explorer, index: int) -> None:
    # A conditional model goes on drawing the chosen class: another one would be another lattice, so another map.
    place.picked, place.z = index, np.asarray(model.latents.mean[index])


def reading(name: str, model: Explorer) -> None:
    """Beside the map: what the decoder draws at z, how usual the place is, and which test images live there."""
    place = state.place(name)
    assert place.z is not None
    picture = walks.drawn(model, place.z[None], place.label if model.conditional else None)[0]
    st.html(_pair_of_pictures(name, model, place, picture))
    near = latent.nearest(model.latents.mean, place.z, VOTERS)
    st.html(_words(model, place.z, cache.density(name).rank(place.z), near))
    found = cache.thumbnails(name)[near[:NEAREST]]
    names = choose.class_names(model)
    cells = "".join(
        pictures.image(item, f"Test image {i}, {names[model.latents.labels[i]]}")
        for item, i in zip(found, near[:NEAREST], strict=True)
    )
    st.html(
        '<div style="font-size:.9rem;margin-bottom:4px">Nearest test images</div>'
        f'<div style="display:grid;grid-template-columns:repeat({NEAREST},1fr);gap:5px;max-width:300px">{cells}</div>'
    )
    keep(name, place, picture)


def keep(name: str, place: Place, picture: UInt8) -> None:
    """Buttons that keep z as an end of a path, or the picture as a file."""
    with st.container(horizontal=True, gap="small"):
        for end in ("A", "B"):
            st.button(
                f"Keep as {end}",
                key=f"latent-keep-{end}",
                on_click=lambda end=end: place.ends.update({end: np.array(place.z)}),
                help="An end of the path on the Interpolate page.",
            )
        pictures.download("PNG", lambda: images.png(pictures.enlarged(picture, 512)), f"{name}-z.png", "latent-png")
    if {"A", "B"} <= place.ends.keys():
        link("interpolate", "Walk from A to B")


def _pair_of_pictures(name: str, model: Explorer, place: Place, picture: UInt8) -> str:
    """x', and before it x where z is a test image's own code."""
    out = _figure(picture, "x′ decoded from z", "out", 200)
    if place.picked is None or not np.array_equal(place.z, model.latents.mean[place.picked]):
        return out
    truth = choose.class_names(model)[model.latents.labels[place.picked]]
    x = cache.thumbnails(name)[place.picked]
    word = f"x: {truth}" if cache.at_hand(name) else f"x′: {truth}"
    side = _figure(x, word, "x" if cache.at_hand(name) else "out", 76)
    return f'<div style="display:flex;flex-wrap:wrap;gap:4px;align-items:flex-end">{out}{side}</div>'


def _figure(picture: UInt8, words: str, part: str, width: int) -> str:
    return (
        f'<figure style="margin:0;padding:4px;width:{width + 8}px"><figcaption style="color:{pictures.tint(part)};'
        f'font-weight:600;line-height:1.25;margin-bottom:5px;font-size:.95rem">{words}</figcaption>'
        f"{pictures.image(picture, words, part)}</figure>"
    )


def _words(model: Explorer, z: Codes, rank: float, near: NDArray[np.int64]) -> str:
    names = choose.class_names(model)
    numbers = ", ".join(f"{value:.2f}".replace("-", "−") for value in z[:3]) + (", …" if len(z) > 3 else "")
    where = "in a gap between the codes" if rank < 0.02 else f"denser than at {rank:.0%} of the test images"
    text = f'<b style="color:{pictures.tint("z")}">z</b> = ({numbers})<br>density of codes here: {where}'
    if len(names) > 1:
        share = latent.vote(model.latents.labels, near, len(names))
        best = np.argsort(-share)[: 2 if share.max() < 1 else 1]
        said = ", ".join(f"<b>{names[i]}</b> {share[i]:.0%}" for i in best)
        text += f"<br>the {len(near)} nearest vote: {said}"
    return f'<div style="line-height:1.45;font-size:.95rem">{text}</div>'


def selected(name: str, model: Explorer, chosen: NDArray[np.int64]) -> None:
    """Beside the map while points are selected: their mean picture, their number and their classes."""
    names = choose.class_names(model)
    mean = cache.test_images(name)[chosen].mean(0)
    picture = images.pictures(mean[None] if model.info.run.model.is_points else np.round(mean[None]).astype(np.uint8))[
        0
    ]
    st.html(_figure(picture, f"Mean of {len(chosen):,} test images", "x", 210))
    if len(names) < 2:
        return
    share = latent.vote(model.latents.labels, chosen, len(names))
    bars = "".join(_bar(names[i], share[i], round(share[i] * len(chosen))) for i in np.argsort(-share)[:6] if share[i])
    st.html(f'<div style="font-size:.9rem;line-height:1.3"><b>Their classes</b>{bars}</div>')


def _bar(name: str, share: float, count: int) -> str:
    return (
        '<div style="display:flex;align-items:center;gap:8px;margin-top:4px">'
        f'<span style="flex:0 0 5.5rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap">{name}</span>'
        f'<span style="flex:1;max-width:130px"><i style="display:block;height:12px;border-radius:3px;width:{max(2, 100 * share):.1f}%;'
        f'background:{pictures.tint("x")}"></i></span><span>{count:,}</span></div>'
    )


def caption(name: str, model: Explorer, view: View | None) -> str:
    """What to look at on this map."""
    if view is None:
        return "t-SNE keeps neighbours together and is free to bend all else."
    parts = []
    if view.plane is None:
        parts.append(
            "t-SNE keeps neighbours together: clusters mean something, the distances between them do not. It has no way "
            "back to a code, so there is no lattice, and a click takes the nearest dot."
        )
    elif walks.is_plain(model):
        parts.append(
            "A plain autoencoder is free to put its codes anywhere: look at the axes, and at what it draws in the gaps. "
            "It has no prior and no ellipse."
        )
    elif view.plane.labels[0].startswith("PC"):
        parts.append("A flat look at a code of many numbers: clusters that overlap here may lie apart in the others.")
    else:
        parts.append(
            f"Look at the gaps between clusters: the decoder still draws something. Are those {things(model.info)}?"
        )
        parts.append(
            "Grey circles: the prior at 1, 2 and 3 deviations; amber: where the encoder puts the chosen image."
        )
    if model.conditional:
        parts.append("This model is told the class, so its map holds style alone: every class is everywhere.")
    if not cache.at_hand(name):
        parts.append("Its data are not on this machine: the pictures are reconstructions.")
    return " ".join(parts)
