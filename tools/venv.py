"""Creates the virtual environment, or prints in one sentence why it cannot: python tools/venv.py FOLDER.

Any Python 3 can run this file, so that an old one can print that it is too old.
"""

import os
import shutil
import subprocess
import sys


def usable(folder):
    """Whether the folder holds a virtual environment with pip and a Python that is new enough."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.call([os.path.join(folder, "bin", "python"), "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make(folder):
    """Create the environment; return a sentence with the reason where that fails, else ""."""
    if sys.version_info < (3, 11):
        found = ".".join(map(str, sys.version_info[:2]))
        return f"Python 3.11 or newer is needed and this is {found}: name another, as in PYTHON=python3.12 make run."
    if os.path.exists(folder):
        if not os.path.exists(os.path.join(folder, "pyvenv.cfg")):
            return f"{folder} exists and is not a virtual environment: move it, or choose another folder with VENV=..."
        shutil.rmtree(folder)  # half made, or its Python has gone
    done = subprocess.run([sys.executable, "-m", "venv", folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        return "Python's venv module does not work here: install it (Debian: apt-get install python3-venv)."
    return ""


if __name__ == "__main__":
    problem = "" if usable(sys.argv[1]) else make(sys.argv[1])
    if problem:
        sys.exit(problem)
