"""The names of people, in the database of runs: one for each who has a run or has looked at the list, and no two alike."""

import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path

from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.people.given_names import checked, free_number, given_name, key, keys_like
from vae_core.runs.database import prepare, session, transaction
from vae_core.runs.users import USER_ID, User

MOST_PEOPLE = 5000
SEEN_AGAIN = 24 * 3600.0  # seconds after which it is noted again that a person is here
MACHINE = Message("This computer")  # whoever starts runs at the server's machine without a cookie


class Names:
    """The names of the people of one home folder. A name that the app gave is a Message, one that a person chose a plain text."""

    def __init__(self, home: Path) -> None:
        self.path = home / "runs.db"
        prepare(self.path)

    def of(self, ids: Iterable[str]) -> dict[str, str]:
        """The name of each id; one that has none is given the first free colour and animal. Of an id of no person: MACHINE.

        Beyond MOST_PEOPLE whoever was away for longest is forgotten, those without runs and names of their own first.
        """
        wanted = dict.fromkeys(ids)
        people = [id for id in wanted if USER_ID.fullmatch(id)]
        with session(self.path) as db:
            found = _known(db, people)
            if len(found) < len(people):
                with transaction(db):
                    _add(db, [id for id in people if id not in _known(db, people)])
                    found = _known(db, people)
        return {id: found.get(id, MACHINE) for id in wanted}

    def seen(self, id: str) -> str:
        """The name of a person who is here now."""
        name = self.of([id])[id]
        with session(self.path) as db:
            now = time.time()
            if db.execute("SELECT 1 FROM people WHERE id = ? AND seen < ?", (id, now - SEEN_AGAIN)).fetchone():
                db.execute("UPDATE people SET seen = ? WHERE id = ?", (now, id))
        return name

    def rename(self, id: str, name: str, user: User) -> None:
        """Give a person this name, or, for an empty one, the name that the app gave.

        Raises UserError where the user is neither this person nor an administrator, the name is not one, or it is another's.
        """
        if not USER_ID.fullmatch(id) or not (user.is_admin or user.id == id):
            raise UserError("Only this person, or an administrator, can change the name.")
        own = checked(name) if name.strip() else None
        self.of([id])
        with session(self.path) as db, transaction(db):
            number = db.execute("SELECT given FROM people WHERE id = ?", (id,)).fetchone()["given"]
            others = _keys(db, "id != ?", id)
            if own is None and key(given_name(number)) in others:  # somebody chose it meanwhile
                number = free_number(id, others)
            new = key(given_name(number) if own is None else own)
            if new in others:
                raise UserError("Another person here is called “{name}”: choose another name.", name=own)
            db.execute("UPDATE people SET own = ?, given = ?, key = ? WHERE id = ?", (own, number, new, id))


def ids_like(db: sqlite3.Connection, text: str) -> list[str]:
    """The ids of the people whose name, for a given one in any language, has this text in it."""
    part, given = key(text), keys_like(text)
    return [row["id"] for row in db.execute("SELECT id, key FROM people") if part in row["key"] or row["key"] in given]


def _known(db: sqlite3.Connection, ids: list[str]) -> dict[str, str]:
    marks = ", ".join("?" * len(ids))
    rows = db.execute(f"SELECT id, given, own FROM people WHERE id IN ({marks})", ids).fetchall()
    return {row["id"]: row["own"] if isinstance(row["own"], str) else given_name(row["given"]) for row in rows}


def _add(db: sqlite3.Connection, ids: list[str]) -> None:
    count = db.execute("SELECT count(*) FROM people").fetchone()[0]
    if (most := count + len(ids) - MOST_PEOPLE) > 0:  # to sort all people takes longer than the rest
        db.execute(
            "DELETE FROM people WHERE id IN (SELECT id FROM people ORDER BY own IS NOT NULL, "
            "id IN (SELECT owner FROM runs), seen LIMIT ?)",
            (most,),
        )
    taken = _keys(db, "id != ?", "")
    for id in ids:
        number = free_number(id, taken)
        taken.add(new := key(given_name(number)))
        db.execute("INSERT INTO people (id, given, key, seen) VALUES (?, ?, ?, ?)", (id, number, new, time.time()))


def _keys(db: sqlite3.Connection, where: str, *values: str) -> set[str]:
    return {row["key"] for row in db.execute(f"SELECT key FROM people WHERE {where}", values)}
