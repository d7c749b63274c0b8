"""People's names: whose a run is, one's own name with a way to change it, and an administrator's way to change another's."""

import streamlit as st

from vae_core.messages import Message
from vae_core.people.given_names import LONGEST
from vae_core.runs import RunRow, Store
from vae_core.runs.names import Names
from vae_ui.base import current_user, plain_text
from vae_ui.base.translation import t
from vae_ui.train.run_panel import attempt


def plain(name: str) -> str:
    """A name: one that the app gave in the session's language, one that a person chose as its characters."""
    return t(name) if isinstance(name, Message) else name


def shown(name: str) -> str:
    """A name as Markdown."""
    return plain_text.markdown(plain(name))


def owners(store: Store, rows: list[RunRow]) -> dict[str, str]:
    """The names of the people whose runs these are, as Markdown, by their ids; "" where all runs are those of the person here."""
    me = current_user.present().id
    if all(row.owner == me for row in rows):
        return {me: ""}
    return {id: shown(name) for id, name in Names(store.home).of(row.owner for row in rows).items()}


def own_name(store: Store) -> None:
    """The person's own name, and a field to change it; nothing for a browser that cannot be known again."""
    user = current_user.present()
    if user.id:
        name = shown(Names(store.home).seen(user.id))
        st.caption(t("You are {name}.", name=name))
        with st.popover(t("Change name"), icon=":material/badge:"):
            st.caption(
                t("Others see this name beside your runs. Choose another one if you like: no full name is needed.")
            )
            _change(store, user.id)


def name_of_other(store: Store, row: RunRow) -> None:
    """Whose the run in view is; an administrator can change the name or take it away."""
    user = current_user.present()
    if row.owner == user.id:
        return
    name = shown(Names(store.home).of([row.owner])[row.owner])
    st.caption(t("Started by {name}.", name=name))
    if user.is_admin and row.owner:
        with st.popover(t("Change this name"), icon=":material/badge:"):
            _change(store, row.owner)


def _change(store: Store, id: str) -> None:
    field = f"train.name.{id}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(t("New name"), key=field, max_chars=LONGEST)
        st.button(t("Change"), f"{field}.change", on_click=_rename, args=(store, id, field))
    st.button(t("Back to the given name"), f"{field}.clear", on_click=_rename, args=(store, id))


def _rename(store: Store, id: str, field: str | None = None) -> None:
    text = "" if field is None else str(st.session_state.get(field) or "")
    if field is None or text.strip():
        attempt(lambda: Names(store.home).rename(id, text, current_user.present()))
