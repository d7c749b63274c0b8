"""The app as an entry of a Jupyter launcher, through jupyter-server-proxy: one process a user, which the user's login leads to.

It listens on a Unix socket in a folder that only this user can open, so that no other user of the machine reaches it.
"""

import sys
from typing import Any

NAME = "latent-explorer"
SECONDS = 120  # for the first start on a slow machine


def setup() -> dict[str, Any]:
    """What jupyter-server-proxy wants to know; it finds this function by the entry point `jupyter_serverproxy_servers`."""
    reached = ["--socket", "{unix_socket}", "--base-path", f"{{base_url}}{NAME}", "--personal"]
    return {
        "command": [sys.executable, "-m", "vae_core", "serve", *reached],
        "unix_socket": True,
        "timeout": SECONDS,
        "launcher_entry": {"title": "Latent Explorer"},
    }
