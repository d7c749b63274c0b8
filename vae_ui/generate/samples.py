"""The Generate page: the settings, the sheet of samples, and its file."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from vae_core.data.text.names import NAMES
from vae_core.explore.explorer import Explorer
from vae_core.explore.loaded_model import Images
from vae_core.explore.nearest_codes import Codes
from vae_core.explore.samplers_prior_mixture_flow import SAMPLERS
from vae_core.export.csv_files import Table
from vae_core.utils.arrays import Int64
from vae_ui.base import pictures, plain_text, state
from vae_ui.base.csv_download import codes, csv_button
from vae_ui.base.scene import LARGEST_SEED
from vae_ui.base.state import EACH
from vae_ui.base.translation import t
from vae_ui.views import says, sentences, view_of
from vae_ui.widgets import choose_image, latent_units, model_cache

COUNTS, USUAL = (16, 36, 64, 100, 196), 36
PRIOR, BESIDE = "prior", "place_by_place"


@dataclass(frozen=True)
class SampleRequest:
    """How many samples, at which temperature, seed and class (None for a model without classes), and from which sampler."""

    count: int
    temperature: float
    seed: int
    label: int | None
    sampler: str = PRIOR


def controls(name: str, model: Explorer) -> SampleRequest:
    """Draw the settings' widgets; gives the settings."""
    st.button(
        t("Draw again"),
        icon=":material/casino:",
        type="primary",
        on_click=lambda: state.choose_seed(_next(state.seed())),
    )
    offered = [key for key, one in SAMPLERS.items() if one.suits(model.info.run.model)]
    sampler = st.selectbox(
        t("Codes from"),
        offered,
        format_func=lambda key: _source(model, key),
        **state.bound("generate-sampler", state.choices(), "sampler", offered),
        help=t("The distribution of the new codes: the prior, or one that is fitted to the codes of the test images."),
    )
    temperature = (
        1.0
        if sampler != PRIOR or _is_even(model)
        else st.slider(
            t("Temperature"),
            0.0,
            2.0,
            step=0.05,
            **state.bound("generate-temperature", state.choices(), "temperature"),
            help=t(
                "Factor on the standard deviation of the prior: below 1 the images are more typical, above 1 more varied."
            ),
        )
    )
    label = _class(model)
    classes = len(choose_image.class_names(model)) if label == EACH else 1
    counts = [*dict.fromkeys(-(-count // classes) * classes for count in COUNTS)]  # the same number of each class
    usual = -(-USUAL // classes) * classes
    count = st.select_slider(t("Images"), counts, usual, key=f"generate-count-{classes}", persist_state="session")
    st.session_state["generate-seed"] = state.seed()
    st.number_input(
        t("Seed"),
        0,
        LARGEST_SEED,
        key="generate-seed",
        on_change=lambda: state.choose_seed(st.session_state["generate-seed"]),
        help=t("The same seed gives the same images again. It is part of the address of this page."),
    )
    return SampleRequest(int(count), temperature, state.seed(), label, str(sampler))


def _is_even(model: Explorer) -> bool:
    """Whether the prior is uniform over a codebook; it has no temperature then."""
    return model.info.run.model.prior == "codebook"


def _source(model: Explorer, sampler: str) -> str:
    if sampler == PRIOR and latent_units.is_plain(model):
        return t("A normal fitted to its codes")
    return t(SAMPLERS[sampler].title)


def generate(name: str, model: Explorer, request: SampleRequest) -> Images:
    """The samples (N, *shape)."""
    label = request.label
    labels = np.arange(request.count) % len(choose_image.class_names(model)) if label == EACH else label
    return _made(model, _codes(name, model, request), labels, request.seed)


def _made(model: Explorer, z: Codes, label: int | Int64 | None, seed: int) -> Images:
    """The mean of p(x|z), or a sample of it where the mean of several values would be none, as of a category."""
    return model.sampled(z, label, seed) if view_of(model).draws_samples else model.decode(z, label)


def _codes(name: str, model: Explorer, request: SampleRequest) -> Codes:
    if request.sampler == PRIOR:
        return model.prior_samples(request.count, request.seed, request.temperature)
    return model_cache.sampler(name, request.sampler)(request.count, request.seed)


def sheet(name: str, model: Explorer, samples: Images, request: SampleRequest) -> None:
    """Show all samples at once: as one large image, as a scatter plot of points, as a table of rows, or each with its words."""
    alt = t(
        "{count} samples, codes from: {source}, seed {seed}, temperature {temperature:g}",
        count=len(samples),
        source=_source(model, request.sampler),
        seed=request.seed,
        temperature=request.temperature,
    )
    if said := says(model, _codes(name, model, request)):
        alts = [t("Sample {number}", number=i + 1) for i in range(len(samples))]
        st.html(view_of(model).gallery(samples, alts, sentences(said, len(samples)), "out"))
        return
    view_of(model).sheet(samples, alt, _columns(model, request))


def caption(model: Explorer, request: SampleRequest) -> str:
    """The caption of the sheet: what to look at."""
    made_up = t("These names are made up, though some of them may be somebody's.")
    known = [made_up] if model.info.run.data.dataset == NAMES.name else []
    return " ".join([*known, _origin(model, request), *_asked(model, request.label), *_warmth(request.temperature)])


def _origin(model: Explorer, request: SampleRequest) -> str:
    """A sentence on the distribution of the codes."""
    if request.sampler != PRIOR:
        paper = SAMPLERS[request.sampler].paper
        return t(
            "The codes come from a distribution that was fitted after training to the codes of the test images ({paper}). "
            "Compare with the prior: its samples in the gaps between the codes give images of nothing.",
            paper=paper,
        )
    if _is_even(model):
        return t(
            "Each position of the code map takes any codebook entry with equal probability, independent of its neighbours, so most "
            "maps give images of nothing. Choose '{sampler}' above: it learns which entries occur together.",
            sampler=t(SAMPLERS[BESIDE].title),
        )
    if latent_units.is_plain(model):
        return t(
            "A plain autoencoder has no prior. These codes come from a normal with the mean and standard deviation of the test "
            "images' codes, so many lie where no image has its code: look for images of nothing."
        )
    if model.conditional and model.info.run.kind == "picture":
        return t("Each image is new: a sample of the prior, decoded with its class.")
    return t(
        "Each image is new: a sample of the prior, decoded. Look for images between two classes: nothing in training "
        "excluded them."
    )


def _asked(model: Explorer, label: int | None) -> Iterator[str]:
    if label == EACH:
        yield t("Each column is one class.")
    elif label is not None:
        yield t(
            "The decoder was given the class {name}.", name=plain_text.markdown(choose_image.class_names(model)[label])
        )


def _warmth(temperature: float) -> Iterator[str]:
    if temperature > 1:
        yield t("Above temperature 1 codes fall where few images have theirs.")
    elif temperature < 1:
        yield t("Below temperature 1 codes stay near the mean of the prior.")


def downloads(name: str, model: Explorer, samples: Images, request: SampleRequest) -> None:
    """Download the samples: a sheet of pictures as PNG, rows of a table as CSV."""
    view = view_of(model)
    for file in view.files:
        content = partial(view.content, samples, _columns(model, request), 1120, file)
        label = t("Save as {kind}", kind=file.upper())
        pictures.download(label, content, f"{name}-samples.{file}", f"generate-{file}")
    csv_button(partial(codes_of_samples, name, model, request), f"{name}-codes", "generate-codes", t("Codes (CSV)"))


def codes_of_samples(name: str, model: Explorer, request: SampleRequest) -> Table:
    """The codes that were decoded, with the class that the decoder was given, if any."""
    z = _codes(name, model, request)
    if said := says(model, z):
        return {t("sentence"): sentences(said, len(z)), **codes(z)}
    if request.label is None:
        return codes(z)
    names = choose_image.class_names(model)
    given = [names[i % len(names) if request.label == EACH else request.label] for i in range(len(z))]
    return {t("class"): given, **codes(z)}


def _class(model: Explorer) -> int | None:
    if not model.conditional:
        return None
    names = choose_image.class_names(model)
    offered = [EACH, *range(len(names))]
    return st.selectbox(
        t("Class"),
        offered,
        format_func=lambda label: t("Each in turn") if label == EACH else names[label],
        **state.bound("generate-class", state.choices(), "asked", offered),
        help=t("The decoder of this model is given the class and the code."),
    )


def _columns(model: Explorer, request: SampleRequest) -> int | None:
    """How many samples stand in a row: one of each class, or as many as there are rows."""
    return len(choose_image.class_names(model)) if request.label == EACH else None


def _next(seed: int) -> int:
    return (seed + 1) % (LARGEST_SEED + 1)
