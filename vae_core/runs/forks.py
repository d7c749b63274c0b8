"""A run that goes on from another run's present weights: with the same settings, and a person's own."""

from pathlib import Path

from safetensors.torch import load as load_tensors
from safetensors.torch import save as tensor_bytes
from torch import Tensor, nn

from vae_core import checkpoints
from vae_core.checkpoints import checks
from vae_core.errors import UserError, reason
from vae_core.runs.database import session, transaction
from vae_core.runs.run_rows import RunRow
from vae_core.runs.store import Store
from vae_core.runs.users import ADMIN, User
from vae_core.training.saved_state import LARGEST_FILE, STATE, grouped, read_state
from vae_core.utils.files import read_file, write_atomically

START = "start.safetensors"  # in the run's folder: the weights that it begins with
MARK = " (fork)"  # at the end of its title
ENDED = ("done", "stopped")  # their checkpoint is what pages show, and others have a saved state


def can_fork(row: RunRow) -> bool:
    """Whether the run has weights to go on from."""
    return (row.folder / (checkpoints.WEIGHTS if row.state in ENDED else STATE)).is_file()


def fork(store: Store, id: str, user: User = ADMIN) -> str:
    """Queue a run of this user with the settings and the present weights of another run, and return its id.

    Raises UserError where the user may not see that run, it has saved no weights yet, a quota is full, or a file cannot be used.
    """
    row = store.get(id, user)
    weights = _weights(row)
    run = row.run.replace(title=f"{row.title.removesuffix(MARK)[: 80 - len(MARK)]}{MARK}")
    new = store.create(run, row.data_dir, user, "paused", origin=row.id)
    folder = store.folder(new)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically({folder / START: tensor_bytes(weights)})
    except OSError as error:
        store.delete(new, user)
        raise UserError(
            "{folder} cannot be written ({strerror}). Free disk space there, or set LATENT_HOME to another folder.",
            folder=folder,
            strerror=reason(error),
        ) from None
    with session(store.path) as db, transaction(db):
        db.execute("UPDATE runs SET state = 'queued' WHERE id = ? AND state = 'paused'", (new,))
    return new


def load_start(folder: Path, vae: nn.Module) -> bool:
    """Put the weights that a run begins with into its model; False where it begins with its own.

    Raises UserError where the file is damaged.
    """
    path = folder / START
    if not path.exists():
        return False
    try:
        found = load_tensors(read_file(path, LARGEST_FILE))
        checks.weights(found, vae.state_dict())
        vae.load_state_dict(found)
    except Exception:  # noqa: BLE001  whatever damaged bytes make the libraries raise
        raise UserError(
            "{path} is damaged, so the run cannot begin: start it from the other run again.", path=path
        ) from None
    return True


def _weights(row: RunRow) -> dict[str, Tensor]:
    if not can_fork(row):
        raise UserError("This run has saved no weights yet: wait some seconds, then try again.")
    ended = row.state in ENDED
    saved = {} if ended else grouped(read_state(row.folder / STATE)[0])["model"]
    state = checkpoints.load(row.folder).vae.state_dict() if ended else saved
    return {name: tensor.detach().clone().contiguous() for name, tensor in state.items()}
