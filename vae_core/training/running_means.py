"""Running means of the loss terms between two events."""

from dataclasses import dataclass, field

from vae_core.training.events import Numbers


@dataclass
class RunningMeans:
    """Sums of the terms over the images of all batches added so far, in nats."""

    sums: dict[str, float] = field(default_factory=lambda: {"loss": 0.0, "distortion": 0.0, "rate": 0.0})
    images: int = 0
    has_rate: bool = True

    def add(self, terms: dict[str, float], images: int) -> None:
        """Add one batch: its mean terms, in nats per image, weighted by its number of images; a critic's loss is left out."""
        for name in self.sums.keys() & terms.keys():
            self.sums[name] += terms[name] * images
        self.images += images

    def means(self) -> Numbers:
        """The mean of each term in nats per image; the rate is None where the model has none."""
        means: Numbers = {name: value / max(1, self.images) for name, value in self.sums.items()}
        return means if self.has_rate else {**means, "rate": None}
