"""Clean-up after a lesson, for administrators: many runs deleted at once, by age and owner, and restored within a day."""

import streamlit as st

from vae_core.runs import Store
from vae_core.runs.many.clean_up import Plan, batches, clean_up, owners, plan, undo
from vae_ui.base import current_user
from vae_ui.base.translation import ngettext, t
from vae_ui.train import names
from vae_ui.train.run_panel import attempt
from vae_ui.train.run_view import look_at

DAYS, OWNER = "train.clean.days", "train.clean.owner"
DAY = 24 * 3600.0
EVERY = "*"  # no id of a person


def section(store: Store) -> None:
    """A button with a choice of runs to delete, and what was deleted together with a button to restore it."""
    if not current_user.present().is_admin:
        return
    people = owners(store)
    if people:
        with st.popover(t("Clean up"), icon=":material/delete_sweep:"):
            _choice(store, people)
    for batch in batches(store):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.caption(ngettext("Deleted: {count} run", "Deleted: {count} runs", batch.count))
            st.button(
                t("Undo"), f"train.undo.{batch.when}", on_click=_undo, args=(store, batch.when), icon=":material/undo:"
            )


def _choice(store: Store, people: dict[str, str]) -> None:
    shown = {EVERY: t("everybody"), **{id: names.plain(name) for id, name in people.items()}}
    days = st.number_input(t("Runs that ended at least so many days ago"), 0, 3650, 7, 1, key=DAYS)
    whose = st.selectbox(t("Runs of"), list(shown), format_func=lambda id: shown.get(id, id), key=OWNER)
    found = plan(store, float(days) * DAY, None if whose == EVERY else whose)
    st.markdown(
        ngettext(
            "{count} run with {megabytes:,.1f} MB would go. You can undo this here for one day.",
            "{count} runs with {megabytes:,.1f} MB would go. You can undo this here for one day.",
            len(found.ids),
            megabytes=found.megabytes,
        )
    )
    st.button(t("Delete them"), "train.clean", on_click=_delete, args=(store, found), disabled=not found.ids)


def _delete(store: Store, what: Plan) -> None:
    if attempt(lambda: clean_up(store, what, current_user.present())):
        look_at(None)


def _undo(store: Store, when: float) -> None:
    attempt(lambda: undo(store, when, current_user.present()))
