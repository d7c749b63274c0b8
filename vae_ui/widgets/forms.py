"""A configuration's fields as widgets: titles, help, bounds and choices are read from the field itself."""

import math
from collections.abc import Callable, Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from vae_core.errors import UserError
from vae_core.frozen import Frozen

Values = dict[str, Any]
Shown = Callable[[str, Values], bool]


def fields(
    start: Frozen,
    names: Sequence[str],
    key: str,
    choices: Mapping[str, Sequence[str]] | None = None,
    shown: Shown | None = None,
) -> Values:
    """Draw the fields `names` of `start` in order, and give the values that differ from it.

    `choices` lists what a text field may be; a field for which `shown`, asked with the values so far, is False is left
    out. A widget lives under `<key>.<name>`, so a new `key` begins again from the new `start`. Raises UserError for a list of numbers
    that is none.
    """
    values = start.model_dump()
    for name in names:
        if shown is None or shown(name, values):
            info = type(start).model_fields[name]
            values[name] = field(info, values[name], f"{key}.{name}", (choices or {}).get(name))
    return {name: values[name] for name in names if values[name] != start.model_dump()[name]}


def field(info: Any, value: Any, key: str, choices: Sequence[str] | None = None) -> Any:
    """One widget for one field (pydantic's FieldInfo), starting at `value`; gives the value as the configuration wants it."""
    kinds = [kind for kind in _union(info.annotation) if kind is not NoneType]
    shared: Values = {"key": key, "help": info.description, "persist_state": "session"}
    label = info.title or key.rpartition(".")[2]
    if get_origin(kinds[0]) is Literal or choices:
        options = list(choices or get_args(kinds[0]))
        return st.selectbox(label, options, index=options.index(value), format_func=readable, **shared)
    if kinds[0] in (int, float):
        return _number(info, kinds[0], label, value, shared)
    if kinds[0] is str:
        return st.text_input(label, value, **shared)
    whole = float not in get_args(kinds[0])
    return numbers(label, st.text_input(label, _listed(value), placeholder="as before", **shared), whole, value)


def readable(name: object) -> str:
    """A registry's name as a person writes it: gaussian_learned -> gaussian learned."""
    return str(name).replace("_", " ")


def numbers(label: str, text: str, whole: bool, value: Any) -> tuple[int, ...] | tuple[float, ...] | None:
    """Numbers set apart by commas or blanks; None for none where the field may be empty."""
    words = text.replace(",", " ").split()
    if not words:
        return None if value is None else ()
    try:
        return tuple(int(word) for word in words) if whole else tuple(float(word) for word in words)
    except ValueError:
        kind = "whole numbers" if whole else "numbers"
        raise UserError(f"{label}: write {kind} set apart by commas, such as 256, 128, not {text[:40]!r}.") from None


def _union(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) is UnionType else (annotation,)


def _number(info: Any, kind: type, label: str, value: float | None, shared: Values) -> float | int | None:
    step = 1 if kind is int else _step(value)
    low, above, high = (_bound(info, limit, kind) for limit in ("ge", "gt", "le"))
    if low is None and above is not None:
        low = above + (1 if kind is int else step / 1000)  # the widget's bound is inclusive
    shown = {} if kind is int else {"format": "%g"}
    start = None if value is None else kind(value)
    return st.number_input(label, low, high, start, step, placeholder="none", **shown, **shared)


def _bound(info: Any, limit: str, kind: type) -> Any:
    found = next((getattr(rule, limit) for rule in info.metadata if hasattr(rule, limit)), None)
    return None if found is None else kind(found)


def _step(value: float | None) -> float:
    """A tenth of the value's own order of magnitude: 0.002 goes up by 0.0001."""
    return 0.1 if not value else float(10.0 ** (math.floor(math.log10(abs(value))) - 1))


def _listed(value: Any) -> str:
    return "" if value is None else ", ".join(f"{number:g}" for number in value)
