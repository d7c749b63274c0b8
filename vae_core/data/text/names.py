"""The data set `names`: first names of the United States' census of 1990 with the sex that more people of a name had.

They are read from the package `names` (Hunner 2013), which ships them as public domain, where it is installed.
"""

from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, shares
from vae_core.data.text.corpus import Texts, corpus
from vae_core.data.text.sentences import refuse_target
from vae_core.errors import UserError
from vae_core.utils.files import read_file

SEXES = ("female", "male")
MOST_BYTES = 1_000_000


def shares_of_people() -> dict[str, tuple[float, float]]:
    """Each first name with the percentage of women and of men who had it, from the files of the package `names`.

    Raises UserError where the package is not installed, or its files are not as they were published.
    """
    try:
        package = distribution("names")
    except PackageNotFoundError:
        raise UserError(
            "The first names need an extra library: run pip install 'vae-explorer[names]', or from a checkout make run EXTRAS=names."
        ) from None
    found: dict[str, list[float]] = {}
    for place, sex in enumerate(SEXES):
        path = Path(str(package.locate_file(f"names/dist.{sex}.first")))
        try:
            for line in read_file(path, MOST_BYTES).decode("ascii").splitlines():
                name, share, _, _ = line.split()
                found.setdefault(name.title(), [0.0, 0.0])[place] = float(share)
        except (OSError, ValueError):
            raise UserError(
                "{file} of the library 'names' is missing or damaged: install the library again.",
                file=path.name,
            ) from None
    return {name: (women, men) for name, (women, men) in found.items()}


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """All names once, as characters, split by the seed so that none is in two splits; the label is the sex."""
    refuse_target(config)
    known = shares_of_people()
    labels = np.array([int(men > women) for women, men in known.values()], np.int64)
    texts = Texts(NAMES.title, [*known], labels, SEXES)
    return corpus(texts, "characters", config.seed, shares(config), NAMES.name)


NAMES = DatasetEntry(
    name="names",
    title="First names",
    summary="5,163 first names with sex, as they were counted in the United States in 1990; a name is a row of letters.",
    licence="public domain; as shipped with the package names (MIT)",
    shape=None,
    read=read,
    available=lambda data_dir, variant="": find_spec("names") is not None,
    held_out=0.2,
    kind="tokens",
)
