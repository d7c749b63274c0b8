"""A store of many runs, for measurements and tests: one run is really trained, and the others are copies of it.

A copy has its own row, settings, seed, owner, records and folder. Its weights, codes and snapshots are the trained run's files by
hard link, so that 10,000 runs need little of the disk. Nearly all are done; of 100 runs two failed, three were stopped, one is
paused, one was deleted and ten are private.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.objectives import BetaVae
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.runs.database import session, transaction
from vae_core.runs.names import Names
from vae_core.runs.run_rows import alike, search_words
from vae_core.scheduling.lease import claim

PEOPLE, APART = 200, 60.0  # people with runs, and seconds between the starts of two of them
STATES = {7: "failed", 57: "failed", 17: "stopped", 47: "stopped", 77: "stopped", 37: "paused", 67: "deleted"}
BETAS = (0.5, 1.0, 2.0, 4.0)
WRITTEN_AGAIN = (checkpoints.RUN, "lock", "worker.log")


def fill(home: Path, count: int, epochs: int = 100) -> Store:
    """Put `count` runs of so many epochs each into the home folder; no process is left behind."""
    store = Store(home)
    first = trained(store, epochs)
    add_copies(store, first, count - 1)
    return store


def trained(store: Store, epochs: int, steps: int = 1) -> str:
    """Train one run of the digits as the app does, and return its id; `steps` is the number of steps in an epoch."""
    data = load(DataConfig())
    batch = -(-len(data.train.x) // steps)
    run = build_run("vae", DataConfig(), data.shape, len(data.classes), epochs=epochs, batch_size=batch, title="digits")
    id = store.create(run)
    claimed = claim(store)
    assert claimed is not None and claimed[0] == id
    code = "import sys; from vae_core.runs import Store; from vae_core.scheduling.worker import run_worker\n"
    code += "sys.exit(run_worker(Store(sys.argv[1]), *sys.argv[2:]))"
    subprocess.run([sys.executable, "-c", code, str(store.home), *claimed], check=True)
    assert store.get(id).state == "done", store.get(id).message
    return id


def add_copies(store: Store, first: str, count: int) -> None:
    """Add so many copies of a run that is done, all older than it."""
    people = [f"{number + 1:016x}" for number in range(min(PEOPLE, count))]
    Names(store.home).of(people)
    original = store.get(first)
    record = json.loads((original.folder / checkpoints.RUN).read_text())
    with session(store.path) as db, transaction(db):
        row = dict(db.execute("SELECT * FROM runs WHERE id = ?", (first,)).fetchone())
        for number, (changes, run) in enumerate(_copies(original.run, row, people, count)):
            copy = row | changes
            marks = ", ".join("?" * len(copy))
            db.execute(f"INSERT INTO runs ({', '.join(copy)}) VALUES ({marks})", tuple(copy.values()))
            db.execute(
                "INSERT INTO events SELECT ?, seq, kind, step, record FROM events WHERE run_id = ?", (copy["id"], first)
            )
            within = "deleted" if copy["state"] == "deleted" else "runs"
            whole = copy["state"] not in ("failed", "paused")
            _copy_folder(original.folder, store.home / within / copy["id"], record if whole else None, run)
            if number % 1000 == 999:
                print(f"  {number + 1:,} runs", file=sys.stderr, flush=True)


def _copies(
    run: RunConfig, row: dict[str, Any], people: list[str], count: int
) -> Iterator[tuple[dict[str, Any], RunConfig]]:
    for number in range(count):
        created = row["created"] - APART * (number + 1)
        beta = BETAS[number % len(BETAS)]
        own = run.replace(
            title=f"copy {number + 1} of the digits",
            objective=BetaVae(beta=beta).model_dump(),
            train={**run.train.model_dump(), "seed": number // len(BETAS)},
        )
        state = STATES.get(number % 100, "done")
        owner = "" if number % 20 == 0 else people[number % len(people)]
        yield (
            {
                "id": f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(created))}-{number % 0x10000:04x}",
                "title": own.title,
                "config": own.model_dump_json(),
                "state": state,
                "was": "done" if state == "deleted" else "",
                "deleted": time.time() if state == "deleted" else None,
                "position": -created,
                "created": created,
                "started": created + 1,
                "served": created + 1,
                "ended": None if state == "paused" else created + 30,
                "owner": owner,
                "by_admin": int(owner == ""),
                "private": int(number % 10 == 3),
                "searched": search_words(own),
                "alike": alike(own),
            },
            own,
        )


def _copy_folder(source: Path, target: Path, record: dict[str, Any] | None, run: RunConfig) -> None:
    """Link the files of a run's folder; `record` is the content of its run.json, None for a run without a model."""
    target.mkdir(parents=True)
    kept = _files(source)
    for path in kept if record is not None else _files(source / "snapshots"):
        file = target / path.relative_to(source)
        file.parent.mkdir(exist_ok=True)
        os.link(path, file)
    if record is not None:
        text = json.dumps(record | {"config": run.model_dump(mode="json")}, indent=1) + "\n"
        (target / checkpoints.RUN).write_text(text)


def _files(folder: Path) -> Iterable[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name not in WRITTEN_AGAIN]
