"""The scene of the page in view: taken from the page's address, and written into it.

Streamlit's own `st.query_params` adds an entry to the browser's history with each change, so it is only read here. A small
component (js/address.js) writes the address: a change of the model adds an entry, all else replaces the present one; that a change
of the page adds one is Streamlit's doing. When a person goes back or forward, a script in the page's head
(vae_core/web/middleware/content/index_page.py) numbers that before Streamlit tells Python of it (`nav` in the address), so
that a step is taken once, however often Streamlit sends an old address again.
"""

import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import numpy as np
import streamlit as st

from vae_core.config import DataConfig
from vae_core.data.duplicates_and_imbalance import MENDED
from vae_core.edits.properties import properties
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.explore.samplers_prior_mixture_flow import SAMPLERS
from vae_core.runs import Store
from vae_core.translation.catalogues import SOURCE, known
from vae_ui.base import current_user, detail, scene, state, translation
from vae_ui.base.scene import Known, Scene
from vae_ui.base.scene_text import Code
from vae_ui.base.state import EACH, Choices, End, Group, Place
from vae_ui.bundles import loader
from vae_ui.datasets import choose_data
from vae_ui.lessons import course
from vae_ui.room import switches
from vae_ui.views import view_of
from vae_ui.widgets import model_cache

KEY = "address"
DATA_PARTS = ("variant", "noise", "held_out", "drawing")  # settings of a data set in the address
T = TypeVar("T")


@dataclass
class Told:
    """What this session has taken over: the number of the last step through the browser's history."""

    session: str  # tells the browser that a new session has begun, after a lost connection
    step: str


def read(page: str) -> tuple[Scene, tuple[str, ...]] | None:
    """The scene that the address asks for, and what of it could not be read; None where the address brings no news."""
    query = st.query_params.to_dict()
    step = query.get("nav", "") if re.fullmatch(r"\d{1,9}", query.get("nav", ""), re.ASCII) else ""
    told: Told | None = st.session_state.get(KEY)
    if told is None:
        st.session_state[KEY] = Told(secrets.token_hex(4), step)
        return _parsed(query, page)
    if step in ("", told.step):
        return None
    told.step = step
    return _parsed(query, page) if state.MODEL in query else None


def _parsed(query: dict[str, str], page: str) -> tuple[Scene, tuple[str, ...]]:
    found, unread = scene.parse(query, page)
    return found, unread if known(query.get(translation.LANG, SOURCE)) else (*unread, translation.LANG)


def adopt(asked: Scene, unread: tuple[str, ...]) -> None:
    """Make the asked scene the one in view, as far as there is what it names; the sidebar has chosen its model."""
    choices, models = state.choices(), model_cache.models()
    if choices.missed or choices.model not in models:
        return  # the sentence about the model says it all
    model = model_cache.explorer(choices.model)
    config = model.info.run.model
    suited = [name for name, one in SAMPLERS.items() if one.suits(config)]
    caption = model.info.caption
    known = Known(
        model.latent_dim,
        len(model.latents.mean),
        config.classes,
        models,
        suited,
        course.lessons().by_id,
        () if caption is None else caption.sizes,
        len(properties(model.info)),
    )
    found, missing = scene.check(asked, known)
    choices.ignored = (*unread, *missing)
    if found.run is not None and not _is_run(found.run):
        choices.ignored += ("run",)
    choices.seed = found.seed
    choices.lesson = found.lesson
    choices.present = found.present
    shown = scene.SHOWN[found.page]
    _take(choices, found, shown)
    _put(state.place(choices.model), model, found, shown)


def _is_run(id: str) -> bool:
    """Whether the person sees a run of this id."""
    with suppress(UserError):
        Store().get(id, current_user.present())
        return True
    return False


OF_NO_MODEL = {
    "view", "figures", "path", "start", "sampler", "temperature", "preset", "run", "time", "normal", "mistake", "experiment",
    "section", "corruption", "severity",
}  # fmt: skip


def _take(choices: Choices, found: Scene, shown: tuple[str, ...]) -> None:
    """What belongs to no model."""
    usual = Choices("")
    for name in OF_NO_MODEL & {*shown}:
        value = getattr(found, name)
        setattr(choices, name, getattr(usual, name) if value is None else value)
    if found.data is not None:
        asked = {name: getattr(found, name) for name in DATA_PARTS} | dict.fromkeys(found.mended, True)
        choose_data.adopt(DataConfig(dataset=found.data, **{name: value for name, value in asked.items() if value}))
    if "c" in shown:
        choices.four = found.c is not None
    if found.trained:
        choices.trained.add(choices.mistake)
    if "own" in shown:
        choices.source = "test" if found.own is None else "draw"
    if "given" in shown:
        choices.given = found.given or "picture"


def _put(place: Place, model: Explorer, found: Scene, shown: tuple[str, ...]) -> None:
    """What belongs to a place in the model's latent space."""
    means = model.latents.mean
    if "image" in shown:
        place.picked = found.image
    if "z" in shown:
        place.z = (
            _code(found.z) if found.z else None if found.image is None else np.array(means[found.image], np.float32)
        )
    if found.page == "generate":
        state.choices().asked = EACH if found.label is None else found.label
    elif "label" in shown and (found.label is not None or found.image is not None):
        place.label = int(model.latents.labels[found.image]) if found.label is None else found.label
        place.label_of = found.image
    for name in {"draws", "pair", "prop", "way", "models", "edit", "strength"} & {*shown}:
        _set(place, name, found)
    for letter in {*"abcd"} & {*shown}:
        _set_end(place, letter.upper(), getattr(found, letter), model)
    if "revealed" in shown:
        place.revealed, place.named, place.called = [*found.revealed], dict(found.named), [*found.called]
        place.own_names = bool(found.called)
    if "said" in shown:
        caption = model.info.caption
        place.sentence = caption.phrase(found.said, translation.language()) if caption and found.said else ""
    if "own" in shown:
        place.own = _code(found.own) if found.own else None
        if place.own is not None and "draw" in view_of(model).sources:
            _draw(place, model)


def _set(place: Place, name: str, found: Scene) -> None:
    if name == "draws":
        place.draws = found.draws
    elif name == "pair":
        place.pair = None if found.pair is None else (found.pair[0] - 1, found.pair[1] - 1)
    elif name == "prop":
        place.prop = found.prop or 0
    elif name == "way":
        place.way = 0.5 if found.way is None else found.way
    elif name == "edit":
        place.edit = found.edit or ""
        means = {"A": found.group_a, "B": found.group_b}
        place.groups = {letter: Group(_code(mean)) for letter, mean in means.items() if mean}
    elif name == "strength":
        place.strength = 1.0 if found.strength is None else found.strength
    else:
        place.compared = [*found.models] or None


def _set_end(place: Place, letter: str, value: int | Code | None, model: Explorer) -> None:
    if value is None:
        place.ends.pop(letter, None)
    elif isinstance(value, int):
        place.ends[letter] = End(np.asarray(model.latents.mean[value]), value)
    else:
        place.ends[letter] = End(_code(value))


def _draw(place: Place, model: Explorer) -> None:
    """What is decoded from the code of a picture that is not here stands in for it."""
    assert place.own is not None
    decoded = model.decode(place.own[None], place.label if model.conditional else None)[0]
    place.linked = np.rint(255 * decoded).clip(0, 255).astype(np.uint8)
    state.choices().drawn[model.shape] = place.linked


def _code(values: Code) -> np.ndarray:
    return np.array(values, np.float32)


def current() -> Scene:
    """The scene of the page in view, with all that its address shows."""
    choices = state.choices()
    page = Scene(
        choices.page,
        choices.model or None,
        choices.seed,
        preset=_unless(choices.preset, "vae"),
        run=choices.run,
        time=choices.time,
        lesson=choices.lesson,
        normal=choices.normal,
        mistake=choices.mistake,
        trained=choices.mistake in choices.trained,
        experiment=choices.experiment,
        present=choices.present,
        **_data(choices),
    )
    if choices.model not in model_cache.models():
        return page
    place, model = state.place(choices.model), model_cache.explorer(choices.model)
    many = model.latent_dim > 2
    return replace(
        page,
        image=place.picked,
        z=_z(place, model),
        label=_label(choices, place, model),
        draws=place.draws,
        view=_unless(choices.view, "pca") if many else None,
        pair=(place.pair[0] + 1, place.pair[1] + 1) if many and choices.view == "plane" and place.pair else None,
        figures=choices.figures,
        prop=(place.prop or None) if "property" in choices.figures else None,
        start=_unless(choices.start, "mean"),
        a=_end(place, "A"),
        b=_end(place, "B"),
        c=_end(place, "C") if choices.four else None,
        d=_end(place, "D") if choices.four else None,
        path=_unless(choices.path, "linear"),
        way=_unless(place.way, 0.5),
        own=None if place.own is None or choices.source == "test" else tuple(map(float, place.own)),
        given=_unless(choices.given, "picture") if model.info.caption else None,
        said=place.said or () if choices.given != "picture" else (),
        sampler=_unless(choices.sampler, "prior"),
        temperature=_unless(choices.temperature, 1.0),
        models=tuple(place.compared or ()),
        revealed=() if place.own_names else tuple(place.revealed),
        named=tuple(place.named.items()) if place.own_names else (),
        called=tuple(place.called) if place.own_names else (),
        edit=place.edit or None,
        group_a=_mean(place, "A"),
        group_b=_mean(place, "B"),
        strength=_unless(place.strength, 1.0),
        section=_unless(choices.section, "hidden"),
        corruption=_unless(choices.corruption, "salt"),
        severity=_unless(choices.severity, 0.3),
    )


def data_asked() -> dict[str, str]:
    """What a link to another page needs, so that the data set and its settings stay the same."""
    return dict(parse_qsl(scene.format_query(Scene("data", **_data(state.choices())))))


def _data(choices: Choices) -> dict[str, Any]:
    """The data set of Data and Train, with its settings; a person's own files stay on this computer, and out of the address."""
    data = choices.data
    if data is None or data.path:
        return {}
    usual = DataConfig()
    parts = {name: _unless(getattr(data, name), getattr(usual, name)) for name in DATA_PARTS}
    return {"data": data.dataset, **parts, "mended": tuple(name for name in MENDED if getattr(data, name))}


def _unless(value: T, usual: T) -> T | None:
    return None if value == usual else value


def _label(choices: Choices, place: Place, model: Explorer) -> int | None:
    """The class that the decoder is told; on the Generate page the one that samples are wanted of, None for each in turn."""
    label = choices.asked if choices.page == "generate" else place.label
    return label if model.conditional and label != EACH else None


def _z(place: Place, model: Explorer) -> Code | None:
    """The code, where it is not the picked test image's own."""
    if place.z is None or (place.picked is not None and np.array_equal(place.z, model.latents.mean[place.picked])):
        return None
    return tuple(map(float, place.z))


def _mean(place: Place, letter: str) -> Code | None:
    """The mean code of a selection, where the direction is of selections: it is all that the direction needs of them."""
    group = place.groups.get(letter)
    return None if group is None or place.edit != "selections" else tuple(map(float, group.mean))


def _end(place: Place, letter: str) -> int | Code | None:
    end = place.ends.get(letter)
    return None if end is None else tuple(map(float, end.code)) if end.index is None else end.index


def write() -> None:
    """Bring the page's address up to date; called at the end of a page, and of what of it runs again by itself."""
    told: Told = st.session_state[KEY]
    page, now = state.choices().page, current()
    query = scene.format_query(now)
    switches.update(page, scene.format_query(replace(now, present=False)))
    with st.container(gap=None):
        _address(
            data={
                "search": "&".join(filter(None, (query, urlencode(translation.address() | detail.address())))),
                "path": "" if page == "start" else page,
                "step": told.step,
                "session": told.session,
                "language": translation.language(),
                "keep": [*filter(None, (translation.to_keep(), detail.to_keep()))],
            },
            key="page-address",
        )


_address = st.components.v2.component("page_address", html="<i hidden></i>\n", js=loader("shell", "address"))
