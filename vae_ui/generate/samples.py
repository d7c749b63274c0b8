"""What the Generate page shows: the wish, the sheet of samples, and its file."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from vae_core.explore.codes import Codes
from vae_core.explore.explorer import Explorer, Images
from vae_core.explore.samplers import SAMPLERS
from vae_core.images import writing
from vae_core.utils.arrays import UInt8
from vae_ui.base import pictures, plain_text, state
from vae_ui.base.scene import LARGEST_SEED
from vae_ui.base.state import EACH
from vae_ui.widgets import choose_image, model_cache, walks

COUNTS = (16, 36, 64, 100, 196)
PRIOR, BESIDE = "prior", "place_by_place"


@dataclass(frozen=True)
class SampleRequest:
    """How many samples, how wild, from which seed, of which class (None where the model is not told one), from where."""

    count: int
    temperature: float
    seed: int
    label: int | None
    sampler: str = PRIOR


def controls(name: str, model: Explorer) -> SampleRequest:
    """The wish's widgets."""
    st.button(
        "Draw again", icon=":material/casino:", type="primary", on_click=lambda: state.choose_seed(_next(state.seed()))
    )
    offered = [key for key, one in SAMPLERS.items() if one.suits(model.info.run.model)]
    sampler = st.selectbox(
        "Codes from",
        offered,
        format_func=lambda key: _source(model, key),
        **state.bound("generate-sampler", state.choices(), "sampler", offered),
        help="Where new codes come from: the prior, or something fitted to the codes that the encoder really gives.",
    )
    temperature = (
        1.0
        if sampler != PRIOR or _is_even(model)
        else st.slider(
            "Temperature",
            0.0,
            2.0,
            step=0.05,
            **state.bound("generate-temperature", state.choices(), "temperature"),
            help="The deviation of the codes: 1 is the prior itself, less is safer and duller, more is wilder.",
        )
    )
    label = _class(model)
    count = st.select_slider("Pictures", COUNTS, 36, key="generate-count", persist_state="session")
    st.session_state["generate-seed"] = state.seed()
    st.number_input(
        "Seed",
        0,
        LARGEST_SEED,
        key="generate-seed",
        on_change=lambda: state.choose_seed(st.session_state["generate-seed"]),
        help="The same seed draws the same pictures again. It stands in the address of this page too.",
    )
    return SampleRequest(int(count), temperature, state.seed(), label, str(sampler))


def _is_even(model: Explorer) -> bool:
    """Whether the prior takes every entry of a codebook as often: there is nothing nearer to its middle."""
    return model.info.run.model.prior == "codebook"


def _source(model: Explorer, sampler: str) -> str:
    return "The spread of its codes" if sampler == PRIOR and walks.is_plain(model) else SAMPLERS[sampler].title


def generate(name: str, model: Explorer, request: SampleRequest) -> Images:
    """The samples (N, *shape); in turn, as many of every class, so a few more than wished for."""
    if request.label != EACH:
        return model.decode(_codes(name, model, request, request.count), request.label)
    classes = len(choose_image.class_names(model))
    count = -(-request.count // classes) * classes
    return model.decode(_codes(name, model, request, count), np.arange(count) % classes)


def _codes(name: str, model: Explorer, request: SampleRequest, count: int) -> Codes:
    if request.sampler == PRIOR:
        return model.prior_samples(count, request.seed, request.temperature)
    return model_cache.sampler(name, request.sampler)(count, request.seed)


def sheet(model: Explorer, samples: Images, request: SampleRequest) -> None:
    """All samples as one large picture with hard pixels, points together on their plane."""
    if model.info.run.model.is_points:
        st.scatter_chart(
            {"x1": samples[:, 0], "x2": samples[:, 1]}, x="x1", y="x2", color=pictures.tint("out"), height=480
        )
        return
    source = "the prior" if request.sampler == PRIOR else SAMPLERS[request.sampler].title
    alt = f"{len(samples)} samples from {source}, seed {request.seed}, temperature {request.temperature:g}"
    pictures.show(_sheet(samples, request, model), alt, "out", width=540)


def caption(model: Explorer, request: SampleRequest) -> str:
    """What to look at."""
    names = choose_image.class_names(model)
    told = {None: "", EACH: " Each column is one class."}
    asked = told.get(
        request.label,
        "" if request.label is None else f" All were asked to be: {plain_text.markdown(names[request.label or 0])}.",
    )
    if request.sampler != PRIOR:
        paper = SAMPLERS[request.sampler].paper
        return (
            "These codes are drawn from where the encoder really puts pictures, learnt after the training"
            + (f" ({paper})" if paper else "")
            + ". Go back to the prior and compare: what was nothing at all came from holes between the codes."
            + asked
        )
    if _is_even(model):
        return (
            "At every place of these maps chance took one of the entries, each as often: this prior knows nothing of which stand "
            f"beside which, and so most maps are of nothing. Take the codes from '{SAMPLERS[BESIDE].title}', which learns it."
            + asked
        )
    if walks.is_plain(model):
        return (
            "A plain autoencoder has no prior to draw from. These codes borrow the mean and the spread of the codes of the test "
            "images, and so many fall where no picture ever was: look for those that are nothing at all." + asked
        )
    hint = {True: "Above 1 codes fall where few pictures were", False: "Below 1 codes keep to the middle"}
    wild = f" {hint[request.temperature > 1]}." if request.temperature != 1 else ""
    return (
        "Every picture is new: a code drawn from the prior and decoded. Look for the ones that lie between two classes: "
        "the model never learned that these do not exist." + asked + wild
    )


def downloads(name: str, model: Explorer, samples: Images, request: SampleRequest) -> None:
    """The sheet as a PNG."""
    pictures.download(
        "Save as PNG", partial(_png, _sheet(samples, request, model)), f"{name}-samples.png", "generate-png"
    )


def _class(model: Explorer) -> int | None:
    if not model.conditional:
        return None
    names = choose_image.class_names(model)
    offered = [EACH, *range(len(names))]
    return st.selectbox(
        "Class",
        offered,
        format_func=lambda label: "Each in turn" if label == EACH else names[label],
        **state.bound("generate-class", state.choices(), "asked", offered),
        help="This model is told the class besides the code.",
    )


def _sheet(samples: Images, request: SampleRequest, model: Explorer) -> UInt8:
    columns = len(choose_image.class_names(model)) if request.label == EACH else None
    return walks.tiles(writing.pictures(samples), columns)


def _png(picture: UInt8) -> bytes:
    return writing.png(pictures.enlarged(picture, 1120))


def _next(seed: int) -> int:
    return (seed + 1) % (LARGEST_SEED + 1)
