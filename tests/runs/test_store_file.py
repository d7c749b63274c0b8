"""The store's file: many processes write to it, and unusable or newer files are refused."""

import sqlite3
import subprocess
import sys

import pytest

from vae_core.errors import UserError
from vae_core.runs import Store
from vae_core.runs.database import VERSION


def test_ids_of_many_processes_differ(store):
    code = "import sys; from vae_core.runs import Store; from vae_core.presets.run_config import RunConfig\n"
    code += "for _ in range(10): Store(sys.argv[1]).create(RunConfig())"
    children = [subprocess.Popen([sys.executable, "-c", code, str(store.home)]) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    assert len({row.id for row in store.runs()}) == 30


def test_an_unusable_home_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="LATENT_HOME"):
        Store(tmp_path / "file")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "runs.db").write_bytes(b"not a database, but long enough to look like one" * 40)
    with pytest.raises(UserError, match="LATENT_HOME"):
        Store(tmp_path / "broken")


def test_newer_file_is_refused(store):
    with sqlite3.connect(store.path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    with pytest.raises(UserError, match="newer"):
        Store(store.home)
