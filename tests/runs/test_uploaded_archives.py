"""Uploaded archives: quotas per user and in all, and removal once no run uses them."""

import os
import time

import pytest

from tests.runs.test_store import RUN
from vae_core.errors import UserError
from vae_core.runs import uploaded_archives
from vae_core.runs.uploaded_archives import keep_archive, mark_used
from vae_core.runs.users import ADMIN, User, new_user_id

ONE = User(new_user_id())


@pytest.fixture
def small(store, monkeypatch):
    """Quotas of 10 bytes per user and 25 bytes in all."""
    monkeypatch.setattr(uploaded_archives, "MB", 1)
    (store.home / "limits.toml").write_text("[person]\narchive_mb = 10\n[everyone]\narchive_mb = 25")


def test_the_quota_of_a_user(small, store):
    path = keep_archive(store.home, ONE, ".zip", b"12345")
    assert keep_archive(store.home, ONE, ".zip", b"12345") == path and path.read_bytes() == b"12345"
    keep_archive(store.home, ONE, ".zip", b"67890")
    with pytest.raises(UserError, match="a person may keep here"):
        keep_archive(store.home, ONE, ".zip", b"x")
    keep_archive(store.home, ADMIN, ".zip", b"12345")
    assert len(list((store.home / "uploads").rglob("*.zip"))) == 3


def test_cleared_cookies_do_not_exceed_the_quota_of_all_users(small, store):
    for n in range(5):
        keep_archive(store.home, User(new_user_id()), ".zip", b"1234" + bytes([n]))
    with pytest.raises(UserError, match="All uploads together"):
        keep_archive(store.home, User(new_user_id()), ".zip", b"x")


def test_an_unused_archive_expires(small, store):
    taken, used, old = (keep_archive(store.home, ONE, ".zip", content) for content in (b"123", b"456", b"789"))
    store.create(RUN.replace(data={"dataset": "pictures", "path": str(taken)}), user=ONE)
    for path in (taken, used, old):
        os.utime(path, (time.time() - uploaded_archives.EXPIRY - 1,) * 2)
    assert mark_used(used)
    keep_archive(store.home, ONE, ".zip", b"0000")
    assert taken.exists() and used.exists() and not old.exists()
    assert not mark_used(old)


def test_two_users_with_the_same_pictures_have_one_archive_each(store):
    paths = {keep_archive(store.home, User(new_user_id()), ".npz", b"same") for _ in range(2)}
    assert len(paths) == 2 and len({path.name for path in paths}) == 1
