"""A run as the server tells all browsers of it while it trains: drawn once for each change, in every language, for all of them."""

import hashlib
from collections.abc import Sequence

from vae_core.metrics.diagnosis.finding_and_evidence import Finding
from vae_core.runs import RunRow, Store
from vae_core.runs.forks import can_fork
from vae_core.runs.many.overview import Overview
from vae_core.translation.catalogues import LANGUAGES
from vae_core.web.live_runs import View, live_runs
from vae_ui.base import current_user, translation
from vae_ui.replay import frames_to_send, pack_news
from vae_ui.train import gradient_step, replay_frames, run_panel, run_view
from vae_ui.widgets import findings

MOST_NEWS = 8  # different ones of a run that are kept: browsers that read in time all need the same


class LiveRun:
    """A run at one moment."""

    def __init__(self, store: Store, row: RunRow) -> None:
        self.store, self.row = store, row
        self.series = store.series(row.id)
        found = findings.of(row, self.series)
        self.film = replay_frames.film(store, row)
        self.header = {"shown": shown(store, row, found), "texts": _texts(row, found)}
        self._news: dict[View, tuple[bytes, View]] = {}

    def news(self, view: View) -> tuple[bytes, View]:
        """What a browser with this view lacks, and the view that it then has."""
        if view not in self._news:
            if len(self._news) >= MOST_NEWS:
                self._news.clear()
            self._news[view] = self._made(view)
        return self._news[view]

    def _made(self, view: View) -> tuple[bytes, View]:
        steps, last = self.film.steps, view.step if view.plane == self.film.name else -1
        newest = max(steps, default=-1)
        due = frames_to_send(steps, last + 1, ()) if newest > last else []
        frames = replay_frames.frames(self.store, self.row, self.film, due)
        header = run_view.head(self.store, self.row, self.film) | self.header
        after = View(run=view.run, plane=self.film.name, step=newest)
        return pack_news(header, self.series, frames), after


def shown(store: Store, row: RunRow, found: Sequence[Finding]) -> str:
    """A short name of what the page's widgets and sentences show of the run: the page is drawn again when it changes."""
    step = gradient_step.measured(row)
    parts = (
        row.title, row.state, row.message, row.restarts, row.node, row.private, row.waiting,
        sorted(row.controls.items()), sorted(row.latest),
        None if step is None else step.step, [str(each.name) for each in found], can_fork(row), run_view.damaged(store, row),
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def told(store: Store, now: Overview, row: RunRow | None, found: Sequence[Finding]) -> dict[str, object]:
    """What this page shows of the runs, for the browser to compare with what it hears of them later."""
    live_runs().draw = LiveRun
    user = current_user.present()
    return {
        "mark": now.mark(user),
        "shares": now.shares(user),
        "busy": bool(now.in_progress(user)),
        "shown": "" if row is None else shown(store, row, found),
        "code": translation.language(),
    }


def _texts(row: RunRow, found: Sequence[Finding]) -> dict[str, dict[str, str]]:
    """What changes all the time on the page, by the name that it has there, in each language."""
    texts = {}
    for code in LANGUAGES:
        with translation.speaking(code, row.run.kind):
            texts[code] = run_panel.moving(row) | findings.texts(found)
    return texts
