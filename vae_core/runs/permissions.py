"""Who may change a run, and how many one may have: the one place where this is decided."""

import sqlite3

from vae_core.errors import UserError
from vae_core.runs.persons import Person
from vae_core.runs.states import ACTIVE, DELETED

A_PERSON, ALL = 8, 100  # runs that wait or train; whoever sits at the machine may have as many as wanted
BUSY = ("queued", *ACTIVE)


def state_for(db: sqlite3.Connection, id: str, person: Person) -> str:
    """The state of a run that this person may change; UserError where there is none, or where it is another's."""
    row = db.execute("SELECT state, owner FROM runs WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise UserError(f"There is no run {id} (any more): choose one from the list of runs.")
    if not person.may_change(row["owner"]):
        raise UserError(whose(row["owner"]))
    if row["state"] == DELETED:
        raise UserError(f"Run {id} was deleted: undo that first, on the Train page.")
    return str(row["state"])


def whose(owner: str) -> str:
    """To whom a run belongs that is not one's own, in a sentence."""
    if owner:
        return "This run is another person's: only they, or whoever sits at the server's machine, can change it."
    return "This run belongs to the server's machine: only whoever sits there can change it."


def check_room(db: sqlite3.Connection, person: Person) -> None:
    """UserError where one more run that waits would be one too many, for the person or for all."""
    if person.machine:
        return
    if not person.id:
        raise UserError("This browser keeps no cookies, so a run could not be known as yours: allow them, then reload.")
    owners = [row["owner"] for row in db.execute(f"SELECT owner FROM runs WHERE state IN {BUSY}")]
    if owners.count(person.id) >= A_PERSON:
        raise UserError(f"{A_PERSON} of your runs wait or train already: stop one, or wait for one to end.")
    if len(owners) >= ALL:
        raise UserError(f"{ALL} runs wait or train here already: wait for some to end.")
