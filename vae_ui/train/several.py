"""Several trainings at once: the form's run for some values of one or two settings, with several seeds, as a sweep in the queue."""

import streamlit as st

from vae_core.errors import UserError
from vae_core.experiments.sweeps import Sweep, keep, missing, sweepable
from vae_core.messages import Message
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.runs.many.listing import like_any
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_ui.base import current_user, detail, plain_text
from vae_ui.base.translation import ngettext, t
from vae_ui.shell import page_list
from vae_ui.train.run_view import look_at
from vae_ui.widgets.forms import field, numbers

KEY = "train.several"


def section(store: Store, run: RunConfig | None) -> None:
    """Draw the row of settings, values and seeds, and the button that queues what is missing; nothing while the form has no run."""
    if run is None or not detail.in_full():
        return
    with st.expander(t("Several trainings")):
        try:
            sweep = _asked(run)
            if sweep is not None:
                _offer(store, sweep)
        except UserError as error:
            plain_text.refuse(error)


def _asked(run: RunConfig) -> Sweep | None:
    """What the widgets describe; None while no values are given."""
    known, varied = sweepable(run), {}
    for place, (label, none) in {"first": (t("Setting"), None), "second": (t("And"), t("none"))}.items():
        name = _setting(label, {name: known[name] for name in known if name not in varied}, f"{KEY}.{place}", none)
        if name is not None:
            varied[name] = _values(run, name, t(known[name]), f"{KEY}.{place}.values.{name}")
    varied = {name: values for name, values in varied.items() if values}
    info = Sweep.model_fields["seeds"]
    seeds = field(info, info.default, f"{KEY}.seeds")
    return Sweep(base=run, varied=varied, seeds=seeds) if varied else None


def _setting(label: str, known: dict[str, Message], key: str, none: str | None) -> str | None:
    options = [*([] if none is None else [None]), *known]
    return st.selectbox(
        label,
        options,
        format_func=lambda name: none if name is None else t(known[name]),
        key=key,
        persist_state="session",
    )


def _values(run: RunConfig, name: str, setting: str, key: str) -> tuple[float, ...]:
    before = run.settings.get(name)
    text = st.text_input(
        t("Values of {setting}", setting=setting), placeholder=t("such as 1, 2, 4"), key=key, persist_state="session"
    )
    found = numbers(setting, text, isinstance(before, int), None)
    return tuple(dict.fromkeys(found or ()))


def _offer(store: Store, sweep: Sweep) -> None:
    waiting = missing(sweep, like_any(store, sweep.runs()))
    there = sweep.count - len(waiting)
    said = ngettext(
        "{count} training, {there} of them there already.",
        "{count} trainings, {there} of them there already.",
        sweep.count,
        there=there,
    )
    st.caption(plain_text.markdown(said))
    if st.button(t("Train all"), icon=":material/queue:", width="stretch", disabled=not waiting, key=f"{KEY}.go"):
        _start(store, sweep)
    if there:
        page_list.link("compare")


def _start(store: Store, sweep: Sweep) -> None:
    """Queue what is missing; where the person may not have so many, those that are queued stay, and others wait for another press."""
    keep(sweep, store.home)
    begun = None
    try:
        for run in missing(sweep, like_any(store, sweep.runs())):
            id = store.create(run, user=current_user.present())
            begun = begun or id
    finally:
        if begun is not None:
            look_at(begun)
            ensure_scheduler(store.home)
