"""The fields of a configuration as widgets; title, help, bounds and choices come from the field itself."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import streamlit as st

from vae_core.errors import UserError
from vae_core.frozen import EMPTY, Frozen
from vae_ui.base.translation import t

Values = dict[str, Any]
Shown = Callable[[str, Values], bool]


def fields(
    start: Frozen,
    names: Sequence[str],
    key: str,
    choices: Mapping[str, Sequence[str]] | None = None,
    shown: Shown | None = None,
    titles: Mapping[str, str] | None = None,
) -> Values:
    """Draw the fields `names` of `start` in order; gives the values that differ from those of `start`.

    `choices` lists the values of a text field, `titles` are those of fields that have another one here. A field is left out where
    `shown` gives False for the values so far. The widget's key is `<key>.<name>`, so a new `key` starts again from `start`. Raises
    UserError for a list of numbers that cannot be read.
    """
    values = start.model_dump()
    for name in names:
        if shown is None or shown(name, values):
            info = type(start).model_fields[name]
            values[name] = field(
                info, values[name], f"{key}.{name}", (choices or {}).get(name), (titles or {}).get(name)
            )
    return {name: values[name] for name in names if values[name] != start.model_dump()[name]}


def field(info: Any, value: Any, key: str, choices: Sequence[str] | None = None, title: str | None = None) -> Any:
    """The widget of one field (pydantic's FieldInfo) with the start value `value`; gives a value for the configuration.

    `title` stands in place of the field's own.
    """
    kinds = [kind for kind in _union(info.annotation) if kind is not NoneType]
    shared: Values = {"key": key, "help": t(info.description or "") or None, "persist_state": "session"}
    label = t(title or info.title) if title or info.title else key.rpartition(".")[2]
    empty = t((info.json_schema_extra or {}).get(EMPTY, "none"))
    if get_origin(kinds[0]) is Literal or choices:
        options = [*([None] if NoneType in _union(info.annotation) else []), *(choices or get_args(kinds[0]))]
        names = partial(_option, empty=empty)
        return st.selectbox(label, options, index=options.index(value), format_func=names, **shared)
    if kinds[0] is bool:
        return st.toggle(label, value, **shared)
    if kinds[0] in (int, float):
        return _number(info, kinds[0], label, value, empty, shared)
    if kinds[0] is str:
        return st.text_input(label, value, **shared)
    whole = float not in get_args(kinds[0])
    return numbers(label, st.text_input(label, _listed(value), placeholder=t("default"), **shared), whole, value)


def _option(name: object, empty: str) -> str:
    return empty if name is None else readable(name)


def readable(name: object) -> str:
    """A registry's name as text in the session's language: gaussian_learned -> gaussian learned."""
    return t(str(name).replace("_", " "))


def numbers(label: str, text: str, whole: bool, value: Any) -> tuple[int, ...] | tuple[float, ...] | None:
    """Numbers separated by commas or spaces; None for an empty text where the field may be None."""
    words = text.replace(",", " ").split()
    if not words:
        return None if value is None else ()
    try:
        return tuple(int(word) for word in words) if whole else tuple(float(word) for word in words)
    except ValueError:
        given = text[:40]
        if whole:
            raise UserError(
                "{field}: write whole numbers separated by commas, such as 256, 128, not '{text}'.",
                field=label,
                text=given,
            ) from None
        raise UserError(
            "{field}: write numbers separated by commas, such as 0.9, 0.99, not '{text}'.", field=label, text=given
        ) from None


def _union(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


def _number(info: Any, kind: type, label: str, value: float | None, empty: str, shared: Values) -> float | int | None:
    step = 1 if kind is int else _step(value)
    low, above, high = (_bound(info, limit, kind) for limit in ("ge", "gt", "le"))
    if low is None and above is not None:
        low = above + (1 if kind is int else step / 1000)  # the widget includes its bound
    shown = {} if kind is int else {"format": "%g"}
    start = None if value is None else kind(value)
    return st.number_input(label, low, high, start, step, placeholder=empty, **shown, **shared)


def _bound(info: Any, limit: str, kind: type) -> Any:
    found = next((getattr(rule, limit) for rule in info.metadata if hasattr(rule, limit)), None)
    return None if found is None else kind(found)


def _step(value: float | None) -> float:
    """The step of a widget: a tenth of the order of magnitude of the value, such as 0.0001 for 0.002."""
    return 0.1 if not value else float(10.0 ** (math.floor(math.log10(abs(value))) - 1))


def _listed(value: Any) -> str:
    return "" if value is None else ", ".join(f"{number:g}" for number in value)
