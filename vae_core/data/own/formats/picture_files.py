"""Picture files of a folder or an archive, with labels and splits from their folders or from a list, and a word on what is left out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from vae_core.config import DataConfig
from vae_core.data.own.archives.files import File, Files, is_hidden, named_in_errors
from vae_core.data.own.formats.folder_names import read_folder_names
from vae_core.data.own.formats.left_out import left_out
from vae_core.data.own.formats.path_lists import find_list
from vae_core.data.own.pictures.load_limits import refuse_count, refuse_memory, refuse_pixels, within_time_limit
from vae_core.data.own.pictures.raw_pictures import RawPictures, Shape
from vae_core.data.own.value_range import DARK, ValueRange, ValueSurvey, recognise_range, to_bytes
from vae_core.images.colour_modes import Bands
from vae_core.images.reading import SUFFIXES, Header, fitted, header, read
from vae_core.messages import Message, joined
from vae_core.utils.arrays import UInt8

BYTES = ValueRange(0, 255, Message("Pictures of 8 bits."), plain=True)
LARGEST = 128  # pixels of a side in a data set


@dataclass(frozen=True)
class FilePictures:
    """Picture files and their headers, in the same order."""

    place: str
    files: tuple[File, ...]
    headers: tuple[Header, ...]

    @property
    def count(self) -> int:
        """The number of pictures."""
        return len(self.files)

    @property
    def sizes(self) -> Counter[tuple[int, int]]:
        """How many pictures have each height and width."""
        return Counter((head.height, head.width) for head in self.headers)

    @property
    def colour(self) -> bool:
        """Whether some may have colours."""
        return any(head.colour for head in self.headers)

    @property
    def axes(self) -> None:
        """Files have no axes that could be read in two ways."""

    def find_range(self) -> ValueRange:
        """The levels of black and white of all pictures of more than 8 bits, or, where there are none, of those of 8 bits."""
        deep = [file for file, head in zip(self.files, self.headers, strict=True) if head.high_precision]
        if not deep:
            return self._bits()
        survey, dtypes = ValueSurvey(), []

        def see(bands: Bands) -> tuple[float, float]:
            for band in bands:
                survey.add(band)
                dtypes.append(band.dtype)
            return 0.0, 1.0

        for file in within_time_limit(deep, self.place):
            read(file.content(self.place), str(file), find_range=see)
        with named_in_errors(self.place):
            return recognise_range(survey, np.result_type(*set(dtypes)))

    def _bits(self) -> ValueRange:
        """0 to 255, as the first pictures nearly always show; another range where all are dark, such as masks of 0 and 1."""
        survey = ValueSurvey()
        for file in within_time_limit(self.files, self.place):
            picture = np.asarray(read(file.content(self.place), str(file)))
            survey.add(picture[None])
            if survey.high >= DARK * BYTES.high:
                return BYTES
        with named_in_errors(self.place):
            return recognise_range(survey, np.dtype(np.uint8))

    def blocks(self, values: ValueRange, shape: Shape) -> Iterator[UInt8]:
        """All pictures as blocks (1, C, H, W) of this shape: the middle of each, resized."""
        plain = (values.low, values.high) == (BYTES.low, BYTES.high) or any(
            head.high_precision for head in self.headers
        )
        for file in within_time_limit(self.files, self.place):
            picture = read(file.content(self.place), str(file), 8 * max(shape[1:]), lambda _: (values.low, values.high))
            if not plain:
                picture = Image.fromarray(to_bytes(np.asarray(picture), values))
            yield fitted(picture, shape)[None]


def is_picture(file: File) -> bool:
    """Whether a file is a picture by its ending; hidden files and those that systems make are not."""
    return file.name.suffix.lower() in SUFFIXES and not is_hidden(file.name)


def picture_files(files: Files, config: DataConfig) -> RawPictures:
    """The pictures among these files; every other file is named in `left_out`.

    Labels come from a list of paths, if there is one among the files, and otherwise from the folders. All headers are checked
    before the first picture is decoded.
    """
    pictures = [file for file in files.files if is_picture(file)]
    others = [file for file in files.files if not is_picture(file)]
    refuse_count(len(pictures), files.place, _found(others))
    refuse_memory(len(pictures), (1, 1, 1), files.place)
    listed = find_list([file for file in others if not is_hidden(file.name)], pictures)
    if listed:
        others.remove(listed.file)
        pictures = [pictures[i] for i in listed.rows]
        refuse_count(len(pictures), files.place)
    folders = read_folder_names([file.name for file in pictures])
    labels = listed.labels if listed and listed.labels else folders.labels
    splits = listed.splits if listed and listed.splits is not None else folders.splits
    notes = [*(listed.notes if listed else ()), *([folders.note] if folders.note and not listed else [])]
    return RawPictures(
        files.place,
        Message("Picture files: {endings}.", endings=_endings(pictures)),
        FilePictures(files.place, tuple(pictures), _headers(pictures, files.place, 8 * (config.size or LARGEST))),
        None if labels is None else np.array(labels),
        splits,
        words=listed.words if listed else None,
        notes=tuple(notes),
        left_out=tuple(left_out(others)),
    )


def _found(others: Sequence[File]) -> str:
    """What there is instead of pictures, for the refusal."""
    sentences = left_out(others)
    most = 4
    return joined(sentences[:most])


def _endings(pictures: Sequence[File]) -> str:
    counts = Counter(file.name.suffix.lower() for file in pictures)
    return ", ".join(f"{count:,} {ending}" for ending, count in counts.most_common())


def _share(head: Header, file: File) -> Message:
    return Message(", {millions:,.1f} million of them in {file}", millions=head.pixels / 1e6, file=str(file))


def _headers(pictures: Sequence[File], place: str, longest: int) -> tuple[Header, ...]:
    """All headers; raises UserError where there are more pixels to decode than are allowed, naming the largest picture."""
    heads: list[Header] = []
    total, heaviest = 0, 0
    worst: Message | str = ""
    for file in within_time_limit(pictures, place):
        head = header(file.content(place), str(file), longest)
        heads.append(head)
        total += head.pixels
        if head.pixels > heaviest:
            heaviest, worst = head.pixels, _share(head, file)
        refuse_pixels(total, place, worst)
    return tuple(heads)
