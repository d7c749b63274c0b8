"""Archives with the true factors of each picture, as dSprites has them: more pictures than fit are drawn at random."""

import numpy as np

from vae_core.data.own.pictures.raw_pictures import Factors, RawPictures
from vae_core.data.own.stored.array_pictures import array_pictures
from vae_core.data.own.stored.stored_array import AnyArray
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import limits
from vae_core.utils.arrays import Int64

# The factors of dSprites in their order, and the names of its shapes (Matthey et al. 2017)
DSPRITES = ("colour", "shape", "scale", "orientation", "x", "y")
SHAPES = ("square", "ellipse", "heart")
FACTORS_BYTES = 128 * limits.MIB


def with_factors(images: AnyArray, factors: AnyArray, place: str, kind: Message, seed: int) -> RawPictures:
    """Pictures with factors (N, F); of more pictures than a data set may have, `seed` draws as many as it may.

    The label is the shape in dSprites, and there is none elsewhere. Factors with one value alone are left out.
    """
    count = images.shape[0] if images.shape else 0
    if len(factors.shape) != 2 or factors.shape[0] != count or factors.dtype.kind not in "iu":
        raise UserError(
            "{place} has {count:,} images but factors of shape {shape} and type {dtype}: give whole numbers (N, F).",
            place=place,
            count=count,
            shape=factors.shape,
            dtype=factors.dtype,
        )
    if factors.nbytes > FACTORS_BYTES:
        raise UserError("{place} has too many factors to be read.", place=place)
    rows = _drawn(count, seed)
    pictures = array_pictures([images], place, rows if len(rows) < count else None)
    values = factors.whole()[rows].astype(np.int64)
    names = DSPRITES if values.shape[1] == len(DSPRITES) else tuple(f"factor {i + 1}" for i in range(values.shape[1]))
    shapes = values[:, names.index("shape")] if "shape" in names else None
    labels = None if shapes is None or shapes.max() >= len(SHAPES) else np.array(SHAPES)[shapes]
    vary = [i for i in range(values.shape[1]) if len(np.unique(values[:, i])) > 1]
    found = Factors(values[:, vary], tuple(names[i] for i in vary))
    notes = [Message("Factors that are known of each picture: {names}.", names=", ".join(found.names))]
    if len(rows) < count:
        notes.append(
            Message("{taken:,} of {count:,} pictures are used, drawn at random.", taken=len(rows), count=count)
        )
    return RawPictures(place, kind, pictures, labels, factors=found, notes=tuple(notes))


def _drawn(count: int, seed: int) -> Int64:
    if count <= limits.MOST:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, limits.MOST, replace=False))
