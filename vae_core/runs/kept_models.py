"""A model that no training run made, kept as one of a person's own: a run that is done, with the checkpoint as its folder."""

import shutil
import time
from pathlib import Path

from vae_core.errors import UserError, reason
from vae_core.presets.run_config import RunConfig
from vae_core.runs.database import session, transaction
from vae_core.runs.store import Store
from vae_core.runs.users import ADMIN, User


def keep_model(store: Store, checkpoint: Path, run: RunConfig, user: User = ADMIN) -> str:
    """Copy a checkpoint to a new run of this user, and return the run's id.

    Raises UserError where the user's quota is full, or the folder cannot be written.
    """
    id = store.create(run, user=user, state="paused")
    try:
        shutil.copytree(checkpoint, store.folder(id))
    except OSError as error:
        store.delete(id, user)
        raise UserError(
            "{folder} cannot be written ({strerror}). Free disk space there, or set LATENT_HOME to another folder.",
            folder=store.folder(id),
            strerror=reason(error),
        ) from None
    with session(store.path) as db, transaction(db):
        now = time.time()
        done = "state = 'done', progress = 1, started = ?, ended = ?, bytes = NULL"
        db.execute(f"UPDATE runs SET {done} WHERE id = ?", (now, now, id))
    return id
