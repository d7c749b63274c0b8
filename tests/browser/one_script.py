"""Serve one script with the app's own server: `python -m tests.browser.one_script SCRIPT PORT`."""

import sys
from pathlib import Path

from vae_core.web.entrance import ALONE, opened
from vae_core.web.serve import settings
from vae_core.web.streamlit_server import run

if __name__ == "__main__":
    path, port = Path(sys.argv[1]), int(sys.argv[2])
    run(path, settings("127.0.0.1", port), opened("127.0.0.1", port, ALONE))
