"""Upload of a person's own images for training; they are kept in the home folder under a name made from their content."""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from vae_core.data.tables.file_formats import READERS
from vae_core.images import reading
from vae_core.runs.uploaded_archives import keep_archive, mark_used
from vae_core.utils.paths import home
from vae_core.web.streamlit_internals import session_name
from vae_core.web.upload_limits import BYTES_PER_USER, MB, refusal_reason
from vae_ui.base import person, plain_text
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.words import t

ARCHIVES = (".zip", ".npz")
Upload = tuple[str, bytes]  # the file's name, of which only the suffix is used, and its content


def chooser(key: str) -> str:
    """Draw the upload widget; gives the path of the kept archive, or "" while there is none."""
    kinds = [suffix.lstrip(".") for suffix in (*ARCHIVES, *sorted(reading.SUFFIXES))]
    files = st.file_uploader(
        t("Your images"),
        kinds,
        accept_multiple_files=True,
        key=key,
        help=t(
            "One zip, with a folder for each class if there are classes; one .npz with an array x; or at least ten images. At most "
            "{size} MB in all.",
            size=BYTES_PER_USER // MB,
        ),
    )
    say_refusal()
    kept = f"{key}-kept"
    if files:
        with readable_errors():
            st.session_state[kept] = str(keep([(file.name, file.getvalue()) for file in files]))
    elif kept in st.session_state and not mark_used(Path(st.session_state[kept])):
        del st.session_state[kept]  # it was deleted, since no run used it for a day
    return str(st.session_state.get(kept, ""))


def table_chooser(key: str) -> str:
    """Draw the upload widget of a table; gives the path of the kept file, or "" while there is none."""
    file = st.file_uploader(
        t("Your table"),
        [suffix.lstrip(".") for suffix in (*READERS, ".zip")],
        key=key,
        help=t(
            "A CSV or TSV of any encoding and separator, the first sheet of an Excel file, or a Parquet file: a row for each thing, a "
            "column for each of its properties."
        ),
    )
    say_refusal()
    kept = f"{key}-kept"
    if file is not None:
        with readable_errors():
            st.session_state[kept] = str(keep_archive(home(), person.present(), ".zip", _zipped(file)))
    elif kept in st.session_state and not mark_used(Path(st.session_state[kept])):
        del st.session_state[kept]  # it was deleted, since no run used it for a day
    return str(st.session_state.get(kept, ""))


def _zipped(file: UploadedFile) -> bytes:
    """A table in a zip, so that what is said about it names the file that the person knows; a zip is kept as it is."""
    if Path(file.name).suffix.lower() == ".zip":
        return file.getvalue()
    name = re.sub(r'[\x00-\x1f:*?"<>|/\\]', "_", file.name)[-200:]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            zipfile.ZipInfo(name), file.getvalue(), zipfile.ZIP_DEFLATED
        )  # a fixed date: same file, same bytes
    return packed.getvalue()


def say_refusal() -> None:
    """Say why the server refused this session's last upload, if it did; the widget itself shows only a status number."""
    session = session_name()
    if session is not None and (reason := refusal_reason(session)):
        plain_text.refuse(reason)


def keep(files: Sequence[Upload]) -> Path:
    """Write an archive, or images as one zip, to the home folder; the same content gives the same path."""
    return keep_archive(home(), person.present(), *_archive(files))


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
