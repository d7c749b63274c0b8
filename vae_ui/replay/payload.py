"""What one tick brings to the browser: the curves as they are, and the frames that it does not hold yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.runs import Series
from vae_core.utils.arrays import UInt8
from vae_ui.base import translation
from vae_ui.base.palette import LANGUAGE, class_colours
from vae_ui.stage.payload import pack

AT_ONCE = 60  # frames in one tick: about a megabyte of MNIST


@dataclass(frozen=True)
class Frame:
    """A snapshot as it is drawn: `points` (P, 2), `labels` (P,), `pictures` and `originals` uint8 (R, H, W[, 3]).

    Where `texts` and `original_texts` are given, they are shown in place of the pictures.
    """

    points: NDArray[np.float32]
    labels: NDArray[np.int16]
    pictures: UInt8
    originals: UInt8
    texts: Sequence[str] = ()
    original_texts: Sequence[str] = ()


def frames_to_send(known: Sequence[int], sent: int | None, wanted: Sequence[int]) -> list[int]:
    """Which of the `known` frames go with this tick: all that came after `sent`, and those asked for.

    Where that is too many, they are spread evenly and the browser asks for the rest; the newest always goes.
    """
    if not known:
        return []
    due = [index for index in known if sent is None or index >= sent or index in set(wanted)]
    step = -(-len(due) // AT_ONCE)
    return sorted({*due[::step], known[-1]}) if due else [known[-1]]


def pack_tick(
    header: Mapping[str, Any], series: Series | None, frames: Mapping[int, Frame], names: Sequence[str] = ()
) -> bytes:
    """All that a page draws the replay from, as one block of bytes (see stage/payload.py)."""
    colours, words = class_colours(max(1, len(names))), translation.table()
    named = {"names": list(names), "colours": colours, "language": LANGUAGE, "words": words}
    return pack_news({**header, **named}, series, frames)


def pack_news(header: Mapping[str, Any], series: Series | None, frames: Mapping[int, Frame]) -> bytes:
    """What changes while a run trains, in no language: a header, curves by seconds, and frames by index."""
    arrays: dict[str, NDArray[Any]] = _curves(series) if series is not None else {}
    shown = list(frames.values())
    if shown:
        arrays["index"] = np.array(list(frames), np.int32)
        arrays["points"] = np.stack([frame.points for frame in shown]).astype(np.float32)
        arrays["pictures"] = np.stack([frame.pictures for frame in shown])
        arrays["originals"] = shown[-1].originals
        arrays["labels"] = shown[-1].labels.astype(np.uint8)
        said = {"said": [list(frame.texts) for frame in shown], "said_originals": list(shown[-1].original_texts)}
        header = {**header, **said}
    return pack(header, arrays)


def _curves(series: Series) -> dict[str, NDArray[Any]]:
    """Rows (T, 4) of seconds, loss, distortion and rate, for training and validation, and the KL (E, L); NaN where none."""
    steps, epochs = series.steps, series.epochs
    arrays = {"train": _rows(steps, "train"), "val": _rows(epochs, "val")}
    kl = epochs.get("kl")
    if kl is not None and kl.ndim == 2:
        arrays["kl"] = kl.astype(np.float32)
    return arrays


def _rows(columns: Mapping[str, NDArray[np.float64]], part: str) -> NDArray[np.float32]:
    seconds = columns.get("seconds", np.empty(0))
    empty = np.full(len(seconds), np.nan)
    values = [columns.get(f"{part}_{name}", empty) for name in ("loss", "distortion", "rate")]
    return np.stack([seconds, *values], axis=-1).astype(np.float32)
