"""Starts a process that continues after the process that started it has ended."""

import os
import subprocess
from pathlib import Path

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def start_detached(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a process that ends neither with this process nor with its terminal.

    Its numerical libraries use one thread, and its output is appended to the file `log`.
    """
    package = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    with open(log, "ab") as file:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # on Windows, instead of a session
            env=os.environ | ONE_THREAD | {"PYTHONPATH": path},
        )
