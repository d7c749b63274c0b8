"""View: what a page asks of the kind of data that a model is made for. A new kind of data is one more class like these."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from vae_core.config import ModelConfig
from vae_core.data.tables.columns import Columns
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.explore.loaded_model import Images
from vae_core.utils.arrays import UInt8
from vae_ui.views.said import Said

Inputs = NDArray[np.generic]  # (N, *shape) as a model takes or gives them: uint8 or float32
Source = str  # of an input on the Reconstruct page: test, draw, file, camera, edit or type


@dataclass(frozen=True)
class Strip:
    """Outputs x (S, *shape) side by side, with a name and a note; `mark` in [0, 1] is a place among them, `faded` makes them pale.

    `said`: what a model of pairs says of each; words that differ from those of `against`, or else of the output before, are marked.
    """

    name: str
    note: str
    x: Inputs
    alt: str
    mark: float | None = None
    faded: bool = False
    said: Sequence[Said] = ()
    against: Sequence[Said] = ()


class View(Protocol):
    """How the inputs and outputs of one model are shown."""

    sources: ClassVar[tuple[Source, ...]]  # where an input on the Reconstruct page may come from
    files: ClassVar[tuple[str, ...]]  # the endings of what is downloaded: png, csv, or smi and sdf
    thumb: ClassVar[int]  # pixels of the longer side of a picture on the map, at most
    on_release: ClassVar[bool]  # what is decoded is drawn by the server, when a hand lets z go
    moves: ClassVar[bool]  # several outputs make a film
    mixes: ClassVar[bool]  # the numbers of two inputs can be mixed
    tiles: ClassVar[bool]  # many outputs can be seen at once, as tiles of a sheet
    draws_samples: ClassVar[bool]  # new outputs are samples of p(x|z), not its mean
    has_target: ClassVar[bool]  # grey levels may be made black or white
    has_slopes: ClassVar[bool]  # outputs change smoothly with the code

    def __init__(self, model: ModelConfig, columns: Columns = (), vocabulary: Vocabulary | None = None) -> None: ...

    def pictures(self, x: Inputs) -> UInt8:
        """Each of x (N, *shape) as a small picture, (N, h, w) or (N, h, w, 3): for maps, tooltips and films."""

    def map_texts(self, x: Inputs) -> list[str]:
        """Each of x (N, *shape) as the text that a map shows in place of a picture; none where it shows pictures."""

    def as_inputs(self, decoded: Images) -> Inputs:
        """Decoded outputs in the form in which a data set holds its inputs."""

    def figure(self, x: Inputs, alt: str, part: str | None = None, width: int = 220) -> str:
        """One of them, x (*shape), as HTML at most `width` pixels wide, in the colour of `part`."""

    def strips(self, strips: Sequence[Strip], cell: int, header: Sequence[str] = (), above: bool = False) -> str:
        """Strips below one another as HTML, with up to `cell` pixels for each output; the names stand `above` or to the left."""

    def gallery(self, x: Inputs, alts: Sequence[str], words: Sequence[str], part: str | None = None) -> str:
        """Some of them, x (N, *shape), side by side as HTML, each with words of its own."""

    def sheet(self, x: Images, alt: str, columns: int | None) -> None:
        """Draw many outputs at once, with so many in a row; None: a square."""

    def content(self, x: Images, columns: int | None, width: int, file: str) -> bytes:
        """Outputs as a file of the kind `file`, one of `files`; a picture of them is about `width` pixels wide."""

    def on_pad(self, x: Inputs, blank: bool, brush: dict[str, Any]) -> dict[str, object]:
        """An input as the drawing pad of the stage takes it; `blank`: an empty drawing, `brush`: how the pad draws."""

    def sum_words(self) -> str:
        """A sentence on what the distortion is a sum over."""

    def input_words(self, dataset: str) -> list[str]:
        """What the encoder's input is, for readers of an ONNX file: shape, values, and how they are made."""

    def output_words(self) -> str:
        """What the decoder's output is, for readers of an ONNX file."""

    def error(self, x: Inputs, made: Images, error: Images) -> None:
        """Draw how the reconstruction `made` differs from the input `x`, both (*shape); `error` is 0 where a value is missing."""

    def nats(self, x: Inputs, by_part: Images, alt: str) -> str:
        """The nats of each pixel of x (*shape), or of each column (C,), as HTML; more than 0 is a cost, less a gain."""

    def slopes(self, slopes: Images, names: Sequence[str], alts: Sequence[str]) -> str:
        """How fast the output changes with each of some numbers of the code, (N, *shape) per unit of z, on one scale, as HTML."""
