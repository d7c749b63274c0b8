"""Train: a form, a queue of background runs, and one run that is shown live and can be replayed with a slider."""

import streamlit as st

from vae_core.runs import Series, Store
from vae_core.runs.many.overview import look
from vae_core.scheduling.cluster import setting
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_ui.base import current_user, translation
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.shell import address
from vae_ui.shell.frame import head
from vae_ui.train import (
    clean_up,
    form,
    gradient_step,
    live_run,
    names,
    run_list,
    run_panel,
    run_view,
    several,
    sharing,
    start,
)
from vae_ui.widgets import findings, model_cache

head(
    t("How does a VAE learn?"),
    t("Start a training run, watch the codes of the images move, then replay it with the slider."),
)
with readable_errors():
    store = Store()
    run_list.wrong_limits(store)
    ensure_scheduler(store.home)  # started before Start is pressed, so that the first step comes at once


@st.fragment
def watch(offered: list[str]) -> None:
    """Show the run in view and the queue; the browser has this drawn again when it hears that they look different now.

    `offered`: the models that the sidebar offers, which is drawn with the whole page.
    """
    with readable_errors():
        if list(model_cache.offered().whole) != offered:
            st.rerun()
        now = look(store, beside=setting.state(store.home))
        if now.busy:
            ensure_scheduler(store.home)
        run_panel.tell()
        row = run_view.in_view(store, now.in_progress(current_user.present()))
        series = store.series(row.id) if row else Series({}, {})
        found = findings.of(row, series) if row else ()
        middle, right = st.columns([2.5, 1], gap="medium")
        if row is not None:
            translation.suit(row.run.kind)
            st.html(run_view.NARROW)  # on a narrow page the run comes first, and the form below it
        with middle:
            run_view.stage(store, row, series, live_run.told(store, now, row, found))
            if row is not None:
                gradient_step.tell(row)
            st.caption(
                t(
                    "Top: distortion with the rate stacked on it; their sum is −ELBO, in nats per image, lower is better; dashed: "
                    "validation images. Below: the codes of up to 1,000 validation images, then reconstructions above the originals."
                )
            )
            if row is not None:
                run_view.curves(store, row)
        with right:
            if row is not None:
                run_panel.panel(store, row, found)
                names.name_of_other(store, row)
                sharing.section(store, row)
                findings.section(row, found)
            run_list.queue(store, None if row is None else row.id)
            run_list.deleted(store)
            clean_up.section(store)
    address.write()


with st.container(key="train"):
    left, stage = st.columns([1, 3.6], gap="medium")
with left:
    form.follow(run_view.chosen(store))
    run = form.form()
    start.buttons(store, run)
    several.section(store, run)
with stage:
    watch(list(model_cache.offered().whole))
