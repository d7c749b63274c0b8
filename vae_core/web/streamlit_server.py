"""Runs Streamlit's server in this process with our middleware; a second Python process would double the start-up time."""

import time
from pathlib import Path
from typing import Any

from vae_core.room.classroom import classroom
from vae_core.web import streamlit_internals
from vae_core.web.entrance import Entrance
from vae_core.web.middleware.attendance import Attendance
from vae_core.web.middleware.base_path import BasePath
from vae_core.web.middleware.content.blocks import BlocksMiddleware
from vae_core.web.middleware.content.index_page import IndexPage
from vae_core.web.middleware.content.static_files import StaticFiles
from vae_core.web.middleware.cookie import CookieMiddleware
from vae_core.web.middleware.door import Door
from vae_core.web.middleware.live_runs import LiveRunsMiddleware
from vae_core.web.middleware.security import SecurityMiddleware
from vae_core.web.middleware.upload_limits import UploadLimits
from vae_core.web.streamlit_internals import StreamlitUploads

SECONDS = 1.0


def run(script: Path, options: dict[str, Any], entrance: Entrance) -> None:
    """Serve `script` until the process is ended; `options` are Streamlit's."""
    from starlette.middleware import Middleware

    base = entrance.base
    _connect(entrance)
    outer = [
        Middleware(BasePath, base),
        Middleware(SecurityMiddleware, entrance.hosts),
        Middleware(Door, entrance.hosts, base),
        Middleware(CookieMiddleware, entrance.key, base),
        Middleware(LiveRunsMiddleware),
        Middleware(BlocksMiddleware),
        Middleware(StaticFiles),
        Middleware(Attendance),
        Middleware(UploadLimits, StreamlitUploads()),
    ]
    streamlit_internals.run(script, options, outer, [Middleware(IndexPage, base)], entrance.listening)


def _connect(entrance: Entrance) -> None:
    """Let the class reach the open pages through their websockets; news come together, at most once in SECONDS."""
    here, due = classroom(), 0.0

    def tell_watching() -> None:
        nonlocal due
        now = time.monotonic()
        if due < now and here.watching:
            due = now + SECONDS
            streamlit_internals.redraw(lambda session: session in here.watching, SECONDS)

    here.room, here.url = entrance.room, entrance.url
    here.on_change = lambda by: streamlit_internals.redraw(lambda session: session != by)
    here.on_news = tell_watching
