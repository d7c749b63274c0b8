"""The run in view: which run it is, and the data that one update of its replay sends to the browser."""

from dataclasses import dataclass
from textwrap import fill

import streamlit as st

from vae_core.config import DataConfig
from vae_core.errors import UserError
from vae_core.explore.projection import Plane
from vae_core.messages import Message
from vae_core.runs import RunRow, Series, Store
from vae_core.runs.many.listing import page
from vae_ui.base import current_user, state
from vae_ui.base.csv_download import csv_button
from vae_ui.base.translation import t
from vae_ui.datasets.known_data import look
from vae_ui.replay import answer, frames_to_send, pack_tick, replay, wanted
from vae_ui.train import curves_file, gradient_step, replay_frames
from vae_ui.train.replay_frames import Record

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


def pace(moving: list[RunRow]) -> float | None:
    """Seconds between two updates while these wait or train: 0.3 until the first step or for a single one, else 1; None without one."""
    if any(row.place in (None, 1) and ("step" not in row.latest or _is_stepped(row)) for row in moving):
        return 0.3
    return 1.0 if moving else None


def _is_stepped(row: RunRow) -> bool:
    """Whether it trains until one more step or epoch is done."""
    return any(name.startswith("until_") for name in row.controls)


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


def stage(store: Store, row: RunRow | None, series: Series) -> None:
    """Show curves, codes and reconstructions of the run, with the slider that replays them."""
    replay(tick(store, row, series) if row else nothing(), KEY, _keep_time)
    if row and (sentence := damage(store, row)):
        st.warning(sentence)


def _wrapped(text: Message) -> str:
    """The text in lines that fit inside the replay; a Chinese character is as wide as two Latin ones."""
    words = t(text)
    return fill(words, LINE if words.isascii() else LINE // 2)


def _keep_time(seconds: float | None) -> None:
    state.choices().time = seconds


def nothing() -> bytes:
    """The replay before there is a run: the prior, and what to do."""
    return pack_tick(
        {"run": "", "plane": "", "state": "", "live": False, "frames": [], "axes": ["z1", "z2"], "prior": True}
        | {"has_rate": True, "dims": 2, "invitation": _wrapped(INVITATION), "at": None, **answer(KEY)},
        None,
        {},
    )


def tick(store: Store, row: RunRow, series: Series) -> bytes:
    """The data of this run that the browser lacks: its curves, and the frames that are new or that it asked for."""
    records = replay_frames.unique(store.snapshots(row.id))
    live, size = row.active or row.state == "queued", row.run.model.latent_dim
    has_rate = row.run.model.posterior != "point"
    header = {"run": row.id, "plane": "raw", "state": row.state, "live": live, "dims": size, "has_rate": has_rate}
    header |= {"at": state.choices().time, "arrows": gradient_step.arrows(row), **answer(KEY)}
    header |= {
        "axes": ["z1", "z2"],
        "prior": has_rate and row.run.model.prior == "normal" and size <= 2,
        "invitation": _wrapped(WAITING if live else NO_FRAMES),
    }
    frames = {}
    records, basis, flat = _basis(store, row, records, over=not live)
    if basis is not None and flat is not None:
        header |= {"axes": list(flat.labels), "plane": "raw" if size <= 2 else str(basis["step"])}
        due = _due([record["step"] for record in records], f"{row.id} {header['plane']}")
        drawn = {r["step"]: replay_frames.frame(store, row, r, flat, basis) for r in records if r["step"] in set(due)}
        frames = {step: frame for step, frame in drawn.items() if frame is not None}
    shown = replay_frames.readable(store, row, records)
    header["frames"] = [[r["step"], r["step"], r["epoch"], round(r["seconds"], 3)] for r in shown]
    return pack_tick(header, series, frames, names(row))


def _basis(
    store: Store, row: RunRow, records: list[Record], over: bool
) -> tuple[list[Record], Record | None, Plane | None]:
    """The readable records, the one whose codes define the plane, and the plane; damaged records are skipped."""
    while records := replay_frames.readable(store, row, records):
        basis = replay_frames.plane_record(records, over)
        if (flat := replay_frames.plane(store, row, basis)) is not None:
            return records, basis, flat
    return [], None, None


def damage(store: Store, row: RunRow) -> str:
    """A sentence on the damaged files of the run that are left out of its curves and replay; "" if there are none."""
    records = replay_frames.unique(store.snapshots(row.id))
    pictures = len(records) - len(replay_frames.readable(store, row, records))
    lines = _unreadable(str(store.home), row.id)
    if not pictures and not lines:
        return ""
    return t(
        "Damaged files of this run are left out ({snapshots} snapshots, {records} records): start it again if you need them.",
        snapshots=pictures,
        records=lines,
    )


@st.cache_data(max_entries=100, ttl=30, show_spinner=False)
def _unreadable(home: str, id: str) -> int:
    return Store(home).unreadable(id)


def _due(steps: list[int], view: str) -> list[int]:
    sent = st.session_state.get(SENT)
    last = sent.step if sent is not None and sent.view == view else None
    st.session_state[SENT] = Sent(view, steps[-1])
    return frames_to_send(steps, last, wanted(KEY))


def names(row: RunRow) -> tuple[str, ...]:
    """The names of the classes; () where the data set is not on this computer any more."""
    data: DataConfig = row.run.data
    try:
        return look(data).classes
    except UserError:
        return ()
