"""The run in view: which run it is, and the data that one update of its replay sends to the browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import fill

import streamlit as st

from vae_core.config import DataConfig
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.runs import RunRow, Series, Store
from vae_core.runs.many.listing import page
from vae_ui.base import current_user, state
from vae_ui.base.csv_download import csv_button
from vae_ui.base.translation import t
from vae_ui.datasets.known_data import look
from vae_ui.replay import answer, frames_to_send, held, pack_tick, replay, wanted
from vae_ui.train import curves_file, gradient_step, replay_frames
from vae_ui.train.replay_frames import Film

SENT, KEY = "train.sent", "train.replay"
INVITATION = Message("Press Start: the codes of 1,000 images will appear here.")
WAITING = Message("The run is about to start ...")
NO_FRAMES = Message("This run has no snapshots to replay.")
ALL = 1_000_000  # records of a curve: every one, where the page itself shows about 500
LINE = 30  # characters of a line inside the replay


# A phone stacks columns by itself; at 150 % the three would be so narrow that words break.
NARROW = """<style>@media (max-width: 1000px) {
  .st-key-train > div > div { flex-wrap: wrap-reverse; }
  .st-key-train > div > div > [data-testid="stColumn"] { min-width: 100%; }
}</style>"""


@dataclass
class Sent:
    """What this session received last: the run with its plane, and the step of its newest frame."""

    view: str
    step: int


def in_view(store: Store, moving: list[RunRow]) -> RunRow | None:
    """The run that was chosen or named in the address, else one that waits or trains, one's own first, else the newest."""
    user = current_user.present()
    found = chosen(store) or next(iter(sorted(moving, key=lambda row: row.owner != user.id)), None)
    if found is None:
        found = next(iter(page(store, user, count=1).rows), None)
    look_at(found.id if found else None)
    return found


def chosen(store: Store) -> RunRow | None:
    """The run that was chosen or named in the address; None where there is none, or the person may not see it."""
    id = state.choices().run
    try:
        return store.get(id, current_user.present()) if id else None
    except UserError:
        return None


def look_at(id: str | None) -> None:
    """Make this the run in view, also after a reload; another run is shown at its newest snapshot."""
    choices = state.choices()
    if choices.run != id:
        choices.run, choices.time = id, None


def curves(store: Store, row: RunRow) -> None:
    """A button to save every record of the run's curves."""
    csv_button(
        lambda: curves_file.curves(store.series(row.id, ALL)), f"run-{row.id}-curves", "train.curves", t("Curves (CSV)")
    )


def stage(store: Store, row: RunRow | None, series: Series, told: Mapping[str, object]) -> None:
    """Show curves, codes and reconstructions of the run, with the slider that replays them.

    `told`: what the page shows of the runs, which the browser compares with what it hears of them later.
    """
    replay(tick(store, row, series, told) if row else nothing(told), KEY, _keep_time)
    if row and (sentence := damage(store, row)):
        st.warning(sentence)


def _wrapped(text: Message) -> str:
    """The text in lines that fit inside the replay; a Chinese character is as wide as two Latin ones."""
    words = t(text)
    return fill(words, LINE if words.isascii() else LINE // 2)


def _keep_time(seconds: float | None) -> None:
    state.choices().time = seconds


def nothing(told: Mapping[str, object]) -> bytes:
    """The replay before there is a run: the prior, and what to do."""
    return pack_tick(
        {"run": "", "plane": "", "state": "", "live": False, "frames": [], "axes": ["z1", "z2"], "prior": True}
        | {"has_rate": True, "dims": 2, "invitation": _wrapped(INVITATION), "at": None, **answer(KEY), **told},
        None,
        {},
    )


def tick(store: Store, row: RunRow, series: Series, told: Mapping[str, object]) -> bytes:
    """The data of this run that the browser lacks: its curves, and the frames that are new or that it asked for."""
    film = replay_frames.film(store, row)
    due = _due(film.steps, f"{row.id} {film.name}") if film.plane else []
    frames = replay_frames.frames(store, row, film, due)
    invitation = _wrapped(WAITING if replay_frames.is_live(row) else NO_FRAMES)
    header = {"at": state.choices().time, "arrows": gradient_step.arrows(row), "invitation": invitation}
    return pack_tick({**head(store, row, film), **header, **answer(KEY), **told}, series, frames, names(row))


def head(store: Store, row: RunRow, film: Film) -> dict[str, object]:
    """What the replay is told of the run in every language; drawn after the frames, of which some may be damaged."""
    model = row.run.model
    size, has_rate = model.latent_dim, model.posterior != "point"
    shown = replay_frames.readable(store, row, film.records)
    return {
        "run": row.id,
        "plane": film.name,
        "state": row.state,
        "live": replay_frames.is_live(row),
        "dims": size,
        "has_rate": has_rate,
        "prior": has_rate and model.prior == "normal" and size <= 2,
        "axes": list(film.plane.labels) if film.plane else ["z1", "z2"],
        "frames": [[r["step"], r["step"], r["epoch"], round(r["seconds"], 3)] for r in shown],
    }


def damaged(store: Store, row: RunRow) -> tuple[int, int]:
    """How many snapshots and how many records of the run are damaged."""
    records = replay_frames.unique(store.snapshots(row.id))
    return len(records) - len(replay_frames.readable(store, row, records)), _unreadable(str(store.home), row.id)


def damage(store: Store, row: RunRow) -> str:
    """A sentence on the damaged files of the run that are left out of its curves and replay; "" if there are none."""
    snapshots, lines = damaged(store, row)
    if not snapshots and not lines:
        return ""
    return t(
        "Damaged files of this run are left out ({snapshots} snapshots, {records} records): start it again if you need them.",
        snapshots=snapshots,
        records=lines,
    )


@st.cache_data(max_entries=100, ttl=30, show_spinner=False)
def _unreadable(home: str, id: str) -> int:
    return Store(home).unreadable(id)


def _due(steps: list[int], view: str) -> list[int]:
    sent, has = st.session_state.get(SENT), held(KEY)
    last = sent.step if sent is not None and sent.view == view else None
    if has is not None and has[0] == view:
        last = has[1] if last is None else max(last, has[1])
    st.session_state[SENT] = Sent(view, steps[-1])
    return frames_to_send(steps, last, wanted(KEY))


def names(row: RunRow) -> tuple[str, ...]:
    """The names of the classes; () where the data set is not on this computer any more."""
    data: DataConfig = row.run.data
    try:
        return look(data).classes
    except UserError:
        return ()
