"""Upload of a person's own images for training; they are kept in the home folder under a name made from their content."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import streamlit as st

from vae_core.data.own.archives.zips import UPLOAD
from vae_core.data.tables.file_formats import READERS
from vae_core.data.text.molecule_files import KINDS
from vae_core.people.limits import in_force
from vae_core.runs.uploaded_archives import keep_archive, mark_used
from vae_core.utils import limits
from vae_core.utils.paths import home
from vae_core.web.middleware.upload_limits import refusal_reason
from vae_core.web.streamlit_internals import session_name
from vae_ui.base import current_user, plain_text
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t


class File(Protocol):
    """An uploaded file, as Streamlit gives it."""

    name: str

    def getvalue(self) -> bytes: ...


Upload = tuple[str, bytes]  # the file's name, which is made safe, and its content


def chooser(key: str) -> str:
    """Draw the upload widget; gives the path of the kept archive, or "" while there is none."""
    files = st.file_uploader(
        t("Your images"),
        accept_multiple_files=True,
        key=key,
        help=t(
            "At least ten images; or a zip or .tar.gz of images, with a folder for each class, or an archive for each class; or "
            "arrays: .npz, .npy, .mat, a .csv of pixels, MNIST's idx files, CIFAR's .bin; or images and a .csv of their labels. "
            "At most {size} MB in all.",
            size=in_force(home()).person.upload_mb,
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
    about = t(
        "A CSV or TSV of any encoding and separator, the first sheet of an Excel file, or a Parquet file: a row for each thing, a "
        "column for each of its properties."
    )
    return _one_file(key, t("Your table"), (*READERS, ".zip"), about)


def text_chooser(key: str) -> str:
    """Draw the upload widget of a text; gives the path of the kept file, or "" while there is none."""
    about = t(
        "A text file of any encoding with one sentence or name on each line, or a table with a column of texts: at least ten "
        "different ones, at most {lines:,} of {words} words each.",
        lines=limits.TEXT_LINES,
        words=limits.LINE_WORDS,
    )
    return _one_file(key, t("Your text"), (*READERS, ".zip"), about)


def molecules_chooser(key: str) -> str:
    """Draw the upload widget of a file of molecules; gives the path of the kept file, or "" while there is none."""
    about = t(
        "A .smi file with a SMILES on each line, or a table with a column called SMILES; names beside them are not used."
    )
    return _one_file(key, t("Your molecules"), (*KINDS, ".zip"), about)


def _one_file(key: str, title: str, suffixes: Sequence[str], about: str) -> str:
    """Draw the upload widget of one file; gives the path of the zip in which it is kept, or "" while there is none."""
    file = st.file_uploader(title, [suffix.lstrip(".") for suffix in suffixes], key=key, help=about)
    say_refusal()
    kept = f"{key}-kept"
    if file is not None:
        with readable_errors():
            st.session_state[kept] = str(keep_archive(home(), current_user.present(), ".zip", _zipped(file)))
    elif kept in st.session_state and not mark_used(Path(st.session_state[kept])):
        del st.session_state[kept]  # it was deleted, since no run used it for a day
    return str(st.session_state.get(kept, ""))


def _zipped(file: File) -> bytes:
    """The file in a zip, so that what is said about it names the file that the person knows; a zip is kept as it is."""
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
    """Write the files as one zip to the home folder, each under its own name; the same content gives the same path."""
    return keep_archive(home(), current_user.present(), ".zip", packed(files))


def packed(files: Sequence[Upload]) -> bytes:
    """A zip of the files as they are, so that a refusal can name the file that a person knows."""
    out = io.BytesIO()
    names: Counter[str] = Counter()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = UPLOAD
        for name, content in files:
            safe = safe_name(name)
            names[safe] += 1
            start, dot, end = safe.partition(".")
            inside = safe if names[safe] == 1 else f"{start} ({names[safe]}){dot}{end}"
            archive.writestr(zipfile.ZipInfo(inside), content)  # a fixed date: same files, same bytes
    return out.getvalue()


def safe_name(name: str) -> str:
    """The last part of a file's name, without what a name in an archive may not have; never hidden, and at most 200 letters."""
    last = re.sub(r'[\x00-\x1f:*?"<>|]', "_", re.split(r"[/\\]", name)[-1])
    last = re.sub(r"\.\.+", ".", last)[-200:]
    return f"_{last}" if last.startswith(".") or not last else last
