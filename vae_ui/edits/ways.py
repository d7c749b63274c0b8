"""What a direction is made of: two classes, two selections on the map, or a property; with the widgets that choose it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import streamlit as st

from vae_core.edits.directions import Direction, between, between_means, towards_more
from vae_core.edits.properties import properties, within_classes
from vae_core.errors import UserError
from vae_core.explore.code_arithmetic import mean_code
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import typical
from vae_core.messages import Message
from vae_ui.base import plain_text, state
from vae_ui.base.state import Group, Place
from vae_ui.base.translation import ngettext, t
from vae_ui.edits import example
from vae_ui.widgets import choose_image, model_cache

KINDS = {
    "classes": Message("Two classes"),
    "property": Message("A property"),
    "selections": Message("Two selections"),
}


@dataclass(frozen=True)
class Way:
    """A direction, what the ends of the slider are called, what strength 1 is, in words, and the property that there is more of."""

    direction: Direction
    low: str
    high: str
    words: str
    prop: str = ""


def begin(name: str, model: Explorer) -> None:
    """Where no code is chosen yet: the typical example of the class from which the direction leads, else the first example."""
    place = state.place(name)
    if place.z is None and _is_offered(model, "classes"):
        _begin_with(name, model, _numbers(place, "classes", nearest_pair(model))[0])
    if place.z is None:
        example.pick(place, model, place.picked or 0)


def choose(name: str, model: Explorer) -> Way | None:
    """Draw the choice, and give the direction; None while a selection is missing, or where a sentence says why there is none."""
    place = state.place(name)
    offered = [kind for kind in KINDS if _is_offered(model, kind)]
    chosen = place.edit.split("-")[0]
    key = "edits-kind"
    st.session_state[key] = chosen if chosen in offered else offered[0]

    def keep() -> None:
        place.edit = str(st.session_state[key])

    kind = st.segmented_control(
        t("Direction from"),
        offered,
        format_func=lambda one: t(KINDS[one]),
        required=True,
        label_visibility="collapsed",
        key=key,
        on_change=keep,
    )
    try:
        return CHOICES[str(kind)](name, model, place)
    except UserError as error:  # nothing was done wrong: these examples have no such direction
        plain_text.warn(error.message)
        return None


def _is_offered(model: Explorer, kind: str) -> bool:
    if kind == "classes":  # the code of a conditional model holds only the style
        return not model.conditional and len(choose_image.present_classes(model)) > 1
    return kind == "selections" or bool(properties(model.info))


def _numbers(place: Place, kind: str, defaults: list[int]) -> list[int]:
    """The numbers after the kind in the address, such as 3 and 8 of classes-3-8, or the defaults."""
    first, *rest = place.edit.split("-")
    return [int(one) for one in rest] if first == kind and len(rest) == len(defaults) else defaults


def _select(
    title: str, options: list[int], chosen: int, words: Callable[[int], str], key: str, keep: Callable[[], None]
) -> int:
    st.session_state[key] = chosen if chosen in options else options[0]
    return int(st.selectbox(title, options, format_func=words, key=key, on_change=keep, width=150))


def _classes(name: str, model: Explorer, place: Place) -> Way:
    offered, titles = choose_image.present_classes(model), choose_image.class_names(model)
    keys = ("edits-from", "edits-to")

    def keep() -> None:
        start, end = (int(st.session_state[key]) for key in keys)
        if start != _numbers(place, "classes", nearest_pair(model))[0]:
            _begin_with(name, model, start)
        place.edit = f"classes-{start}-{end}"

    start, end = _numbers(place, "classes", nearest_pair(model))
    start = _select(t("From class"), offered, start, lambda one: titles[one], keys[0], keep)
    end = _select(t("To class"), [one for one in offered if one != start], end, lambda one: titles[one], keys[1], keep)
    labels = model.latents.labels
    found = between(model.latents.mean, np.flatnonzero(labels == start), np.flatnonzero(labels == end))
    high, low = plain_text.markdown(titles[end]), plain_text.markdown(titles[start])
    words = t("Strength 1 is the mean code of the test examples of {high} minus that of {low}.", high=high, low=low)
    return Way(found, titles[start], titles[end], words)


def _begin_with(name: str, model: Explorer, label: int) -> None:
    index = typical(model.latents.mean, model.latents.labels, label)
    if index is not None:
        example.pick(state.place(name), model, index)


def nearest_pair(model: Explorer) -> list[int]:
    """The two classes whose mean codes are nearest to each other: what to begin with."""
    codes, labels = model.latents.mean, model.latents.labels
    known = choose_image.present_classes(model)
    means = {label: mean_code(codes, np.flatnonzero(labels == label)) for label in known}
    return [*min(combinations(known, 2), key=lambda pair: float(np.linalg.norm(means[pair[0]] - means[pair[1]])))]


def _property(name: str, model: Explorer, place: Place) -> Way:
    known = properties(model.info)
    names, key = list(known), "edits-property"

    def keep() -> None:
        place.edit = f"property-{st.session_state[key]}"

    (chosen,) = _numbers(place, "property", [0])
    index = _select(t("More of"), list(range(len(names))), chosen, lambda one: t(known[names[one]].title), key, keep)
    labels = model.latents.labels if within_classes(model.info) else None
    found = towards_more(model.latents.mean, model_cache.property_values(name, names[index]), labels)
    one, change = known[names[index]], found.change or 0.0
    amount = f"{change:.3g} {t(one.unit)}".rstrip()
    title = plain_text.markdown(t(one.title))
    words = t("Strength 1 is {amount} more of {title} in the test examples.", amount=amount, title=title)
    if labels is not None:
        words += " " + t("It is measured within each class, so that the class should stay.")
    return Way(found, t("less"), t("more"), words, names[index])


def _selections(name: str, model: Explorer, place: Place) -> Way | None:
    groups, selected = place.groups, place.selected

    def keep(letter: str) -> None:
        assert selected is not None  # without one the button is disabled
        groups[letter] = Group(mean_code(model.latents.mean, selected), len(selected))
        place.edit = "selections"

    for letter in ("A", "B"):
        st.button(
            _kept(letter, groups.get(letter)),
            key=f"edits-keep-{letter}",
            disabled=selected is None,
            on_click=keep,
            args=(letter,),
            help=t("Select dots with the lasso or the box of the map, then keep them here."),
        )
    if len(groups) < 2:
        return None
    found = between_means(groups["A"].mean, groups["B"].mean)
    return Way(
        found, "A", "B", t("Strength 1 is the mean code of the test examples in selection B minus that of selection A.")
    )


def _kept(letter: str, group: Group | None) -> str:
    """What the button of a selection says."""
    if group is None:
        return t("Keep the selection as {letter}", letter=letter)
    if group.count is None:
        return t("{letter}: from the link", letter=letter)
    return ngettext("{letter}: {count} dot", "{letter}: {count:,} dots", group.count, letter=letter)


CHOICES: dict[str, Callable[[str, Explorer, Place], Way | None]] = {
    "classes": _classes,
    "property": _property,
    "selections": _selections,
}
