"""Users and cookies: signatures cannot be forged, the secret key is private, and who may change what."""

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae_core.runs.users import ADMIN, Signer, User, new_user_id, secret_key


@given(st.text(max_size=40), st.text(max_size=80))
def test_only_own_signatures_are_verified(text, forged):
    signer = Signer(b"k" * 32)
    assert signer.verify(signer.sign(text)) == text
    assert Signer(b"other" * 8).verify(signer.sign(text)) is None
    if forged != signer.sign(forged.rpartition(".")[0]):
        assert signer.verify(forged) is None


def test_another_text_with_an_old_signature_is_refused():
    signer = Signer(b"k" * 32)
    id, _, signature = signer.sign(new_user_id()).partition(".")
    assert signer.verify(f"{new_user_id()}.{signature}") is None and signer.verify(f"{id}.{signature[:-1]}") is None


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_the_secret_key_is_kept_and_readable_by_its_owner_only(tmp_path):
    key = secret_key(tmp_path / "new" / "home")
    path = tmp_path / "new" / "home" / "secret"
    assert len(key) == 32 and stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert secret_key(tmp_path / "new" / "home") == key and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret_key(tmp_path / "other") != key
    path.write_bytes(b"cut short")
    assert len(secret_key(tmp_path / "new" / "home")) == 32 != len(b"cut short")


def test_users_change_their_own_runs_and_administrators_all():
    one, other = User(new_user_id()), User(new_user_id())
    assert one.may_change(one.id) and ADMIN.may_change(one.id) and ADMIN.may_change("")
    assert not other.may_change(one.id) and not one.may_change("")
    assert not User().may_change("") and not User().may_change(one.id)
    assert User(other.id, is_admin=True).may_change(one.id)
