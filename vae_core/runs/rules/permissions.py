"""Permissions: who may see a run, and who may change it."""

import sqlite3

from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.runs.state_machine import DELETED
from vae_core.runs.users import User


def visible(user: User) -> tuple[str, list[str]]:
    """A condition of the table of runs, with its values: those that this user may see."""
    if user.is_admin:
        return "1", []
    return "(private = 0 OR (owner != '' AND owner = ?))", [user.id]


def may_see(user: User, owner: str, private: bool) -> bool:
    """`visible` for one run whose owner and privacy are known."""
    return not private or user.may_change(owner)


def state_for(db: sqlite3.Connection, id: str, user: User) -> str:
    """The state of a run that this user may change; UserError where the run does not exist or belongs to another user."""
    row = db.execute("SELECT state, owner, private FROM runs WHERE id = ?", (id,)).fetchone()
    if row is None or (row["private"] and not user.may_change(row["owner"])):
        raise UserError("There is no run {id} (any more): choose one from the list of runs.", id=id)
    if not user.may_change(row["owner"]):
        raise UserError(owner_message(row["owner"]))
    if row["state"] == DELETED:
        raise UserError("Run {id} was deleted: undo that first, on the Train page.", id=id)
    return str(row["state"])


def owner_message(owner: str) -> Message:
    """A sentence that says who owns a run which the present user may not change."""
    if owner:
        return Message("This run belongs to another person: only this person and the teacher can change it.")
    return Message("This run belongs to the teacher: only the teacher can change it.")
