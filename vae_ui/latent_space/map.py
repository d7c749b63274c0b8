"""What the Latent space page shows: the map, what a hand did on it, and the reading beside it."""

import numpy as np
import streamlit as st

from vae_core.explore.codes import nearest_codes
from vae_core.explore.explorer import Explorer
from vae_core.images import writing
from vae_core.jobs.tsne import Projection
from vae_core.utils.arrays import UInt8
from vae_ui.base import person, pictures, plain_text, state
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.state import End, Place
from vae_ui.shell.frame import link, things
from vae_ui.stage import Event, Overlay, latent_map
from vae_ui.widgets import choose_image, model_cache, walks
from vae_ui.widgets.flat_views import KINDS, View
from vae_ui.widgets.job_status import how_far

KEY = "latent-map"
NEAREST, VOTERS = 5, 50
HELD = ("wae", "sliced", "adversary")  # objectives that hold points to a prior


def choose_view(name: str, model: Explorer) -> View | None:
    """The chosen flat view; None where its t-SNE has still to be worked out."""
    pair = (0, 1) if model.latent_dim <= 2 else _leading(model)
    kind, place = "plane", state.place(name)
    if place.picked is None and place.z is None:
        _pick(place, model, state.seed() % len(model.latents.mean))
        place.label = int(model.latents.labels[place.picked or 0])
    label = choose_image.label(name, model, "latent-label") or 0
    if model.latent_dim > 2:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            kind = st.segmented_control(
                "View",
                list(KINDS)[::-1],
                format_func=KINDS.get,
                label_visibility="collapsed",
                required=True,
                **state.bound("latent-view", state.choices(), "view"),
            )
            if kind == "plane":
                pair = _pair(name, model, pair)
    return model_cache.view(name, str(kind), pair if kind == "plane" else (0, 1), label)


def _leading(model: Explorer) -> tuple[int, int]:
    first, second = model.order()[:2]
    return first, second


def _pair(name: str, model: Explorer, leading: tuple[int, int]) -> tuple[int, int]:
    """The two dimensions of the map; the same one twice is not offered."""
    place = state.place(name)
    first, second = place.pair or leading

    def choose(axis: str, other: int, chosen: int) -> int:
        order = [d for d in model.order() if d != other]
        key = f"latent-{axis}"
        st.session_state[key] = chosen
        return int(
            st.selectbox(
                f"Number {axis}",
                order,
                format_func=lambda d: f"z{d + 1}",
                key=key,
                on_change=keep,
                label_visibility="collapsed",
                width=90,
            )
        )

    def keep() -> None:
        across, up = st.session_state["latent-across"], st.session_state["latent-up"]
        place.pair = (across, up if up != across else first)

    first = choose("across", -1, first)
    return first, choose("up", first, second)


def wait_for_tsne(model: Explorer) -> None:
    """Instead of the map: offer to work the t-SNE out, or show how far it is, with a way to stop it."""
    job = Projection.of(model.info)
    if job.progress() is None:
        st.info(
            f"t-SNE lays out {len(model.latents.mean):,} codes so that neighbours stay neighbours. It takes about "
            "a minute in the background, once: the result is kept."
        )
        if reason := job.failure():
            plain_text.refuse(f"The last attempt did not work. {reason} Start it again, or choose PCA.")
        if st.button("Work it out", type="primary", icon=":material/play_arrow:"):
            with readable_errors():
                job.start(person.present().id)
            st.rerun()
        return
    _progress(model)


@st.fragment(run_every=1)
def _progress(model: Explorer) -> None:
    job = Projection.of(model.info)
    done = job.progress()
    if done is None:
        st.rerun()
    share = done or 0.0
    st.progress(share, f"t-SNE of {len(model.latents.mean):,} codes: {how_far(job, share)}. You can go on meanwhile.")
    if st.button("Stop", icon=":material/stop:"):
        job.cancel()
        st.rerun()


def draw_map(name: str, model: Explorer, view: View) -> None:
    """The map under its marks; what was done on it since the last run is in `state.place` first."""
    place = state.place(name)
    if place.z is None:
        place.z = model.latents.mean[place.picked or 0]
    latent_map(
        view.payload,
        overlay=lambda: _marks(place, model, view),
        on_event=lambda event: _follow(place, model, view, event),
        key=KEY,
        height=440,
        model=model_cache.browser_block(name),
        parts=("picture", "around"),
        layout="side",
    )


def _marks(place: Place, model: Explorer, view: View) -> Overlay:
    assert place.z is not None
    return Overlay(
        z=view.at(model, place.z),
        code=place.z,
        label=place.label,
        pick=place.picked,
        ellipses=view.ellipse(model, place.picked) if place.picked is not None else [],
        a=_end(place, model, view, "A"),
        b=_end(place, model, view, "B"),
        neighbours=[int(i) for i in nearest_codes(model.latents.mean, place.z, NEAREST)],
    )


def _end(place: Place, model: Explorer, view: View, end: str) -> tuple[float, float] | None:
    return view.at(model, place.ends[end].code) if end in place.ends else None


def _follow(place: Place, model: Explorer, view: View, event: Event) -> None:
    """A click on a dot picks its image; beside the dots, dragged or by key, the place itself is chosen."""
    if event.act in ("click", "key") and event.pick is not None:
        _pick(place, model, event.pick)
    elif event.act in ("click", "drag", "key") and event.z is not None:
        fits = event.code is not None and len(event.code) == model.latent_dim
        place.z = event.code if fits else view.code(model, event.z)


def _pick(place: Place, model: Explorer, index: int) -> None:
    # A conditional model goes on drawing the chosen class: another one would be another lattice, so another map.
    place.picked, place.z = index, np.asarray(model.latents.mean[index])


def reading(name: str, model: Explorer) -> None:
    """Under the map, said when a hand lets go: which test image z is, how usual the place is; and what to do with it."""
    place = state.place(name)
    assert place.z is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if place.picked is not None and np.array_equal(place.z, model.latents.mean[place.picked]):
            st.html(_truth(name, model, place.picked), width="content")
        rank = model_cache.density(name).rank(place.z)
        where = "in a gap between the codes" if rank < 0.02 else f"denser than at {rank:.0%} of the test images"
        st.markdown(f"Density of codes here: {where}.", width="stretch")
        keep(name, model, place)


def keep(name: str, model: Explorer, place: Place) -> None:
    """Buttons that keep z as an end of a path, or its picture as a file."""

    def png() -> bytes:
        assert place.z is not None
        drawn = walks.drawn(model, place.z[None], place.label if model.conditional else None)[0]
        return writing.png(pictures.enlarged(drawn, 512))

    with st.container(horizontal=True, gap="small", width="content"):
        for end in ("A", "B"):
            st.button(
                f"Keep as {end}",
                key=f"latent-keep-{end}",
                on_click=lambda end=end: place.ends.update({end: _kept(place, model)}),
                help="An end of the path on the Interpolate page.",
            )
        pictures.download("PNG", png, f"{name}-z.png", "latent-png")
    if {"A", "B"} <= place.ends.keys():
        link("interpolate", "Walk from A to B")


def _kept(place: Place, model: Explorer) -> End:
    """z as an end of a path; the picked test image itself, where z is its code."""
    assert place.z is not None
    mine = place.picked is not None and np.array_equal(place.z, model.latents.mean[place.picked])
    return End(np.array(place.z), place.picked if mine else None)


def _truth(name: str, model: Explorer, index: int) -> str:
    """The test image whose code z is, as it went in."""
    real = model_cache.at_hand(name)
    word = f"{'x' if real else 'x′'}: {choose_image.class_names(model)[model.latents.labels[index]]}"
    return _figure(model_cache.thumbnails(name)[index], word, "x" if real else "out", 64)


def _figure(picture: UInt8, words: str, part: str, width: int) -> str:
    return (
        f'<figure style="margin:0;padding:4px;width:{width + 8}px"><figcaption style="color:{pictures.tint(part)};'
        f'font-weight:600;line-height:1.25;margin-bottom:5px;font-size:.95rem">{plain_text.attribute(words)}</figcaption>'
        f"{pictures.image(picture, words, part)}</figure>"
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
    elif model.info.run.objective.name in HELD:
        parts.append(
            "One code per image, so no ellipse; all codes together were held to the prior: look how round the map is."
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
        circles = "Grey circles: the prior at 1, 2 and 3 deviations; a" if walks.has_normal_prior(model) else "A"
        parts.append(f"{circles}mber: where the encoder puts the chosen image.")
    if model.conditional:
        parts.append("This model is told the class, so its map holds style alone: every class is everywhere.")
    if not model_cache.at_hand(name):
        parts.append("Its data are not on this machine: the pictures are reconstructions.")
    return " ".join(parts)
