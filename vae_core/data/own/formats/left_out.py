"""Files that are not used, counted by their ending, with the first few names and the reason."""

from collections import defaultdict
from collections.abc import Iterable

from vae_core.data.own.archives import archive_suffix
from vae_core.data.own.archives.files import File, is_hidden
from vae_core.images.reading import HEIC_SUFFIXES, SUFFIXES
from vae_core.messages import Message

NAMED = 3  # files of each ending
HEIC = Message("reading them needs the package pillow-heif")
PACKED = Message("archives are read as .zip, .tar and .tar.gz, and only one inside another")
OBJECTS = Message("they may hold Python objects, which are never loaded: save arrays as .npz")
RAW = Message("raw pictures of cameras are not read: save them as .jpg, .png or .tif")
DRAWN = Message("drawings are not read: save them as .png")
HDF5 = Message("HDF5 is not read: save the arrays as .npz")
UNUSED_PICTURES = Message("the pictures are taken from other files")
TEXTS = Message("they are neither rows of pixels nor a list of pictures and labels")
PICKLED = Message("this is the pickled version of CIFAR, which is never loaded: take its binary version")
NO_PICTURES = Message("they are not pictures")
CIFAR = ("data_batch_", "batches.meta", "test_batch")
REASONS = {
    **dict.fromkeys(HEIC_SUFFIXES, HEIC),
    **dict.fromkeys((".rar", ".7z", ".bz2", ".xz", ".zst", ".zip", ".tar", ".gz", ".tgz"), PACKED),
    **dict.fromkeys((".pkl", ".pickle", ".pt", ".pth", ".joblib", ".sav"), OBJECTS),
    **dict.fromkeys((".cr2", ".cr3", ".nef", ".arw", ".dng", ".raf", ".orf", ".rw2"), RAW),
    **dict.fromkeys((".svg", ".pdf", ".eps", ".ai", ".psd"), DRAWN),
    **dict.fromkeys((".h5", ".hdf5", ".hdf"), HDF5),
    **dict.fromkeys((".csv", ".tsv", ".txt"), TEXTS),
    **dict.fromkeys(SUFFIXES, UNUSED_PICTURES),
}


def left_out(files: Iterable[File]) -> list[Message]:
    """A sentence for each ending, and one for hidden files."""
    groups: dict[str, list[File]] = defaultdict(list)
    for file in files:
        groups["hidden" if is_hidden(file.name) else archive_suffix(file.name) or file.name.suffix.lower()].append(file)
    return [_sentence(suffix, group) for suffix, group in sorted(groups.items())]


def _sentence(suffix: str, group: list[File]) -> Message:
    names = ", ".join(file.name.name for file in group[:NAMED]) + (" ..." if len(group) > NAMED else "")
    if suffix == "hidden":
        return Message(
            "Left out, hidden files of the system: {names} ({count:,} in all).", names=names, count=len(group)
        )
    if not suffix:
        return Message(
            "Left out, files whose names have no ending: {names} ({count:,} in all); {why}.",
            names=names,
            count=len(group),
            why=PICKLED if names.startswith(CIFAR) else NO_PICTURES,
        )
    return Message(
        "Left out, files ending in {ending}: {names} ({count:,} in all); {why}.",
        ending=suffix,
        names=names,
        count=len(group),
        why=REASONS.get(suffix, NO_PICTURES),
    )
