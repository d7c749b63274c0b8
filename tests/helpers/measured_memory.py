"""Memory and time of reading files, measured in a process of its own with the system's counters (Linux only)."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CAN_MEASURE = Path("/proc/self/clear_refs").exists()
MEASURE = """
import json, re, sys, threading, time
from pathlib import Path
from vae_core.images import reading
from vae_core.errors import UserError
from vae_core.utils.limits import LOAD_PIXELS, PICTURE_BYTES, PICTURE_PIXELS

def memory(what):
    return int(re.search(what + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024

def timed(action, path):
    start = time.thread_time()
    try:
        action(path)
        message = ""
    except UserError as error:
        message = str(error)
    return path.name, (time.thread_time() - start, message)

def report(found):
    print(json.dumps([memory("VmHWM") - before, memory("VmRSS") - before, dict(found)]))

def start():
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")

paths = sorted(Path(sys.argv[1]).iterdir())
"""
LOADED = """
import torch  # before the measurement: it is imported at first use, and belongs to no file
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.mnist import read_idx

def one(path):
    if "idx" in path.name:
        read_idx(path, 3)
    else:
        settings = dict(size=64, channels=3) if "colour" in path.name else {}
        load(DataConfig(dataset="pictures", path=str(path), **settings))

before = start()
report([timed(one, path) for path in paths])
"""
DECODED = """
from PIL import Image
Image.preinit()
before, found = start(), []
threads = [threading.Thread(target=lambda path=path: found.append(timed(reading.read, path))) for path in paths]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
report(found)
"""


def measured(script: str, folder: Path) -> tuple[int, int, dict[str, tuple[float, str]]]:
    """The growth of the process in bytes at its peak and at the end, and for each file the processor seconds and the message."""
    command = [sys.executable, "-c", MEASURE + script, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    peak, kept, found = json.loads(done.stdout)
    return peak, kept, {name: (seconds, said) for name, (seconds, said) in found.items()}
