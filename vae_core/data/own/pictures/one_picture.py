"""One picture file for a model: its range is recognised as that of a data set is, from its own levels alone."""

from pathlib import Path

from PIL import Image

from vae_core.data.own.archives.files import named_in_errors
from vae_core.data.own.value_range import ValueSurvey, recognise_range
from vae_core.images import reading
from vae_core.images.colour_modes import Bands
from vae_core.messages import Message


def read_picture(data: bytes | Path, name: str = "") -> tuple[Image.Image, Message | None]:
    """A picture file in mode L or RGB, as `vae_core.images.reading.read` gives it, and how its levels are read.

    The sentence is None for a picture of 8 bits, and where the range is the usual one. Raises UserError that names the file.
    """
    said: list[Message] = []

    def find_range(bands: Bands) -> tuple[float, float]:
        survey = ValueSurvey()
        for band in bands:
            survey.add(band)
            dtype = band.dtype
        found = recognise_range(survey, dtype)
        said.extend([] if found.plain else [found.sentence])
        return found.low, found.high

    with named_in_errors(name or (data.name if isinstance(data, Path) else Message("This file"))):
        picture = reading.read(data, name, find_range=find_range)
    return picture, said[0] if said else None
