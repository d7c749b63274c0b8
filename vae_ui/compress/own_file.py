"""A person's own file: a .vae file is opened, pictures are compressed."""

from hashlib import sha256

import numpy as np
import streamlit as st

from vae_core.compression.codec import compress, decompress
from vae_core.compression.levels import black_and_white
from vae_core.compression.picture_files import read_pictures, write_pictures
from vae_core.errors import UserError
from vae_core.images import writing
from vae_core.utils.arrays import UInt8
from vae_core.utils.limits import MIB
from vae_ui.base import pictures, plain_text
from vae_ui.base.translation import t
from vae_ui.compress import long_work, measured
from vae_ui.datasets import uploads
from vae_ui.widgets import model_cache

MOST = 8 * MIB  # of the pictures: larger ones are for the command line
SHOWN = 24
SEGMENT = 250  # pictures between two words on the progress, and lost together where a file is damaged


def show(name: str) -> None:
    """The upload and what comes of it."""
    st.subheader(t("Your own file"), anchor=False)
    file = st.file_uploader(
        t("A .vae file to open, or pictures of the model's size to compress: one picture, or many as .npy"),
        ["vae", "npy", "png", "bmp", "gif", "webp", "tif", "tiff"],
        key="compress-file",
        max_upload_size=50,
    )
    uploads.say_refusal()
    if file is None:
        return
    try:
        (_opened if file.name.lower().endswith(".vae") else _compressed)(name, file.getvalue(), file.name)
    except UserError as error:
        plain_text.refuse(error)


def _opened(name: str, data: bytes, _file: str) -> None:
    found = long_work.once(
        _key(name, data),
        t("Decompressing ..."),
        lambda progress: decompress(measured.checkpoint(name), data, progress, MOST),
    )
    if found is None:
        return
    for sentence in found.damage[:5]:
        plain_text.warn(sentence)
    same = _are_test_images(name, found.pictures, found.numbers)
    st.success(t("{count:,} of {all:,} pictures were read.", count=len(found.pictures), all=found.count))
    if same:
        st.caption(t("Each pixel is that of the test image."))
    _gallery(found.pictures)
    _save(t("Download the pictures"), write_pictures(found.pictures, "pictures.npy"), "pictures.npy")


def _compressed(name: str, data: bytes, file: str) -> None:
    model = measured.checkpoint(name)
    given = read_pictures(data, file, model.vae.config.shape)
    if given.nbytes > MOST:
        raise UserError(
            "These pictures take {size:.0f} MB, and the page compresses {most} MB: use python -m vae_core compress.",
            size=given.nbytes / MIB,
            most=MOST // MIB,
        )
    if measured.two_levels(name) and given.max() > 1:
        given = black_and_white(given)
        st.caption(t("In black and white, because a pixel of this model has two levels."))
    content = long_work.once(
        _key(name, data), t("Compressing ..."), lambda progress: compress(model, given, progress, segment=SEGMENT)
    )
    if content is None:
        return
    bits = 8 * len(content) / given.size
    st.success(
        t(
            "{count:,} pictures in {bytes:,} bytes: {bits:.2f} bits a pixel.",
            count=len(given),
            bytes=len(content),
            bits=bits,
        )
    )
    _gallery(given)
    _save(t("Download the .vae file"), content, "pictures.vae")


def _key(name: str, data: bytes) -> tuple[str, int, str]:
    return (*model_cache.key(name), sha256(data).hexdigest())


def _are_test_images(name: str, found: UInt8, numbers: np.ndarray) -> bool:
    known = len(measured.model_cache.test_images(name))
    return bool(numbers.max() < known) and np.array_equal(found, measured.test_pictures(name, numbers))


def _gallery(given: UInt8) -> None:
    shown = writing.pictures(given[:SHOWN])
    st.html(pictures.gallery([(one, t("Picture {number}", number=i + 1), "") for i, one in enumerate(shown)], width=48))


def _save(label: str, content: bytes, file: str) -> None:
    st.download_button(
        label,
        content,
        file,
        "application/octet-stream",
        key="compress-save",
        on_click="ignore",
        icon=":material/download:",
    )
