"""Pictures that people bring: quotas a person and in all, and no longer than they are needed."""

import os
import time

import pytest

from tests.runs.test_store import RUN
from vae_core.errors import UserError
from vae_core.runs import uploads
from vae_core.runs.persons import MACHINE, Person, new_id

ONE = Person(new_id())


@pytest.fixture
def small(monkeypatch):
    """Quotas of 10 bytes a person and 25 in all."""
    monkeypatch.setattr(uploads, "A_PERSON", 10)
    monkeypatch.setattr(uploads, "ALL", 25)


def test_a_person_keeps_no_more_than_a_share(small, store):
    path = uploads.keep(store.home, ONE, ".zip", b"12345")
    assert uploads.keep(store.home, ONE, ".zip", b"12345") == path and path.read_bytes() == b"12345"
    uploads.keep(store.home, ONE, ".zip", b"67890")
    with pytest.raises(UserError, match="a person may keep here"):
        uploads.keep(store.home, ONE, ".zip", b"x")
    uploads.keep(store.home, MACHINE, ".zip", b"12345")
    assert len(list((store.home / "uploads").rglob("*.zip"))) == 3


def test_cleared_cookies_do_not_help_beyond_what_is_for_all(small, store):
    for n in range(5):
        uploads.keep(store.home, Person(new_id()), ".zip", b"1234" + bytes([n]))
    with pytest.raises(UserError, match="All uploads together"):
        uploads.keep(store.home, Person(new_id()), ".zip", b"x")


def test_what_no_run_took_expires_and_makes_room(small, store):
    taken, used, old = (uploads.keep(store.home, ONE, ".zip", content) for content in (b"123", b"456", b"789"))
    store.create(RUN.replace(data={"dataset": "pictures", "path": str(taken)}), person=ONE)
    for path in (taken, used, old):
        os.utime(path, (time.time() - uploads.EXPIRY - 1,) * 2)
    assert uploads.in_use(used)
    uploads.keep(store.home, ONE, ".zip", b"0000")
    assert taken.exists() and used.exists() and not old.exists()
    assert not uploads.in_use(old)


def test_two_people_with_the_same_pictures_have_one_each(store):
    paths = {uploads.keep(store.home, Person(new_id()), ".npz", b"same") for _ in range(2)}
    assert len(paths) == 2 and len({path.name for path in paths}) == 1
