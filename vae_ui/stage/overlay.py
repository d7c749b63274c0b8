"""What may change on the map from one rerun to the next: small, plain, sent as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

Point = tuple[float, float]


@dataclass(frozen=True)
class Ellipse:
    """A Gaussian q(z given x) in the plane of the map: mean and standard deviations of both axes, `rho` in (-1, 1)."""

    mean: Point
    std: Point
    rho: float = 0.0


@dataclass(frozen=True)
class Overlay:
    """Marks in the map's own scale and its switches; a switch or filter set here wins when it changes, else the person.

    `z` where the chosen code lies, `code` (L,) the code itself, `label` what a conditional model is told; `pick` the chosen
    image's point; `ellipses` at 1 and 2 standard deviations; `a`, `b`, `path` (K, 2) and `at` (a place on the path) for an
    interpolation; `neighbours` indices; `visible` class numbers (None: all); `cloud` codes drawn from the ellipse.
    """

    z: Point | None = None
    code: Sequence[float] | np.ndarray | None = None
    label: int = 0
    pick: int | None = None
    ellipses: Sequence[Ellipse] = ()
    a: Point | None = None
    b: Point | None = None
    path: Sequence[Point] | np.ndarray = ()
    at: int | None = None
    neighbours: Sequence[int] = ()
    visible: Sequence[int] | None = None
    points: bool = True
    lattice: bool = True
    contours: bool = True
    labels: bool = True
    cloud: bool = False

    def record(self) -> dict[str, object]:
        """Plain JSON values; raises ValueError on a NaN, which would silently empty the page's element."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}


def _plain(value: object) -> object:
    if isinstance(value, Ellipse):
        return {"mean": _plain(value.mean), "std": _plain(value.std), "rho": _plain(value.rho)}
    if value is None or isinstance(value, (bool, np.bool_)):
        return None if value is None else bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        if not np.isfinite(value):
            raise ValueError("a mark on the map must be finite, not NaN or infinite.")
        return round(float(value), 5)
    return [_plain(v) for v in value]  # type: ignore[attr-defined]
