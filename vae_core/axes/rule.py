"""Rule: one combination of settings that cannot be, with its sentence; and Point, the settings that a rule reads."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from string import Formatter
from typing import Any

from vae_core.axes import layer_sizes, names
from vae_core.axes.table_layout import TableLayout
from vae_core.config import ModelConfig
from vae_core.messages import Message


@dataclass(frozen=True)
class DataFacts:
    """What the rules read of a data set: name, shape of one image, number of labels, a table's layout, number of token ids, and how
    many values each word beside a picture can have."""

    name: str
    shape: tuple[int, ...]
    classes: int
    layout: TableLayout = TableLayout(())
    vocabulary: int = 0
    words: tuple[int, ...] = ()


@dataclass(frozen=True)
class Point:
    """A model, alone or with an `objectives.Objective` and the data, and the numbers that sentences name.

    `labels_hidden`: whether only some of the training images' labels are told.
    """

    model: ModelConfig
    objective: Any = None
    labels_hidden: bool = False
    data: DataFacts | None = None

    @property
    def choice_numbers(self) -> int:
        return self.model.discrete * self.model.categories

    @property
    def grid(self) -> tuple[int, int]:
        return layer_sizes.grid_size(self.model)

    @property
    def layout(self) -> TableLayout:
        return TableLayout.of(self.model)

    @property
    def positions(self) -> int:
        return math.prod(self.grid)

    @property
    def most_layers(self) -> int:
        return layer_sizes.most_layers(self.model)

    @property
    def layers(self) -> tuple[int, int]:
        """How many layers the encoder has, and the decoder."""
        return len(self.model.hidden), len(layer_sizes.decoder_layers(self.model))

    @property
    def widths(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The layers of the encoder, and of the decoder."""
        return self.model.hidden, layer_sizes.decoder_layers(self.model)

    @property
    def convolutional(self) -> bool:
        return self.model.network in names.CONVOLUTIONAL

    @property
    def sequential(self) -> bool:
        return self.model.network in names.SEQUENTIAL


@dataclass(frozen=True)
class Rule:
    """`broken` tells whether a point breaks the rule; `sentence` names the point's own values in braces."""

    broken: Callable[[Point], bool]
    sentence: str

    def refusal(self, point: Point) -> Message | None:
        """The sentence, or None where the rule is kept."""
        if not self.broken(point):
            return None
        parts = {"point": point, "model": point.model, "objective": point.objective, "data": point.data}
        named = [name for _, name, _, _ in Formatter().parse(self.sentence) if name]
        return Message(self.sentence, **{name: Formatter().get_field(name, (), parts)[0] for name in named})
