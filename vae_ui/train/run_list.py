"""The list of runs, newest first, with a search: those of all people that are not private, deleted ones to restore, damaged ones."""

import streamlit as st

from vae_core.people.limits import problem
from vae_core.runs import RunRow, Store
from vae_core.runs.many.listing import LONGEST_SEARCH, Page, page
from vae_ui.base import current_user, plain_text
from vae_ui.base.translation import t
from vae_ui.room import cluster_nodes
from vae_ui.train import names
from vae_ui.train.run_panel import ICONS, attempt, delete
from vae_ui.train.run_view import look_at

SHOWN, MORE = 6, 20  # runs in the list at first, and how many a button adds
SEARCH, COUNT = "train.search", "train.shown"  # in the session


def queue(store: Store, chosen: str | None) -> None:
    """List the runs that the person may see, with their owners where there are several; a click shows one."""
    st.markdown(f"**{t('Runs')}**")
    names.own_name(store)
    search, count = str(st.session_state.get(SEARCH) or ""), int(st.session_state.get(COUNT, SHOWN))
    found = page(store, current_user.present(), search, count=count)
    if found.total > SHOWN or search:
        st.text_input(
            t("Search the runs"),
            key=SEARCH,
            max_chars=LONGEST_SEARCH,
            placeholder=t("title, person, data set, kind of model"),
            label_visibility="collapsed",
            persist_state="session",
        )
    if not found.total:
        st.caption(
            t("No run has all these words.")
            if search
            else t("None yet. The runs you start are listed here; they continue when you leave the page, and are kept.")
        )
    cluster_nodes.line(store)
    owners = names.owners(store, found.rows)
    for row in found.rows:
        _entry(row, chosen, owners[row.owner])
    _damaged(store, found)
    if found.total > count:
        st.caption(t("{shown} of {total:,} runs", shown=count, total=found.total))
        st.button(t("Show more"), "train.more", on_click=_more, args=(count,))


def wrong_limits(store: Store) -> None:
    """Tell an administrator what is wrong with the file of limits."""
    if current_user.present().is_admin and (why := problem(store.home)):
        plain_text.warn(why)


def _more(count: int) -> None:
    st.session_state[COUNT] = count + MORE


def _damaged(store: Store, found: Page) -> None:
    """The damaged runs, each with its reason and a button to delete it."""
    for row in found.damaged:
        plain_text.warn(row.why)
        if row.has_valid_id:
            st.button(t("Delete it"), f"train.damaged.{row.id}", on_click=delete, args=(store, row.id))


def _entry(row: RunRow, chosen: str | None, owner: str) -> None:
    # How far a run in training is, the browser writes behind its name: the page need not be drawn again for that.
    share = f" {row.progress:.0%}" if row.state in ("paused", "lost") else ""
    place = " " + t("no. {place}", place=row.place) if row.place else ""
    private = " · " + t("private") if row.private else ""
    st.button(
        f"{plain_text.markdown(row.title)} · {t(row.state)}{place}{share}{f' · {owner}' if owner else ''}{private}",
        f"train.see.{row.id}",
        on_click=look_at,
        args=(row.id,),
        icon=ICONS[row.state],
        type="secondary" if row.id == chosen else "tertiary",
        width="stretch",
        wrap=True,
    )


def deleted(store: Store) -> None:
    """List the runs that this person deleted and can still restore; not, for an administrator, what a clean-up deleted."""
    user = current_user.present()
    for row in store.deleted(user, SHOWN, alone=user.is_admin):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.caption(t("Deleted: {title}", title=plain_text.markdown(row.title)))
            st.button(t("Undo"), f"train.undo.{row.id}", on_click=_undo, args=(store, row.id), icon=":material/undo:")


def _undo(store: Store, id: str) -> None:
    if attempt(lambda: store.undelete(id, current_user.present())):
        look_at(id)
