"""The run in view: which one it is, and what one tick of its replay carries."""

from dataclasses import dataclass
from textwrap import fill

import streamlit as st

from vae_core.config import DataConfig
from vae_core.errors import UserError
from vae_core.explore.projection import Plane
from vae_core.runs import ACTIVE, RunRow, Series, Store
from vae_ui.base import state
from vae_ui.replay import answer, frames_to_send, pack_tick, replay, wanted
from vae_ui.train import snapshots
from vae_ui.train.form import classes
from vae_ui.train.snapshots import Record

SENT, KEY = "train.sent", "train.replay"
INVITATION = "Press Start:\n1,000 images will find\ntheir places here."
WAITING = "The run is about to begin ..."


@dataclass
class Sent:
    """What this browser was sent last: the run with its plane, and the step of its newest frame."""

    view: str
    step: int


def pace(rows: list[RunRow]) -> float | None:
    """Seconds between two looks: few until the first step, one while anything trains, None when all is still."""
    moving = [row for row in rows if row.state in (*ACTIVE, "queued")]
    if any("step" not in row.latest and row.place in (None, 1) for row in moving):
        return 0.3
    return 1.0 if moving else None


def in_view(rows: list[RunRow]) -> RunRow | None:
    """The run that was chosen, or that the address names, else the one that trains, else the newest."""
    by_id = {row.id: row for row in rows}
    busy = [row.id for row in rows if row.state in (*ACTIVE, "queued")]
    found = next((id for id in (state.choices().run, *busy, *by_id) if id in by_id), None)
    look_at(found)
    return by_id[found] if found else None


def look_at(id: str | None) -> None:
    """Make this the run in view, also after a reload; another run is shown at its newest moment."""
    choices = state.choices()
    if choices.run != id:
        choices.run, choices.time = id, None


def stage(store: Store, row: RunRow | None, series: Series) -> None:
    """Curves, cloud and reconstructions of the run, with the slider that goes back through them."""
    replay(tick(store, row, series) if row else nothing(), KEY, _keep_time)
    if row and (sentence := damage(store, row)):
        st.warning(sentence)


def _keep_time(seconds: float | None) -> None:
    state.choices().time = seconds


def nothing() -> bytes:
    """The stage before there is any run: the prior, and what to do."""
    return pack_tick(
        {"run": "", "plane": "", "state": "", "live": False, "frames": [], "axes": ["z1", "z2"], "prior": True}
        | {"has_rate": True, "dims": 2, "invitation": INVITATION, "at": None, **answer(KEY)},
        None,
        {},
    )


def tick(store: Store, row: RunRow, series: Series) -> bytes:
    """What the browser lacks of this run: its curves, and the frames since the last tick or asked for."""
    records = snapshots.unique(store.snapshots(row.id))
    live, size = row.active or row.state == "queued", row.run.model.latent_dim
    has_rate = row.run.model.posterior != "point"
    header = {"run": row.id, "plane": "raw", "state": row.state, "live": live, "dims": size, "has_rate": has_rate}
    header |= {"at": state.choices().time, **answer(KEY)}
    header |= {
        "axes": ["z1", "z2"],
        "prior": has_rate and row.run.model.prior == "normal" and size <= 2,
        "invitation": WAITING if live else fill(row.message.partition(", since")[0], 30),
    }
    frames = {}
    records, basis, flat = _basis(store, row, records, over=not live)
    if basis is not None and flat is not None:
        header |= {"axes": list(flat.labels), "plane": "raw" if size <= 2 else str(basis["step"])}
        due = _due([record["step"] for record in records], f"{row.id} {header['plane']}")
        drawn = {r["step"]: snapshots.frame(store, row, r, flat, basis) for r in records if r["step"] in set(due)}
        frames = {step: frame for step, frame in drawn.items() if frame is not None}
    shown = snapshots.readable(store, row, records)
    header["frames"] = [[r["step"], r["step"], r["epoch"], round(r["seconds"], 3)] for r in shown]
    return pack_tick(header, series, frames, names(row))


def _basis(
    store: Store, row: RunRow, records: list[Record], over: bool
) -> tuple[list[Record], Record | None, Plane | None]:
    """The records that can be shown, the one whose plane they are laid on, and the plane; damaged ones are passed over."""
    while records := snapshots.readable(store, row, records):
        basis = snapshots.plane_record(records, over)
        if (flat := snapshots.plane(store, row, basis)) is not None:
            return records, basis, flat
    return [], None, None


def damage(store: Store, row: RunRow) -> str:
    """What of the run is damaged and left out of its curves and its replay, in a sentence; nothing where all is whole."""
    records = snapshots.unique(store.snapshots(row.id))
    pictures = len(records) - len(snapshots.readable(store, row, records))
    lines = _unreadable(str(store.home), row.id)
    found = [f"{count} of its {what}" for count, what in ((pictures, "snapshots"), (lines, "records")) if count]
    if not found:
        return ""
    return f"Of this run {' and '.join(found)} are damaged and left out: start it again if you need them."


@st.cache_data(max_entries=100, ttl=30, show_spinner=False)
def _unreadable(home: str, id: str) -> int:
    return Store(home).unreadable(id)


def _due(steps: list[int], view: str) -> list[int]:
    sent = st.session_state.get(SENT)
    last = sent.step if sent is not None and sent.view == view else None
    st.session_state[SENT] = Sent(view, steps[-1])
    return frames_to_send(steps, last, wanted(KEY))


def names(row: RunRow) -> tuple[str, ...]:
    """The classes' names; none where the data are not at hand any more."""
    data: DataConfig = row.run.data
    try:
        return classes(data.replace(target="grey").model_dump_json())
    except UserError:
        return ()
