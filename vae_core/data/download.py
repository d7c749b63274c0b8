"""Downloading MNIST, Fashion-MNIST and KMNIST on request: with checksums, atomic writes, and an iterator that can be stopped."""

import gzip
import hashlib
import http.client
import os
import shutil
import tempfile
import urllib.request
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vae_core.data.mnist import SOURCES, IdxSource, find, read_idx
from vae_core.data.torchvision_import import torchvision_datasets
from vae_core.errors import UserError

CHUNK = 1 << 17
TIMEOUT = 20.0  # seconds without a byte


@dataclass(frozen=True)
class Progress:
    """Progress of the download of one file in bytes; `total_bytes` is 0 while unknown."""

    file: str
    done_bytes: int
    total_bytes: int


def download(
    name: str,
    data_dir: Path,
    mirrors: Sequence[str] | None = None,
    resources: Sequence[tuple[str, str]] | None = None,
) -> Generator[Progress, None, None]:
    """Download a data set's files into torchvision's folders, with torchvision's mirrors and checksums unless others are given.

    Closing the iterator stops the download and leaves no partial file; complete files stay and are not downloaded again.
    Raises UserError when there is nothing to download, no mirror has a file with the right checksum, or the folder cannot be written.
    """
    if name not in SOURCES:
        raise UserError(
            "'{name}' needs no download; those that do are {sources}.", name=name, sources=", ".join(SOURCES)
        )
    source = SOURCES[name]
    if mirrors is None or resources is None:
        known = getattr(torchvision_datasets(), source.torchvision)
        mirrors, resources = known.mirrors, known.resources
    folder = source.folder(data_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, md5 in resources:
            yield from _download_file(source, folder, file, md5, mirrors)
    except OSError as error:
        raise UserError(
            "{folder} cannot be written: {strerror}. Free some space or name another data folder.",
            folder=folder,
            strerror=error.strerror or error,
        ) from None


def _download_file(
    source: IdxSource, folder: Path, file: str, md5: str, mirrors: Sequence[str]
) -> Generator[Progress, None, None]:
    """Download one file from the first mirror whose file has the right checksum."""
    target = folder / file.removesuffix(".gz")
    present = find(target)
    if present and _is_valid(present):
        yield Progress(file, present.stat().st_size, present.stat().st_size)
        return
    failures = []
    for mirror in mirrors:
        with tempfile.NamedTemporaryFile("w+b", dir=folder, prefix=f"{file}.", suffix=".part") as part:
            try:
                digest = hashlib.md5(usedforsecurity=False)
                for chunk, total in _chunks(mirror.rstrip("/") + "/" + file):
                    part.write(chunk)
                    digest.update(chunk)
                    yield Progress(file, part.tell(), total)
            except _MirrorFailed as error:
                failures.append(f"{mirror} failed ({error})")
                continue
            if digest.hexdigest() == md5:
                part.seek(0)
                return _unpack(part.file, target)
        failures.append(f"{mirror} sent a file with the wrong checksum")
    raise UserError(
        "{title} could not be downloaded: for {file}, {failures}. Check the network and try again, or copy the "
        "files into {folder}.",
        title=source.title,
        file=file,
        failures=" and ".join(failures) or "no mirror is known",
        folder=folder,
    )


class _MirrorFailed(Exception):
    """An error of the network, not of the disk."""


def _chunks(url: str) -> Iterator[tuple[bytes, int]]:
    """The response body in chunks, each with the total length in bytes (0: unknown)."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
            total = int(answer.headers.get("Content-Length") or 0)
            while chunk := answer.read(CHUNK):
                yield chunk, total
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _MirrorFailed(getattr(error, "reason", None) or error or type(error).__name__) from None


def _unpack(packed: IO[bytes], target: Path) -> None:
    """Decompress to a temporary file, then rename it; an uncompressed file is read five times faster."""
    with tempfile.NamedTemporaryFile(
        "wb", dir=target.parent, prefix=f"{target.name}.", suffix=".part", delete=False
    ) as out:
        try:
            with gzip.open(packed) as source:
                shutil.copyfileobj(source, out, CHUNK)
            out.close()
            os.chmod(out.name, 0o644)
            os.replace(out.name, target)
        except BaseException:
            Path(out.name).unlink(missing_ok=True)
            raise


def _is_valid(path: Path) -> bool:
    with suppress(UserError):
        read_idx(path, 3 if "idx3" in path.name else 1)
        return True
    return False
