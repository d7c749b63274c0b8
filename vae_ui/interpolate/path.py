"""The Interpolate page: the path from A to B in the latent space, in pixels, and in the latent space of another model."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from vae_core.errors import UserError
from vae_core.explore import interpolation
from vae_core.explore.explorer import Explorer
from vae_core.explore.loaded_model import Images
from vae_core.explore.nearest_codes import Codes, nearest_codes
from vae_core.export.csv_files import Table
from vae_core.images import writing
from vae_core.messages import Message
from vae_core.utils.arrays import UInt8
from vae_ui.base import detail, pictures, state
from vae_ui.base.csv_download import codes, csv_button
from vae_ui.base.state import End
from vae_ui.base.translation import t
from vae_ui.interpolate import endpoints
from vae_ui.stage import Event, Overlay, latent_map
from vae_ui.views import Said, Strip, says, view_of
from vae_ui.views.picture import tiles
from vae_ui.widgets import decoded_traversals, latent_units, model_cache, small_map

MAP = "interpolate-map"
STEPS = 9  # images on a path, unless chosen
PATHS = {"linear": Message("Straight line"), "spherical": Message("Sphere")}
OTHER = {True: Message("A VAE"), False: Message("Plain autoencoder")}  # by whether the chosen model is plain

CAPTIONS = {  # what to look at where the inputs are no pictures
    "point": Message(
        "Mixing the inputs goes in a straight line through empty space; the decoded path bends along the known points."
    ),
    "row": Message(
        "Mixing two rows mixes each column for itself; on the decoded path the columns change together, as in the data."
    ),
    "tokens": Message(
        "Two words cannot be mixed; on the decoded path words change one after another, where another one becomes the likeliest."
    ),
    "molecule": Message(
        "Two molecules cannot be mixed; on the decoded path atoms, branches and rings change where another token becomes the likeliest."
    ),
}


@dataclass(frozen=True)
class Journey:
    """A path from A to B in S steps: codes (S, L), their decoded images (S, *shape), the mixed pixels, and another model's images.

    There are no mixed pixels where a mean of inputs means nothing. `said`: what a model of pairs says along its path.
    """

    codes: Codes
    decoded: Images
    faded: Images | None
    other: Images | None
    said: Sequence[Said] = ()


def path() -> interpolation.Path:
    """The kind of path that is chosen."""
    kind = st.segmented_control(
        t("Path"),
        list(PATHS),
        format_func=lambda one: t(PATHS[one]),
        required=True,
        width="stretch",
        help=t(
            "In many dimensions the samples of a normal prior lie near a sphere; a path on the sphere stays among them."
        ),
        **state.bound("interpolate-path", state.choices(), "path"),
    )
    return "spherical" if kind == "spherical" else "linear"


def steps() -> int:
    """The number of images on the path that is chosen; a beginner has STEPS."""
    if not detail.in_full():
        return STEPS
    with st.expander(t("More")):
        chosen = st.slider(t("Images on the path"), 5, 15, STEPS, 2, key="interpolate-steps", persist_state="session")
    return int(chosen)


def journey(
    name: str, model: Explorer, a: End, b: End, count: int, kind: interpolation.Path, label: int | None
) -> Journey:
    """The path of the model, that in pixels, and that of `counterpart`."""
    codes = interpolation.interpolate(a.code, b.code, count, kind)
    ends = endpoints.picture(a), endpoints.picture(b)
    faded = decoded_traversals.crossfade(*ends, count) if view_of(model).mixes else None
    return Journey(
        codes, model.decode(codes, label), faded, _through(counterpart(name), a, b, count, kind), says(model, codes)
    )


def counterpart(name: str) -> str | None:
    """A model of the same data to compare with: a plain autoencoder for a VAE, and a VAE for a plain autoencoder."""
    mine = model_cache.models()[name].run
    for other, info in model_cache.offered().whole.items():
        theirs = info.run
        same = (theirs.data.dataset, theirs.data.variant, theirs.data.path, theirs.model.shape) == (
            mine.data.dataset,
            mine.data.variant,
            mine.data.path,
            mine.model.shape,
        )
        if (
            same
            and not theirs.model.classes
            and (theirs.model.posterior == "point") != (mine.model.posterior == "point")
        ):
            return other
    return None


def strips(model: Explorer, way: Journey, place: float) -> None:
    """Draw the paths below one another; the blue dot marks the place in [0, 1] whose image is shown large."""
    count = len(way.codes)
    mark = (place * (count - 1) + 0.5) / count
    found = [(t("In the latent space"), t("codes mixed, then decoded"), way.decoded)]
    if way.faded is not None:
        found.append((t("In pixels"), t("images mixed"), way.faded))
    if way.other is not None:
        found.append((t(OTHER[latent_units.is_plain(model)]), t("the same path in its latent space"), way.other))
    alts = [t("{path}: {count} images from A to B", path=head, count=count) for head, _, _ in found]
    shown = [
        Strip(head, note, x, alt, mark, said=way.said if x is way.decoded else ())
        for (head, note, x), alt in zip(found, alts, strict=True)
    ]
    # For a projector smaller, so that the map stands on the same screen.
    st.html(view_of(model).strips(shown, 66 if state.choices().present else 110, above=True))


def stage(
    name: str, model: Explorer, a: End, b: End, way: Journey, kind: interpolation.Path, label: int | None
) -> None:
    """The map with the path, decoded in the browser at the slider's place; a click on the map sets A, the next one B."""
    flat = small_map.plane(name).project(way.codes)
    overlay = Overlay(a=small_map.point(name, a.code), b=small_map.point(name, b.code), path=flat, label=label or 0)
    told = {"a": a.code.tolist(), "b": b.code.tolist(), "kind": kind, "t": state.place(name).way}
    told["ends"] = [pictures.sent(endpoints.picture(end)) for end in (a, b)]
    latent_map(
        small_map.payload(name), overlay=lambda: overlay, key=MAP, height=230 if state.choices().present else 330,
        model=model_cache.browser_block(name), parts=("picture", "path"), layout="path", options={"path": told, "title": t("Decoded")},
        on_event=lambda event: done(name, model, a, b, kind, event), common=True,
    )  # fmt: skip


def done(name: str, model: Explorer, a: End, b: End, kind: interpolation.Path, event: Event) -> None:
    """Respond to an event of the stage: the slider moved along the path, or a click on the map."""
    if event.act == "slide" and event.code is not None and event.code.shape == a.code.shape:
        codes = interpolation.interpolate(a.code, b.code, 101, kind)
        state.place(name).way = int(nearest_codes(codes, event.code, 1)[0]) / 100
    else:
        clicked(name, model, event)


def clicked(name: str, model: Explorer, event: Event) -> None:
    """A click on a dot takes its image, a click elsewhere the code at that place; it sets A and B in turn."""
    if event.act not in ("click", "drag", "key") or event.z is None:
        return
    place = state.place(name)
    if event.pick is not None:
        end = End(model.latents.mean[event.pick], event.pick)
    else:
        end = End(small_map.plane(name).unproject(np.array([event.z], np.float32))[0])
    place.ends[place.next_end] = end
    place.next_end = "B" if place.next_end == "A" else "A"


def caption(model: Explorer, way: Journey) -> str:
    """The caption of the paths: what to look at."""
    if model.info.run.kind in CAPTIONS:
        return t(CAPTIONS[model.info.run.kind])
    if model.info.run.data.dataset == "fashion-mnist":
        words = t(
            "In pixels one image fades into the other. In the latent space each image on the path is a garment, sharp or not."
        )
    else:
        words = t(
            "In pixels one image fades into the other. In the latent space each image on the path is one thing, sharp or not."
        )
    if way.other is None:
        return words
    if latent_units.is_plain(model):
        return words + " " + t("The path of the VAE has fewer holes: its rate kept the codes close together.")
    return words + " " + t("The plain autoencoder has gaps between its codes: look for images there that show nothing.")


def corners(name: str, model: Explorer, four: Sequence[End], count: int, label: int | None) -> UInt8:
    """A square of images between four ends, A and B on top."""
    codes = interpolation.corners(np.stack([end.code for end in four]), count)
    return tiles(decoded_traversals.drawn(model, codes, label), count)


def downloads(name: str, model: Explorer, way: Journey) -> None:
    """Downloads: the path and back as a GIF, the strips as a file."""
    view = view_of(model)
    every = np.concatenate([images for images in (way.decoded, way.faded, way.other) if images is not None])
    with st.container(horizontal=True):
        if view.moves:
            pictures.download("GIF", partial(_gif, model, way), f"{name}-path.gif", "interpolate-gif")
        for file in view.files:
            content = partial(view.content, every, len(way.codes), 1200, file)
            pictures.download(file.upper(), content, f"{name}-path.{file}", f"interpolate-{file}")
        csv_button(partial(codes_of_path, way), f"{name}-path-codes", "interpolate-codes", t("Codes (CSV)"))


def codes_of_path(way: Journey) -> Table:
    """The codes on the path, with the place of each, 0 at A and 1 at B."""
    return {t("place on the path (A: 0, B: 1)"): np.linspace(0, 1, len(way.codes)), **codes(way.codes)}


def _through(other: str | None, a: End, b: End, count: int, kind: interpolation.Path) -> Images | None:
    if other is None:
        return None
    try:
        model = model_cache.explorer(other)
    except UserError:
        return None  # the sidebar says what is wrong with this model
    codes, _ = model.encode(np.stack([endpoints.picture(a), endpoints.picture(b)]))
    return model.decode(interpolation.interpolate(codes[0], codes[1], count, kind), None)


def _gif(model: Explorer, way: Journey) -> bytes:
    return writing.gif(decoded_traversals.there_and_back(view_of(model).pictures(way.decoded)), 110)
