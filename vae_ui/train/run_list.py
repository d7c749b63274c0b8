"""The list of all runs, newest first: those that wait and train, those that are deleted and can be restored, and damaged ones."""

import streamlit as st

from vae_core.people.limits import problem
from vae_core.runs import RunRow, Store
from vae_ui.base import current_user, plain_text
from vae_ui.base.translation import ngettext, t
from vae_ui.train import names
from vae_ui.train.run_panel import ICONS, attempt, delete
from vae_ui.train.run_view import look_at

SHOWN = 6  # runs in the list; older ones are folded


def queue(store: Store, rows: list[RunRow], chosen: str | None) -> None:
    """List all runs, newest first, with their owners where there are several; a click shows one."""
    st.markdown(f"**{t('Runs')}**")
    names.own_name(store)
    if not rows:
        st.caption(
            t("None yet. The runs you start are listed here; they continue when you leave the page, and are kept.")
        )
    owners = names.owners(store, rows[:60])
    for row in rows[:SHOWN]:
        _entry(row, chosen, owners[row.owner])
    if len(rows) > SHOWN:
        with st.expander(ngettext("{count} older run", "{count} older runs", len(rows) - SHOWN)):
            for row in rows[SHOWN:60]:
                _entry(row, chosen, owners[row.owner])


def wrong_limits(store: Store) -> None:
    """Tell an administrator what is wrong with the file of limits."""
    if current_user.present().is_admin and (why := problem(store.home)):
        plain_text.warn(why)


def damaged(store: Store) -> None:
    """List the damaged runs, each with its reason and a button to delete it."""
    for row in store.damaged():
        plain_text.warn(row.why)
        if row.has_valid_id:
            st.button(t("Delete it"), f"train.damaged.{row.id}", on_click=delete, args=(store, row.id))


def _entry(row: RunRow, chosen: str | None, owner: str) -> None:
    share = f" {row.progress:.0%}" if row.state in ("running", "paused", "lost", "pausing") else ""
    place = " " + t("no. {place}", place=row.place) if row.place else ""
    st.button(
        f"{plain_text.markdown(row.title)} · {t(row.state)}{place}{share}{f' · {owner}' if owner else ''}",
        f"train.see.{row.id}",
        on_click=look_at,
        args=(row.id,),
        icon=ICONS[row.state],
        type="secondary" if row.id == chosen else "tertiary",
        width="stretch",
        wrap=True,
    )


def deleted(store: Store) -> None:
    """List the runs that this person deleted and can still restore."""
    for row in store.deleted(current_user.present())[:SHOWN]:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.caption(t("Deleted: {title}", title=plain_text.markdown(row.title)))
            st.button(t("Undo"), f"train.undo.{row.id}", on_click=_undo, args=(store, row.id), icon=":material/undo:")


def _undo(store: Store, id: str) -> None:
    if attempt(lambda: store.undelete(id, current_user.present())):
        look_at(id)
