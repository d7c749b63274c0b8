"""Where a step's conditions hold, found with the core: codes, and test images."""

from collections.abc import Collection, Iterable, Iterator

import numpy as np

from vae_core.explore.nearest_codes import Codes
from vae_core.lessons import measuring, slow_figures
from vae_core.lessons.conditions import Condition
from vae_core.lessons.quantities import Value
from vae_ui.widgets import model_cache

OF_A_CODE = {
    *("distance of z", "way of z", "decoded class", "certainty"),
    *("change of picture", "gap", "hole", "rank"),
}
OF_AN_IMAGE = {"chosen class", "image cloud size", "image distortion", "image rate", "image gap"}
NEAR = 0.03  # a hand does not hit a place exactly: the conditions have to hold this far around, in units of z


class Search:
    """What the core knows of the scene that a step began with: the model, z and the class that the decoder is told."""

    def __init__(self, name: str, conditions: Collection[Condition], start: Codes, label: int | None) -> None:
        self.name, self.start = name, start
        self.model = model_cache.explorer(name)
        self.label = label if self.model.conditional else None
        self.wanted = [one for one in conditions if one.name in OF_A_CODE | OF_AN_IMAGE]

    def holds_at(self, z: Codes) -> bool:
        """Whether the conditions on the code hold at z and just beside it."""
        wanted = [one for one in self.wanted if one.name in OF_A_CODE]
        near = [z, *(z + sign * NEAR * unit for unit in np.eye(len(z), dtype=np.float32)[:2] for sign in (-1, 1))]
        return all(all(one.holds(values) for one in wanted) for values in map(self.of_code, near))

    def places(self, spots: Iterable[tuple[float, ...]]) -> Iterator[tuple[float, ...]]:
        """Those of the spots (x, y, *z) at whose z the conditions hold, in an order of chance."""
        shuffled = np.random.default_rng(0).permutation(np.array([*spots], np.float32))
        return (tuple(map(float, spot)) for spot in shuffled if self.holds_at(spot[2:]))

    def slides(self) -> Iterator[dict[int, float]]:
        """Numbers of the code and values to set them to: one number where that is enough, else two."""
        chance, size = np.random.default_rng(0), len(self.start)
        alone = [{d: float(v)} for v in (1.5, -1.5, 2.2, -2.2, 0.5, -0.5, 2.8, -2.8) for d in range(size)]
        pairs = [
            dict(zip(chance.permutation(size)[:2].tolist(), chance.uniform(-2.8, 2.8, 2), strict=False))
            for _ in range(500)
        ]
        return (moves for moves in (*alone, *pairs) if self.holds_at(self._moved(moves)))

    def images(self) -> Iterator[int]:
        """The numbers of test images for which the conditions hold, from the first one on."""
        for index in range(len(self.model.latents.mean)):
            values = self.of_image(index)
            if all(one.holds(values) for one in self.wanted):
                yield index

    def _moved(self, moves: dict[int, float]) -> Codes:
        z = self.start.copy()
        for dimension, value in moves.items():
            z[dimension] = value
        return z

    def of_code(self, z: Codes) -> dict[str, Value]:
        """The values of a code."""
        found = measuring.of_code(self.model, z.astype(np.float32), self.start, self.label)
        if any(one.name == "rank" for one in self.wanted):
            found["rank"] = model_cache.density(self.name).rank(z)
        return found

    def of_image(self, index: int) -> dict[str, Value]:
        """The values of a test image, and of its code where they are asked for."""
        latents, names = self.model.latents, {one.name for one in self.wanted}
        found: dict[str, Value] = {"chosen class": int(latents.labels[index])}
        found["image cloud size"] = measuring.cloud_size(latents.scale[index])
        if names & OF_A_CODE:
            found |= self.of_code(latents.mean[index])
        if names & {"image distortion", "image rate", "image gap"}:
            x = model_cache.test_images(self.name)[index]
            seen = self.model.analyse(x, self.label)
            found |= {"image distortion": seen.distortion, "image rate": seen.rate}
            found["image gap"] = slow_figures.gap(self.model, x, 0) if "image gap" in names else None
        return found
