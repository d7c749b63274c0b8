"""Points in the plane: a dot in a square from -3 to 3, and many of them as a scatter plot."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import streamlit as st

from vae_core.explore.loaded_model import Images
from vae_ui.base import pictures
from vae_ui.base.translation import t
from vae_ui.views.bars import bars
from vae_ui.views.base import Inputs, Source
from vae_ui.views.picture import PictureView


class PointView(PictureView):
    """Points (2,), float32: drawn as small pictures, but never by hand."""

    sources: ClassVar[tuple[Source, ...]] = ("test",)
    has_target: ClassVar[bool] = False

    def map_texts(self, x: Inputs) -> list[str]:
        return []

    def as_inputs(self, decoded: Images) -> Inputs:
        return decoded

    def sheet(self, x: Images, alt: str, columns: int | None) -> None:
        st.scatter_chart({"x1": x[:, 0], "x2": x[:, 1]}, x="x1", y="x2", color=pictures.tint("out"), height=480)

    def on_pad(self, x: Inputs, blank: bool, brush: dict[str, Any]) -> dict[str, object]:
        return {"point": pictures.sent(x), "draw": False}

    def sum_words(self) -> str:
        return t("The distortion is a sum over both coordinates.")

    def input_words(self, dataset: str) -> list[str]:
        return [t("x (N, 2), float32: points in the plane, about as large as samples of a standard normal.")]

    def output_words(self) -> str:
        return t("The two numbers are the point itself.")

    def error(self, x: Inputs, made: Images, error: Images) -> None:
        distance = np.sqrt(np.square(error).sum())
        st.caption(t("The reconstructed point is at a distance of {distance:.3f} from the input.", distance=distance))

    def nats(self, x: Inputs, by_part: Images, alt: str) -> str:
        return bars(("x1", "x2"), by_part.tolist(), [f"{v:.2f}" for v in by_part], alt, ("rate", "distortion"))

    def slopes(self, slopes: Images, names: Sequence[str], alts: Sequence[str]) -> str:
        most = float(np.abs(slopes).max())
        return "".join(
            f"<p><b>{name}</b></p>{bars(('x1', 'x2'), row.tolist(), [f'{v:+.2f}' for v in row], alt, ('x', 'out'), most)}"
            for row, name, alt in zip(slopes, names, alts, strict=True)
        )
