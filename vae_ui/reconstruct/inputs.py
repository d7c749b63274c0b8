"""The input of the Reconstruct page: a test image, a drawing, an upload or a photograph, and the steps that prepare it."""

import unicodedata
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from vae_core.data.own.pictures.one_picture import read_picture
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_core.images import preparation, reading
from vae_core.images.preparation import STYLES, Preparation, PreparationStep, Style
from vae_core.messages import Message
from vae_core.molecules.notation import typed
from vae_core.utils.arrays import UInt8
from vae_ui.base import pictures, plain_text, state
from vae_ui.base.translation import t
from vae_ui.datasets import uploads
from vae_ui.reconstruct import row_editor
from vae_ui.stage import Event
from vae_ui.views import view_of
from vae_ui.widgets import choose_image, model_cache

SOURCES = {
    "test": Message("Test set"),
    "draw": Message("Draw"),
    "file": Message("Upload"),
    "camera": Message("Camera"),
    "edit": Message("Edit"),
    "type": Message("Type"),
}
SWITCHES = {
    "grey": (Message("Grey"), Message("One grey level for each pixel instead of three colours.")),
    "invert": (Message("Invert"), Message("Light strokes on a dark background, as in the training images.")),
    "crop": (Message("Crop"), Message("Keep the drawn part, with the margin that the data set has.")),
    "centre": (Message("Centre"), Message("Move the centre of mass to the middle.")),
}
NOTHING_DRAWN = Message("There is nothing to reconstruct yet: draw on x.")
LONGEST, KNOWN = 1000, 12  # characters of a sentence that is typed; words that are named where one is not known
KINDS = [suffix[1:] for suffix in sorted(reading.SUFFIXES)]

# The widgets that choose an image are one line above the stage; on a phone only the switch is, and the others are below it.
BELOW = """<style>
.st-key-reconstruct-controls :is([data-testid="stSelectbox"], [data-testid="stNumberInput"]) {
  display: flex; align-items: center; gap: .6rem; white-space: nowrap; }
.st-key-reconstruct-controls :is([data-testid="stSelectbox"], [data-testid="stNumberInput"]) > div { flex: 1 1 0; min-width: 0; }
.st-key-reconstruct-controls :is([data-testid="stSelectbox"], [data-testid="stNumberInput"]) > div > div { min-width: 0; }
.st-key-reconstruct-controls input[role="combobox"] { min-width: 0; width: 0; flex: 1 1 0; }
.st-key-reconstruct-controls [data-testid="stWidgetLabel"] { margin: 0; min-height: 0; flex: none; }
.st-key-reconstruct-controls > [data-testid="stLayoutWrapper"] { flex: 0 0 auto; width: auto; }
.st-key-reconstruct-controls > [data-testid="stLayoutWrapper"] > * { flex-wrap: nowrap; }
.st-key-reconstruct-controls .st-key-reconstruct-image-class { flex: 0 0 9.5rem; width: 9.5rem; }
.st-key-reconstruct-controls > .st-key-reconstruct-image-number { flex: 0 0 16.3rem; }
.st-key-reconstruct-controls > .st-key-reconstruct-label { flex: 0 0 16.3rem; }
.st-key-reconstruct-image-class [data-testid="stWidgetLabel"] { position: absolute; clip-path: inset(50%); }
@media (max-width: 640px) {
  :has(> .st-key-reconstruct-controls), .st-key-reconstruct-controls { display: contents; }
  .st-key-reconstruct-controls > :not(.st-key-reconstruct-source, .st-key-reconstruct-given, :has([data-testid="stFileUploader"],
    [data-testid="stCameraInput"])) { order: 1; }
  .st-key-reconstruct-controls > :is(.st-key-reconstruct-image-number, .st-key-reconstruct-label) { flex: none; }
  .st-key-reconstruct-controls > [data-testid="stLayoutWrapper"] > * { flex-wrap: wrap; }
}
</style>"""


@dataclass(frozen=True)
class Given:
    """The model's input (*shape) as uint8 or a point, its description, its number if it is a test image, and its preparation.

    `problem` is what is wrong with it; where it is `blank`, there is nothing to reconstruct. Of a pair, `said` is the value of each
    word that goes in, and `missing` says that the picture does not.
    """

    x: NDArray[np.generic]
    words: str
    index: int | None = None
    steps: list[PreparationStep] = field(default_factory=list)
    drawn: bool = False
    problem: Message | None = None
    blank: bool = False
    said: tuple[int, ...] | None = None
    missing: bool = False


def controls() -> DeltaGenerator:
    """The container for the widgets that choose the input."""
    return st.container(key="reconstruct-controls", horizontal=True, vertical_alignment="bottom", gap="small")


def choose_input(name: str, model: Explorer, below: DeltaGenerator) -> Given:
    """Draw the widgets that choose the input; gives the input, a test image until an image is there that can be read.

    What needs more room than a line is drawn `below`.
    """
    source, offered = "test", view_of(model).sources
    if len(offered) > 1:
        source = st.segmented_control(
            t("Image"),
            offered,
            format_func=lambda one: t(SOURCES[one]),
            required=True,
            label_visibility="collapsed",
            **state.bound("reconstruct-source", state.choices(), "source", offered),
        )
    if source == "draw":
        return _drawn(model)
    if source == "edit":
        with below:
            return _edited(name, model)
    if source == "type":
        with below:
            return _typed(name, model)
    if source == "file":
        file = st.file_uploader(
            t("Upload an image"),
            KINDS,
            key="reconstruct-file",
            max_upload_size=50,
            help=t("An image of any size, also a photograph from a phone."),
            on_change=_forget,
            args=(name,),
        )
    elif source == "camera":
        file = st.camera_input(
            t("Take a photograph of a digit or a garment"), key="reconstruct-camera", on_change=_forget, args=(name,)
        )
    else:
        return _test(name, model)
    uploads.say_refusal()
    if file is not None:
        try:
            return _prepared(model, file.getvalue(), file.name)
        except UserError as error:
            plain_text.refuse(error)
    if (kept := state.place(name).own_input) is not None:  # Streamlit drops the file when the page is left
        return Given(kept, t("Your image"))
    st.caption(t("Until then the input is a test image."))
    return of_index(name)


def _forget(name: str) -> None:
    """Another file or photograph, or none any more."""
    state.place(name).own_input = None


def take(name: str, model: Explorer, event: Event) -> None:
    """Respond to an event of the stage: a drawing, or the image of a clicked dot, becomes the input."""
    if event.act == "draw" and event.picture is not None and event.picture.size == np.prod(model.shape):
        state.choices().drawn[model.shape] = event.picture.reshape(model.shape)
        state.choices().source = "draw"
    elif event.act == "click" and event.pick is not None:
        state.place(name).picked = event.pick
        state.choices().source = "test"
        if state.choices().given == "words":
            state.choices().given = "picture"


def remember(name: str, given: Given, code: Codes) -> None:
    """Keep a person's own picture, and its code, which stands for it in a link; of one that came with a link, that link's."""
    place = state.place(name)
    if given.missing:
        return
    if place.linked is None or given.x is not place.linked:
        place.own, place.linked = None if given.index is not None else np.array(code), None
        place.own_input = None if given.index is not None or given.drawn else given.x


def options(model: Explorer, given: Given) -> dict[str, object]:
    """The input for the drawing pad, and the brush that suits the model's data."""
    style = STYLES.get(model.info.run.data.dataset, Style())
    brush = {"mass": style.mass, "fill": style.fill} | ({"stroke": style.stroke} if style.stroke else {})
    return view_of(model).on_pad(given.x, given.drawn and given.blank, brush) | {"blank": given.blank}


def show_steps(given: Given) -> None:
    """Show the image after each step of the preparation."""
    items = [
        (_small(step.picture), t("After the step: {step}", step=t(step.title)), t(step.title)) for step in given.steps
    ]
    st.html(pictures.gallery(items, None, 104))


def _drawn(model: Explorer) -> Given:
    known = state.choices().drawn.get(model.shape)
    if known is not None and known.any():
        return Given(known, t("Your drawing"), drawn=True)
    return Given(np.zeros(model.shape, np.uint8), t("Your drawing"), drawn=True, problem=NOTHING_DRAWN, blank=True)


def _edited(name: str, model: Explorer) -> Given:
    """The chosen test row with other values, which the person sets below it."""
    place = state.place(name)
    start = model_cache.test_images(name)[place.picked or 0]
    row_editor.edit(model, place, start)
    x = row_editor.edited(model, place, start)
    return Given(x, t("Your row"), drawn=True)


def _typed(name: str, model: Explorer) -> Given:
    """A sentence or molecule that a person types, as token ids; the chosen test one until one is there that can be read."""
    words = model.info.vocabulary
    assert words is not None
    text = st.text_input(
        t("Your sentence"),
        placeholder=(words.smiles if words.notation else words.sentences)(of_index(name).x[None])[0],
        max_chars=LONGEST,
        key="reconstruct-sentence",
        persist_state="session",
    )
    text = unicodedata.normalize("NFC", text or "").strip()
    try:
        if text:
            text = typed(text, words.notation) if words.notation else text
            _name_unknown(words, text)
            return Given(words.ids([text], model.shape[0])[0], t("Your sentence"), drawn=True)
    except UserError as error:
        plain_text.refuse(error)
    st.caption(t("Until then the input is a test sentence."))
    return of_index(name)


def _name_unknown(words: Vocabulary, text: str) -> None:
    """Say which words of a sentence the model does not know."""
    if unknown := [piece for piece in dict.fromkeys(words.pieces(text)) if piece not in words.words]:
        plain_text.warn(
            Message(
                "Not in the vocabulary of the model, and read as <unknown>: {unknown}. It has words such as {known}.",
                unknown=", ".join(unknown),
                known=", ".join(words.words[:KNOWN]),
            )
        )


def _test(name: str, model: Explorer) -> Given:
    place = state.place(name)

    def pick(index: int) -> None:
        place.picked = index

    choose_image.test_image(model, "reconstruct-image", place.picked or 0, pick)
    pick(place.picked or 0)
    choose_image.tell_true_label(name, model)
    return of_index(name)


def of_index(name: str) -> Given:
    """The chosen test image as the input."""
    index = state.place(name).picked or 0
    return Given(model_cache.test_images(name)[index], t("Test image {number}", number=index), index)


def _prepared(model: Explorer, data: bytes, file: str) -> Given:
    image, said = read_picture(data, file)
    if said:
        st.caption(t(said))
    key = f"{hash(data):x}"
    made = preparation.prepare(image, model.shape, _switched(key), model.info.run.data.dataset)
    _switches({step.name: step.done for step in made.steps}, key)
    return Given(made.x, file, None, made.steps, problem=made.problem, blank=made.blank)


def _small(picture: UInt8, side: int = 220) -> UInt8:
    """A large image reduced by the mean of its blocks, so that a photograph is not sent whole for a thumbnail."""
    step = max(1, max(picture.shape[:2]) // side)
    high, wide = (n // step for n in picture.shape[:2])
    if step == 1 or not high or not wide:
        return picture
    blocks = picture[: high * step, : wide * step].reshape(high, step, wide, step, -1).mean((1, 3))
    return np.rint(blocks).astype(np.uint8).reshape(high, wide, *picture.shape[2:])


def _switched(key: str) -> Preparation:
    """How a person has set the switches of this picture; before they are drawn the picture itself decides on each step."""
    return Preparation(**{name: st.session_state.get(f"reconstruct-{name}-{key}") for name in SWITCHES})


def _switches(done: dict[str, bool], key: str) -> None:
    """A switch for each optional step; the image decides which are on at first."""
    with st.container(horizontal=True, gap="small"):
        for name, (title, about) in SWITCHES.items():
            st.toggle(t(title), done[name], key=f"reconstruct-{name}-{key}", help=t(about))
