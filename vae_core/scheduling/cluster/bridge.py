"""The bridge: one process per home that gives waiting runs to the nodes of a cluster, and holds their leases.

It is started beside the scheduler, which trains runs itself while the bridge is not connected. It never forks: Ray's threads do not
survive that.
"""

import argparse
import sys
from contextlib import suppress
from pathlib import Path

from vae_core.errors import UserError
from vae_core.runs.database import session
from vae_core.runs.store import Store
from vae_core.scheduling.cluster import setting
from vae_core.scheduling.cluster.connection import connect
from vae_core.scheduling.cluster.setting import ClusterState
from vae_core.scheduling.full_disk import log_line
from vae_core.utils.locks import FileLock

IDLE = 60.0  # seconds without a run and without a call of `ensure_scheduler`, after which the bridge ends


def main(arguments: list[str] | None = None) -> int:
    """Run the bridge of one home; it ends at once where another one runs, or no cluster is chosen."""
    parser = argparse.ArgumentParser(prog="vae_core.scheduling.cluster.bridge", description=__doc__)
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--idle", type=float, default=IDLE, help="seconds to wait for work before it ends")
    options = parser.parse_args(arguments)
    store = Store(options.home)
    lock, address = FileLock(store.home / setting.LOCK), setting.chosen(store.home)
    if not address or not lock.acquire(wait=0.5):
        return 0
    try:
        connect(address)
    except UserError as error:
        log_line(error)
        with suppress(OSError):
            setting.write_state(store.home, ClusterState(False, error.message))
        return 1
    # Ray reads its settings when it is imported, so nothing that imports it may come before `connect` has set them.
    from vae_core.scheduling.cluster.bridge_loop import Bridge

    with session(store.path):  # a connection stays open, because closing the last one flushes the whole file
        Bridge(store, address).run(options.idle)
    return 0


if __name__ == "__main__":
    sys.exit(main())
