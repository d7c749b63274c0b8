"""Attack by damaged models among the runs: each is opened by its link on a random page, while another client uses the app."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from tests.attack.forged_widget_values import PAGES
from tests.attack.outcome import Memory, Outcome, check_server
from tests.attack.streamlit_client import Client
from tests.browser.server import Server
from tools.damaged_checkpoints import damaged_copies
from vae_core.checkpoints import bundled

ORIGINAL = "digits-vae-2d"
TOGETHER = 25  # damaged models in the home folder at a time
PATIENCE = 60.0  # seconds to wait for a page
MEMORY = 1024 * 2**20  # bytes of additional memory allowed, including damaged models that can be opened


def attack_with_damaged_models(server: Server, count: int, seed: int = 0) -> Outcome:
    """Every page must open for every client despite damaged models, and show and log no more than a sentence."""
    rng, outcome = random.Random(seed), Outcome("damaged models")
    runs = server.home / "runs"
    made = damaged_copies(bundled() / ORIGINAL, server.home / "mutants", seed, count)
    with Memory(server.process.pid) as memory, Client(server) as honest:
        while batch := _placed(made, runs):
            for damage, folder in batch:
                _visit(server, damage, folder, rng, outcome)
            page = rng.choice(PAGES)
            outcome.check(not honest.show(page).exceptions, f"page '{page}' broke for another browser")
            for _, folder in batch:
                shutil.rmtree(folder, ignore_errors=True)
    outcome.counts["MB more at the peak"] = (memory.peak - memory.before) // 2**20
    outcome.check(memory.peak - memory.before < MEMORY, f"damaged models took more than {MEMORY // 2**20} MB")
    outcome.check("Traceback" not in server.log, "a damaged model left a traceback in the server's log")
    check_server(server, outcome)
    return outcome


def _placed(made, runs: Path) -> list[tuple[str, Path]]:
    """Move the next damaged models into the folder of runs."""
    batch = []
    for damage, folder in made:
        target = runs / folder.name
        shutil.move(folder, target)
        batch.append((damage, target))
        if len(batch) == TOGETHER:
            break
    return batch


def _visit(server: Server, damage: str, folder: Path, rng: random.Random, outcome: Outcome) -> None:
    page = rng.choice(PAGES)
    outcome.counts["opened by their link"] += 1
    try:
        with Client(server) as client:
            shown = client.show(page, query=f"model=run-{folder.name}", timeout=PATIENCE)
    except TimeoutError:
        outcome.losses.append(f"{damage}: page '{page}' did not answer within {PATIENCE:.0f} s")
        return
    outcome.counts["answered with a page"] += 1
    outcome.check(not shown.exceptions, f"{damage}: page '{page}' broke")
