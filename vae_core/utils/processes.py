"""Starting a process that outlives whoever asked for it."""

import os
import subprocess
from pathlib import Path

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def detached(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """A process of one thread that ends neither with this one nor with its terminal; what it says goes to the end of `log`."""
    package = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    with open(log, "ab") as file:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # what Windows has in a session's place
            env=os.environ | ONE_THREAD | {"PYTHONPATH": path},
        )
