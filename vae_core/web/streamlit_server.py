"""Runs Streamlit's server in this process with our middleware; a second Python process would double the start-up time."""

from pathlib import Path
from typing import Any

from vae_core.web import streamlit_internals
from vae_core.web.entrance import Entrance
from vae_core.web.middleware.base_path import BasePath
from vae_core.web.middleware.cookie import CookieMiddleware
from vae_core.web.middleware.door import Door
from vae_core.web.middleware.index_page import IndexPage
from vae_core.web.middleware.security import SecurityMiddleware
from vae_core.web.middleware.upload_limits import UploadLimits
from vae_core.web.streamlit_internals import StreamlitUploads


def run(script: Path, options: dict[str, Any], entrance: Entrance) -> None:
    """Serve `script` until the process is ended; `options` are Streamlit's."""
    from starlette.middleware import Middleware

    base = entrance.base
    outer = [
        Middleware(BasePath, base),
        Middleware(SecurityMiddleware, entrance.hosts),
        Middleware(Door, entrance.room, entrance.hosts, base),
        Middleware(CookieMiddleware, entrance.key, base),
        Middleware(UploadLimits, StreamlitUploads()),
    ]
    streamlit_internals.run(script, options, outer, [Middleware(IndexPage, base)], entrance.socket)
