"""Downloading published data sets on request: with checksums, atomic writes, and an iterator that can be stopped."""

import gzip
import hashlib
import http.client
import os
import shutil
import tempfile
import urllib.request
from collections.abc import Generator, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vae_core.data.mnist import find, read_idx
from vae_core.data.published.sources import PUBLISHED, Source, folder_of
from vae_core.errors import UserError, reason
from vae_core.messages import Message, listed

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
    variant: str = "",
) -> Generator[Progress, None, None]:
    """Download the files of a data set, or of one variant, into its folder, from the mirrors of PUBLISHED unless others are given.

    Closing the iterator stops the download and leaves no partial file; complete files stay and are not downloaded again.
    Raises UserError when there is nothing to download, no mirror has a file with the right checksum, or the folder cannot be written.
    """
    if name not in PUBLISHED:
        raise UserError(
            "'{name}' needs no download; those that do are {sources}.", name=name, sources=", ".join(PUBLISHED)
        )
    source, folder = PUBLISHED[name], folder_of(name, data_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, md5 in source.of(variant) if resources is None else resources:
            yield from _download_file(source, folder, file, md5, source.mirrors if mirrors is None else mirrors)
    except OSError as error:
        raise UserError(
            "{folder} cannot be written: {strerror}. Free some space or name another data folder.",
            folder=folder,
            strerror=reason(error),
        ) from None


def _download_file(
    source: Source, folder: Path, file: str, md5: str, mirrors: Sequence[str]
) -> Generator[Progress, None, None]:
    """Download one file from the first mirror whose file has the right checksum; a .gz is unpacked, a .tar.gz and others are kept."""
    packed = file.endswith(".gz") and not file.endswith(".tar.gz")
    target = folder / (file.removesuffix(".gz") if packed else file)
    present = find(target) if packed else target
    if present and (_is_valid(present) if packed else _has_sum(present, md5)):
        yield Progress(file, present.stat().st_size, present.stat().st_size)
        return
    failures = []
    for mirror in mirrors:
        with tempfile.NamedTemporaryFile("w+b", dir=folder, prefix=f"{file}.", suffix=".part") as part:
            try:
                digest = hashlib.md5(usedforsecurity=False)
                for chunk, total in _chunks(f"{mirror.rstrip('/')}/{file}{source.query}"):
                    part.write(chunk)
                    digest.update(chunk)
                    yield Progress(file, part.tell(), total)
            except _MirrorFailed as error:
                failures.append(Message("{mirror} failed ({error})", mirror=mirror, error=error))
                continue
            if digest.hexdigest() == md5:
                part.seek(0)
                return _keep(part.file, target, packed)
        failures.append(Message("{mirror} sent a file with the wrong checksum", mirror=mirror))
    raise UserError(
        "{title} could not be downloaded: for {file}, {failures}. Check the network and try again, or copy the "
        "files into {folder}.",
        title=source.title,
        file=file,
        failures=listed(failures) or Message("no mirror is known"),
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
        raise _MirrorFailed(_why(error)) from None


def _why(error: Exception) -> Message:
    """The reason of the network, of which urllib makes an error in an error."""
    inner = getattr(error, "reason", None)
    return reason(inner if isinstance(inner, BaseException) else error) or Message(type(error).__name__)


def _keep(part: IO[bytes], target: Path, packed: bool) -> None:
    """Write to a temporary file, decompressed if it is packed, then rename it; an uncompressed file is read five times faster."""
    with tempfile.NamedTemporaryFile(
        "wb", dir=target.parent, prefix=f"{target.name}.", suffix=".part", delete=False
    ) as out:
        try:
            with gzip.open(part) if packed else nullcontext(part) as source:
                shutil.copyfileobj(source, out, CHUNK)
            out.close()
            os.chmod(out.name, 0o644)
            os.replace(out.name, target)
        except BaseException:
            Path(out.name).unlink(missing_ok=True)
            raise


def _has_sum(path: Path, md5: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == md5


def _is_valid(path: Path) -> bool:
    with suppress(UserError):
        read_idx(path, 3 if "idx3" in path.name else 1)
        return True
    return False
