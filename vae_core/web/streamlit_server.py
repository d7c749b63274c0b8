"""Runs Streamlit's server in this process with our middleware; a second Python process would double the start-up time."""

from pathlib import Path
from typing import Any

from vae_core.web import streamlit_internals
from vae_core.web.cookie import CookieMiddleware
from vae_core.web.hosts import Hosts
from vae_core.web.index_page import IndexPage
from vae_core.web.security import SecurityMiddleware
from vae_core.web.streamlit_internals import StreamlitUploads
from vae_core.web.upload_limits import UploadLimits


def run(script: Path, options: dict[str, Any], hosts: Hosts, key: bytes) -> None:
    """Serve `script` until the process is ended; `options` are Streamlit's, `key` signs the cookies."""
    from starlette.middleware import Middleware

    outer = [
        Middleware(SecurityMiddleware, hosts),
        Middleware(CookieMiddleware, key, hosts),
        Middleware(UploadLimits, StreamlitUploads()),
    ]
    streamlit_internals.run(script, options, outer, [Middleware(IndexPage)])
