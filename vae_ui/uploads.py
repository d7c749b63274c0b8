"""A person's own pictures for a training: kept below the home folder under a name made from their content."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from vae_core import images
from vae_core.files import write_whole
from vae_core.paths import home
from vae_ui.frame import readable_errors

ARCHIVES = (".zip", ".npz")
Upload = tuple[str, bytes]  # the file's name, of which only the ending is used, and its content


def chooser(key: str) -> str:
    """The upload widget; gives the path of the kept archive, or "" while there is none."""
    kinds = [suffix.lstrip(".") for suffix in (*ARCHIVES, *sorted(images.SUFFIXES))]
    files = st.file_uploader(
        "Your pictures",
        kinds,
        accept_multiple_files=True,
        key=key,
        help="One zip (a folder for each class, if you like), one .npz with an array x, or ten pictures and more.",
    )
    if files:
        with readable_errors():
            st.session_state[f"{key}-kept"] = str(keep([(file.name, file.getvalue()) for file in files]))
    return str(st.session_state.get(f"{key}-kept", ""))


def keep(files: Sequence[Upload]) -> Path:
    """Write an archive, or pictures as one zip, to <home>/uploads/<hash>.<ending>; the same content gives the same path."""
    suffix, content = _archive(files)
    path = home() / "uploads" / f"{hashlib.sha256(content).hexdigest()[:24]}{suffix}"
    if not path.exists():
        write_whole({path: content})
    return path


def _archive(files: Sequence[Upload]) -> Upload:
    first = Path(files[0][0]).suffix.lower()
    if len(files) == 1 and first in ARCHIVES:
        return first, files[0][1]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, (name, content) in enumerate(files):
            inside = zipfile.ZipInfo(f"{number:05d}{Path(name).suffix.lower()}")  # a fixed date: same files, same bytes
            archive.writestr(inside, content)
    return ".zip", packed.getvalue()
