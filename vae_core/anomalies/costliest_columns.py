"""The columns of a table whose values cost the model most: why a row is strange."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer

MOST = 3  # columns that are named


class Cost(NamedTuple):
    """A column by its place in the table and its name, and -ln p of its value in nats at the mean of q(z|x)."""

    place: int
    column: str
    nats: float


def costliest(model: Explorer, row: NDArray[np.generic], count: int = MOST) -> list[Cost]:
    """The columns of a row (D,) that cost most, most first; empty for a picture, whose pixels have no names."""
    if not model.info.columns:
        return []
    nats = model.ledger(row).by_pixel
    places = np.argsort(-nats, kind="stable")[:count].tolist()
    return [Cost(place, model.info.columns[place].name, float(nats[place])) for place in places]
