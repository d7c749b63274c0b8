"""Means of a training's terms between two looks at it."""

from dataclasses import dataclass, field

from vae_core.training.events import Numbers


@dataclass
class RunningMeans:
    """Sums of terms over images since the last look."""

    sums: dict[str, float] = field(default_factory=lambda: {"loss": 0.0, "distortion": 0.0, "rate": 0.0})
    images: int = 0
    has_rate: bool = True

    def add(self, terms: dict[str, float], images: int) -> None:
        for name, value in terms.items():
            self.sums[name] += value * images
        self.images += images

    def means(self) -> Numbers:
        means: Numbers = {name: value / max(1, self.images) for name, value in self.sums.items()}
        return means if self.has_rate else {**means, "rate": None}
