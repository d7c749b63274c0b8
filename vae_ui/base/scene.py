"""A scene: all that one page shows, as one frozen record, and its short form in the page's address.

`parse` reads an address and `format_query` writes one; `check` compares a scene with the models, test images and classes that
there are. An address is never trusted: what cannot be read or is not there is left out, and named, so that the page can say so.
"""

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from vae_core.checkpoints.checks import MAX_CLASSES
from vae_core.data import DATASETS
from vae_core.data.base import DatasetEntry
from vae_core.data.duplicates_and_imbalance import MENDED
from vae_core.data.made import drawn_density
from vae_core.errors import UserError
from vae_core.experiments.catalogue import EXPERIMENTS
from vae_core.messages import Message
from vae_core.mistakes.names import NAMES as MISTAKES
from vae_core.presets.papers import PRESETS
from vae_ui.base.scene_text import FORMS, LETTERS, Code
from vae_ui.base.translation import t

LARGEST_SEED = 999_999
EDIT = re.compile(r"classes-\d{1,4}-\d{1,4}|property-\d{1,4}|property|selections|classes")
MAP_FIGURES = ("density", "holes", "classes", "sigma", "posterior", "property")  # what can be switched on over the map
SECTIONS = ("hidden", "noise")  # of the page Complete, for pictures
GIVEN = ("picture", "words", "both")  # which parts of a pair go in
CORRUPTIONS = ("salt", "gaussian", "blur")  # what it takes away; named here too, for vae_core/completion imports torch
STRONGEST = 0.8


@dataclass(frozen=True)
class Scene:
    """What a page shows. None, and a default, stand for what the page chooses by itself.

    `lesson` is the lesson that goes along, and its step; `present` is the view for a projector. An end of a path is the number of a
    test image, or a code. `pair` are the two dimensions of the map, `figures` what is switched on over it, `prop` the number of the
    property that colours its dots, `way` the place on the path from 0 to 1, `own` the code of a person's own picture on the
    Reconstruct page, `draws` how often another eps was asked for, `time` the seconds since the start of the training of `run`; `data`
    and what follows to `mended` are settings of the data set, and `normal` are the classes of it that count as normal; `trained` says
    that the pair of programs of the `mistake` is shown trained; `edit` is what a direction is of, `group_a` and `group_b` the mean
    codes of the two selections that it is of, and `strength` how far along it; `revealed` are the test images whose class is known,
    `named` those to which the person gave the name of that number of `called`; `section` is what the page Complete fills in,
    `corruption` the noise that it takes away there, of that `severity`; `given` are the parts of a pair that go in, and `said` the
    value of each word.
    """

    page: str = "start"
    model: str | None = None
    seed: int = 0
    lesson: tuple[str, int] | None = None
    present: bool = False
    image: int | None = None
    z: Code | None = None
    label: int | None = None
    draws: int = 0
    view: str | None = None
    pair: tuple[int, int] | None = None
    figures: tuple[str, ...] = ()
    prop: int | None = None
    start: str | None = None
    a: int | Code | None = None
    b: int | Code | None = None
    c: int | Code | None = None
    d: int | Code | None = None
    path: str | None = None
    way: float | None = None
    own: Code | None = None
    sampler: str | None = None
    temperature: float | None = None
    models: tuple[str, ...] = ()
    preset: str | None = None
    run: str | None = None
    time: float | None = None
    data: str | None = None
    variant: str | None = None
    noise: float | None = None
    held_out: float | None = None
    drawing: str | None = None
    mended: tuple[str, ...] = ()
    normal: tuple[int, ...] = ()
    mistake: str | None = None
    trained: bool = False
    experiment: str | None = None
    revealed: tuple[int, ...] = ()
    named: tuple[tuple[int, int], ...] = ()
    called: tuple[str, ...] = ()
    edit: str | None = None
    group_a: Code | None = None
    group_b: Code | None = None
    strength: float | None = None
    section: str | None = None
    corruption: str | None = None
    severity: float | None = None
    given: str | None = None
    said: tuple[int, ...] = ()


DATA = ("data", "variant", "noise", "held_out", "drawing", "mended")  # a data set and its settings
ALWAYS = ("model", "seed", "lesson", "present")  # what every address has
# What each page shows besides: only that stands in its address.
SHOWN: dict[str, tuple[str, ...]] = {
    "start": ("image", "draws"),
    "learn": (),
    "latent_space": ("image", "z", "label", "view", "pair", "figures", "prop", "a", "b"),
    "decode": ("image", "z", "label"),
    "traverse": ("start", "image", "z", "label"),
    "interpolate": ("a", "b", "c", "d", "path", "way", "label"),
    "reconstruct": ("image", "own", "given", "said", "label"),
    "generate": ("sampler", "temperature", "label"),
    "use": (),
    "anomalies": ("data", "variant", "normal"),
    "complete": ("section", "corruption", "severity", "image", "label"),
    "compress": ("image",),
    "few_labels": ("view", "revealed", "called", "named"),
    "features": (),
    "edits": ("image", "z", "label", "edit", "group_a", "group_b", "strength"),
    "slim": (),
    "data": DATA,
    "models": (),
    "train": (*DATA, "preset", "run", "time"),
    "compare": ("models",),
    "experiments": ("experiment",),
    "break_it": ("mistake", "trained"),
    "classroom": (),
}
# What an ignored part is called in the sentence.
TITLES: dict[str, Message] = {
    "model": Message("the model"),
    "seed": Message("the seed"),
    "lesson": Message("the lesson"),
    "present": Message("the view for a projector"),
    "image": Message("the test image"),
    "z": Message("z"),
    "label": Message("the class"),
    "draws": Message("the draws"),
    "view": Message("the view of the map"),
    "pair": Message("the pair of dimensions"),
    "figures": Message("the figures over the map"),
    "prop": Message("the property"),
    "start": Message("the start"),
    "a": Message("A"),
    "b": Message("B"),
    "c": Message("C"),
    "d": Message("D"),
    "path": Message("the kind of path"),
    "way": Message("the place on the path"),
    "own": Message("the picture's code"),
    "sampler": Message("where codes come from"),
    "temperature": Message("the temperature"),
    "models": Message("the models to compare"),
    "preset": Message("the kind of model"),
    "run": Message("the run"),
    "time": Message("the time"),
    "data": Message("the data set"),
    "variant": Message("the variant"),
    "noise": Message("the noise"),
    "held_out": Message("the share held out"),
    "drawing": Message("the drawing"),
    "mended": Message("what is mended"),
    "normal": Message("the normal classes"),
    "mistake": Message("the mistake"),
    "trained": Message("the trained pair"),
    "experiment": Message("the experiment"),
    "revealed": Message("the labels"),
    "named": Message("the labels by name"),
    "called": Message("the names of classes"),
    "edit": Message("the direction"),
    "group_a": Message("selection A"),
    "group_b": Message("selection B"),
    "strength": Message("the strength"),
    "section": Message("what is missing"),
    "corruption": Message("the noise"),
    "severity": Message("the strength of the noise"),
    "given": Message("what goes in"),
    "said": Message("the sentence"),
}


BESIDE = {"lang": Message("the language")}  # of the address, but of no scene


def format_query(scene: Scene) -> str:
    """The scene as an address has it after the question mark, with what its page shows; defaults are left out."""
    values = {name: getattr(scene, name) for name in (*ALWAYS, *SHOWN[scene.page])}
    written = {name: FORMS[name][0](value) for name, value in values.items() if value != DEFAULTS[name]}
    return urlencode(written, safe=",")


def parse(query: Mapping[str, str], page: str) -> tuple[Scene, tuple[str, ...]]:
    """The scene of a page's address, and the names of the parts that could not be read; other parts are not the app's."""
    found: dict[str, Any] = {}
    ignored = []
    for name in (*ALWAYS, *SHOWN[page]):
        text = query.get(name)
        if text is None:
            continue
        try:
            found[name] = FORMS[name][1](text[: LETTERS + 1])
        except ValueError:
            ignored.append(name)
    return Scene(page, **found), tuple(ignored)


@dataclass(frozen=True)
class Known:
    """What there is: `size` numbers of a code, `images` in the test split, `classes` told to the decoder (0: none), `models`.

    `words`: how many values each word of a pair can have; `properties`: how many of the data's examples are measured.
    """

    size: int
    images: int
    classes: int
    models: Collection[str]
    samplers: Collection[str] = ()
    lessons: Collection[str] = ()
    words: tuple[int, ...] = ()
    properties: int = 0


def check(scene: Scene, known: Known) -> tuple[Scene, tuple[str, ...]]:
    """The scene without the parts that name what is not there, and the names of those parts."""
    bad = [name for name, holds in RULES.items() if getattr(scene, name) != DEFAULTS[name] and not holds(scene, known)]
    kept: dict[str, Any] = {name: DEFAULTS[name] for name in bad}
    return replace(scene, **kept), tuple(bad)


def sentence(ignored: Collection[str]) -> str:
    """One sentence that names what was ignored; "" where nothing was."""
    titles = [t((TITLES | BESIDE)[name]) for name in dict.fromkeys(ignored)]
    if not titles:
        return ""
    return t("This link asks for something that is not here, and it was left out: {parts}.", parts=", ".join(titles))


DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Scene)}


def _entry(scene: Scene) -> DatasetEntry:
    return DATASETS.get(scene.data or "", DATASETS["digits"])


def _drawn(drawing: str) -> bool:
    with suppress(UserError):
        drawn_density.decode(drawing)
        return True
    return False


def _holds(end: int | Code | None, known: Known) -> bool:
    return end < known.images if isinstance(end, int) else len(end or ()) == known.size


# Whether a part that is given names something that there is.
RULES: dict[str, Callable[[Scene, Known], bool]] = {
    "seed": lambda scene, known: scene.seed <= LARGEST_SEED,
    "lesson": lambda scene, known: scene.lesson is not None and scene.lesson[0] in known.lessons,
    "image": lambda scene, known: (scene.image or 0) < known.images,
    "z": lambda scene, known: len(scene.z or ()) == known.size,
    "label": lambda scene, known: (scene.label or 0) < known.classes,
    "view": lambda scene, known: scene.view in ("plane", "pca", "space", "tsne", "umap") and known.size > 2,
    "pair": lambda scene, known: len(set(scene.pair or ()) & set(range(1, known.size + 1))) == 2,
    "figures": lambda scene, known: {*scene.figures} <= {*MAP_FIGURES},
    "prop": lambda scene, known: (scene.prop or 0) < known.properties,
    "start": lambda scene, known: scene.start in ("mean", "z", "image"),
    "a": lambda scene, known: _holds(scene.a, known),
    "b": lambda scene, known: _holds(scene.b, known),
    "c": lambda scene, known: _holds(scene.c, known),
    "d": lambda scene, known: _holds(scene.d, known),
    "path": lambda scene, known: scene.path in ("linear", "spherical"),
    "way": lambda scene, known: 0 <= (scene.way or 0) <= 1,
    "own": lambda scene, known: len(scene.own or ()) == known.size,
    "sampler": lambda scene, known: scene.sampler in known.samplers,
    "temperature": lambda scene, known: 0 <= (scene.temperature or 0) <= 2,
    "models": lambda scene, known: all(name in known.models for name in scene.models),
    "preset": lambda scene, known: scene.preset in PRESETS,
    "time": lambda scene, known: (scene.time or 0) >= 0,
    "data": lambda scene, known: scene.data in DATASETS,
    "variant": lambda scene, known: scene.variant in _entry(scene).variants,
    "noise": lambda scene, known: "noise" in _entry(scene).uses and 0 <= (scene.noise or 0) <= 1,
    "held_out": lambda scene, known: _entry(scene).held_out is not None and 0.02 <= (scene.held_out or 0) <= 0.9,
    "drawing": lambda scene, known: "drawing" in _entry(scene).uses and _drawn(scene.drawing or ""),
    "mended": lambda scene, known: {*scene.mended} <= {*MENDED},
    "normal": lambda scene, known: max(scene.normal, default=0) < MAX_CLASSES,
    "mistake": lambda scene, known: scene.mistake in MISTAKES,
    "revealed": lambda scene, known: max(scene.revealed, default=0) < known.images,
    "named": lambda scene, known: all(i < known.images and n < len(scene.called) for i, n in scene.named),
    "experiment": lambda scene, known: scene.experiment in EXPERIMENTS,
    "edit": lambda scene, known: EDIT.fullmatch(scene.edit or "") is not None,
    "group_a": lambda scene, known: len(scene.group_a or ()) == known.size,
    "group_b": lambda scene, known: len(scene.group_b or ()) == known.size,
    "strength": lambda scene, known: abs(scene.strength or 0) <= 2,
    "given": lambda scene, known: scene.given in GIVEN and known.words != (),
    "said": lambda scene, known: len(scene.said) == len(known.words) and all(map(int.__lt__, scene.said, known.words)),
    "section": lambda scene, known: scene.section in SECTIONS,
    "corruption": lambda scene, known: scene.corruption in CORRUPTIONS,
    "severity": lambda scene, known: 0 <= (scene.severity or 0) <= STRONGEST,
}
