"""What others may do with the run in view, and what it comes from: going on from its weights, its origin, and whether it is private."""

import streamlit as st

from vae_core.errors import UserError
from vae_core.runs import RunRow, Store
from vae_core.runs.forks import can_fork, fork
from vae_core.runs.names import Names
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_ui.base import current_user, plain_text
from vae_ui.base.translation import t
from vae_ui.train import names
from vae_ui.train.run_panel import attempt
from vae_ui.train.run_view import look_at


def section(store: Store, row: RunRow) -> None:
    """Where the run in view comes from, a button to go on from it, and for its owner a button that makes it private."""
    if row.origin:
        st.caption(_origin(store, row.origin))
    if can_fork(row):
        st.button(
            t("Train mine from here"),
            f"train.fork.{row.id}",
            t("Start a run of your own with the same settings, which begins with the present weights of this one."),
            _fork,
            (store, row.id),
            icon=":material/fork_right:",
        )
    if current_user.present().may_change(row.owner) and current_user.present().id:
        # Buttons: Streamlit may call a switch's callback again when another run comes into view.
        st.button(
            t("Show to all") if row.private else t("Make private"),
            f"train.private.{row.id}",
            t("Only you and administrators see a private run and its model."),
            _hide,
            (store, row.id, not row.private),
            icon=":material/lock_open:" if row.private else ":material/lock:",
        )


def _origin(store: Store, id: str) -> str:
    try:
        origin = store.get(id, current_user.present())
    except UserError:
        return t("It began with the weights of a run that is private or was deleted.")
    owner = names.shown(Names(store.home).of([origin.owner])[origin.owner])
    return t("It began with the weights of “{title}” by {name}.", title=plain_text.markdown(origin.title), name=owner)


def _fork(store: Store, id: str) -> None:
    def start() -> None:
        look_at(fork(store, id, current_user.present()))
        ensure_scheduler(store.home)

    attempt(start)


def _hide(store: Store, id: str, private: bool) -> None:
    attempt(lambda: store.set_private(id, private, current_user.present()))
