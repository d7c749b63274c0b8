"""The ends of a path, A and B, and C and D of a four-corner grid: test images, uploaded images, or codes from the map."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.data.own.pictures.one_picture import read_picture
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes, nearest_codes, typical
from vae_core.images import preparation, reading
from vae_core.images.objects import NO_INK
from vae_core.messages import Message
from vae_core.utils.arrays import unit
from vae_ui.base import plain_text, state
from vae_ui.base.state import End
from vae_ui.base.translation import t
from vae_ui.views import view_of
from vae_ui.widgets import choose_image, model_cache

# The classes at the first visit: from 6 to 8 the middle of the included VAE is clearer than that of the autoencoder, which holds
# for a third of all pairs. Where there are fewer classes, the first ones are taken.
FIRST = {"A": 6, "B": 8, "C": 1, "D": 3}
KINDS = [suffix[1:] for suffix in sorted(reading.SUFFIXES)]


def has_corners(model: Explorer) -> bool:
    """Whether a square between four ends can be shown."""
    return view_of(model).tiles


def get(name: str, model: Explorer, letter: str) -> End:
    """The end of that letter, with its image and its description."""
    place = state.place(name)
    end = place.ends.get(letter) or _default(name, model, letter)
    if end.picture is None:
        end = of_code(model, end.code, place.label) if end.index is None else of_test(name, model, end.index)
    place.ends[letter] = end
    return end


def put(name: str, letter: str, end: End) -> None:
    """Make this the end of that letter, for this page and the others."""
    state.place(name).ends[letter] = end


def picture(end: End) -> NDArray[np.float32]:
    """The picture (*shape) in [0, 1] of an end that `get` gave."""
    assert end.picture is not None
    return end.picture


def of_test(name: str, model: Explorer, index: int) -> End:
    """A test image as an end."""
    label = int(model.latents.labels[index])
    words = Message("test image {number}", number=index)
    if model.info.classes:
        words = Message("{name}, test image {number}", name=choose_image.class_name(model, label), number=index)
    return End(model.latents.mean[index], index, unit(model_cache.test_images(name)[index]), words)


def of_code(model: Explorer, code: Codes, label: int) -> End:
    """A code as an end; its image is the decoded one."""
    picture = model.decode(code[None], label if model.conditional else None)[0]
    return End(np.asarray(code, np.float32), None, picture, Message("a decoded code from the map"))


def of_file(model: Explorer, data: bytes, file: str, label: int) -> End:
    """An uploaded image as an end; raises UserError where it cannot be read or nothing is drawn in it."""
    prepared = preparation.prepare(read_picture(data, file)[0], model.shape, dataset=model.info.run.data.dataset)
    if prepared.blank:
        raise UserError(NO_INK)
    mean, _ = model.encode(prepared.x[None], label if model.conditional else None)
    return End(mean[0], None, unit(prepared.x), file, prepared.problem)


def chooser(name: str, model: Explorer, letter: str) -> End:
    """Draw the widgets of one end; gives the end."""
    end = get(name, model, letter)
    title = f"{letter}: {t(end.words)}"
    with st.container(gap="xxsmall", key=f"end-{letter}"):
        choose_image.classes(
            model, f"end-{letter}-class", end.index, lambda index: put(name, letter, of_test(name, model, index)), title
        )
        if len(view_of(model).sources) > 1:
            with st.popover(t("Another {letter}", letter=letter), type="tertiary", icon=":material/upload:"):
                _others(name, model, letter, end)
        end = get(name, model, letter)
        if end.problem is not None:
            plain_text.warn(end.problem)
    return get(name, model, letter)


def _others(name: str, model: Explorer, letter: str, end: End) -> None:
    """Choose a test image by its number, or an image file where the view can read one."""
    st.session_state[f"end-{letter}-number"] = end.index or 0
    st.number_input(
        t("Number in the test set"),
        0,
        len(model.latents.labels) - 1,
        key=f"end-{letter}-number",
        on_change=lambda: put(name, letter, of_test(name, model, int(st.session_state[f"end-{letter}-number"]))),
    )
    if "file" not in view_of(model).sources:
        return
    file = st.file_uploader(t("Your image"), KINDS, key=f"end-{letter}-file", max_upload_size=50)
    taken = state.place(name).files
    if file is not None and taken.get(letter) != file.file_id:
        try:
            put(name, letter, of_file(model, file.getvalue(), file.name, state.place(name).label))
        except UserError as error:
            plain_text.refuse(error)
            return
        taken[letter] = file.file_id
        st.rerun(scope="fragment")


def _default(name: str, model: Explorer, letter: str) -> End:
    """A typical image of a class: the one whose code is nearest to the mean code of its class."""
    codes, classes, place = model.latents.mean, len(model.info.classes), list(FIRST).index(letter)
    if not classes:
        order = nearest_codes(codes, codes.mean(0), min(len(codes), len(FIRST)))
        return of_test(name, model, int(order[place % len(order)]))
    label = FIRST[letter] if classes > max(FIRST.values()) else place % classes
    return of_test(name, model, typical(codes, model.latents.labels, label) or 0)
