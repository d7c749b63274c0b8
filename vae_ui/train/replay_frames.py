"""The snapshots of a run as frames of the replay: read once and projected onto one plane that changes rarely."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.errors import UserError
from vae_core.explore.projection import Plane, pca_plane, raw_plane
from vae_core.runs import RunRow, Store
from vae_ui.replay import Frame
from vae_ui.views import view_for

Record = dict[str, Any]
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Film:
    """The snapshots of a run that can be shown, and the plane that they are shown on: None where there are none.

    `basis` is the snapshot that defines the plane, and `name` tells the plane from other planes of the run.
    """

    records: list[Record]
    plane: Plane | None = None
    basis: Record | None = None
    name: str = "raw"

    @property
    def steps(self) -> list[int]:
        """The steps of the snapshots, by which frames are known."""
        return [record["step"] for record in self.records]


Key = tuple[str, str, int, int]  # home, run, index, step


def unique(records: Sequence[Record]) -> list[Record]:
    """One record for each step, the newest: after a run is resumed the same index can belong to another step."""
    return list({record["step"]: record for record in records}.values())


def plane_record(records: Sequence[Record], over: bool) -> Record:
    """The snapshot whose first two principal components are the plane of all frames: the last one once a run is over.

    During training it changes only when the number of snapshots has doubled, so the view rarely turns.
    """
    return records[-1] if over else records[(1 << (len(records).bit_length() - 1)) - 1]


def film(store: Store, row: RunRow) -> Film:
    """What there is to show of the run; damaged snapshots are skipped."""
    records = unique(store.snapshots(row.id))
    while records := readable(store, row, records):
        basis = plane_record(records, over=not is_live(row))
        if (flat := plane(store, row, basis)) is not None:
            return Film(records, flat, basis, "raw" if row.run.model.latent_dim <= 2 else str(basis["step"]))
    return Film([])


def is_live(row: RunRow) -> bool:
    """Whether the run waits or trains."""
    return row.active or row.state == "queued"


def frames(store: Store, row: RunRow, what: Film, steps: Sequence[int]) -> dict[int, Frame]:
    """The frames of these steps, without those whose file is found to be damaged."""
    if what.plane is None or what.basis is None:
        return {}
    wanted = set(steps)
    drawn = {r["step"]: frame(store, row, r, what.plane, what.basis) for r in what.records if r["step"] in wanted}
    return {step: one for step, one in drawn.items() if one is not None}


def readable(store: Store, row: RunRow, records: Sequence[Record]) -> list[Record]:
    """The records without those whose file is known to be damaged; a file is checked when its frame is needed."""
    left_out = _damaged()
    return [record for record in records if _key(store, row, record) not in left_out] if left_out else list(records)


def plane(store: Store, row: RunRow, record: Record) -> Plane | None:
    """The raw plane of a code of at most two numbers, else the principal plane of the record's codes; None if it is damaged."""
    size = row.run.model.latent_dim
    if (arrays := _read(store, row, record)) is None:
        return None
    return raw_plane(size) if size <= 2 else _pca(*_key(store, row, record), arrays["codes"])


def frame(store: Store, row: RunRow, record: Record, flat: Plane, like: Record) -> Frame | None:
    """One snapshot projected onto the plane; None if it is damaged or its shapes differ from those of `like`."""
    arrays, model = _read(store, row, record), _read(store, row, like)
    if arrays is None or model is None or any(arrays[name].shape != model[name].shape for name in model):
        _damaged().add(_key(store, row, record))
        return None
    view = view_for(row.run.model)
    return Frame(
        flat.project(arrays["codes"].astype(np.float32)),
        arrays["labels"],
        view.pictures(arrays["recon"]),
        view.pictures(arrays["originals"]),
        record.get("texts", ()),
        record.get("original_texts", ()),
    )


def _read(store: Store, row: RunRow, record: Record) -> Arrays | None:
    key = _key(store, row, record)
    if key in _damaged():
        return None
    try:
        arrays = _arrays(*key)
    except UserError:
        arrays = None
    if arrays is None or not _fits(arrays, row):
        _damaged().add(key)
        return None
    return arrays


def _fits(arrays: Arrays, row: RunRow) -> bool:
    model = row.run.model
    return arrays["codes"].shape[1] == model.latent_dim and arrays["recon"].shape[1:] == model.shape


def _key(store: Store, row: RunRow, record: Record) -> Key:
    return str(store.home), row.id, record["index"], record["step"]


@st.cache_resource(ttl=3600, show_spinner=False)
def _damaged() -> set[Key]:
    """The snapshots that cannot be read, shared by all sessions."""
    return set()


@st.cache_resource(max_entries=1000, ttl=3600, show_spinner=False)
def _arrays(home: str, id: str, index: int, step: int) -> Arrays:
    return Store(home).snapshot(id, index)


@st.cache_resource(max_entries=100, ttl=3600, show_spinner=False)
def _pca(home: str, id: str, index: int, step: int, _codes: NDArray[Any]) -> Plane:
    return pca_plane(_codes.astype(np.float32))
