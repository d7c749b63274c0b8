"""A run's snapshots as frames of the replay: read once, laid flat on a plane that stays the same while it can."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core import images
from vae_core.latent import Plane, pca_plane, raw_plane
from vae_core.runs import RunRow, Store
from vae_ui.replay import Frame

Record = dict[str, Any]


def unique(records: Sequence[Record]) -> list[Record]:
    """One record a step, the newest: after a resumption an index may name another moment, a step does not."""
    return list({record["step"]: record for record in records}.values())


def plane_record(records: Sequence[Record], over: bool) -> Record:
    """The snapshot whose two main directions all frames are laid on: the last once a run is over.

    While it trains, another is taken only each time that the number of snapshots has doubled, so the view rarely turns.
    """
    return records[-1] if over else records[(1 << (len(records).bit_length() - 1)) - 1]


def plane(store: Store, row: RunRow, record: Record) -> Plane:
    """Two raw dimensions of a code of at most two numbers, else the plane of the record's codes."""
    size = row.run.model.latent_dim
    if size <= 2:
        return raw_plane(size)
    return _pca(str(store.home), row.id, record["index"], record["step"])


def frame(store: Store, row: RunRow, record: Record, flat: Plane) -> Frame:
    """One snapshot laid on the plane."""
    arrays = _arrays(str(store.home), row.id, record["index"], record["step"])
    return Frame(
        flat.flat(arrays["codes"].astype(np.float32)),
        arrays["labels"],
        images.pictures(arrays["recon"]),
        images.pictures(arrays["originals"]),
    )


@st.cache_resource(max_entries=1000, ttl="1h", show_spinner=False)
def _arrays(home: str, id: str, index: int, step: int) -> dict[str, NDArray[Any]]:
    return Store(home).snapshot(id, index)


@st.cache_resource(max_entries=100, ttl="1h", show_spinner=False)
def _pca(home: str, id: str, index: int, step: int) -> Plane:
    return pca_plane(_arrays(home, id, index, step)["codes"].astype(np.float32))
