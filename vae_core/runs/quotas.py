"""Quotas: how many runs may wait or train at once, for one user and for all users together."""

import sqlite3

from vae_core.errors import UserError
from vae_core.runs.state_machine import ACTIVE
from vae_core.runs.users import User

RUNS_PER_USER, RUNS_IN_ALL = 8, 100  # runs that wait or train; administrators have no limit
BUSY = ("queued", *ACTIVE)


def check_run_quota(db: sqlite3.Connection, user: User) -> None:
    """Raise UserError where one more waiting run would exceed the user's quota or that of all users."""
    if user.is_admin:
        return
    if not user.id:
        raise UserError(
            "This browser keeps no cookies, so the server could not recognise a run as yours: allow cookies, then reload."
        )
    owners = [row["owner"] for row in db.execute(f"SELECT owner FROM runs WHERE state IN {BUSY}")]
    if owners.count(user.id) >= RUNS_PER_USER:
        raise UserError(
            "{runs_per_user} of your runs wait or train already: stop one, or wait for one to end.",
            runs_per_user=RUNS_PER_USER,
        )
    if len(owners) >= RUNS_IN_ALL:
        raise UserError("{runs_in_all} runs wait or train here already: wait for some to end.", runs_in_all=RUNS_IN_ALL)
