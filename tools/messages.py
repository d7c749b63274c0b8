"""Collect every text that a person sees into messages.pot of vae_core/locale, and bring each .po file there up to date: make messages.

Texts in calls (`t("...")`, `Message("...")`) are read from the sources with Babel. The titles and summaries of registries, and the
titles and descriptions of settings, are read from the registries themselves, so that no entry can be forgotten.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from types import UnionType
from typing import IO, Any, Literal, get_args, get_origin

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from vae_core import checkpoints
from vae_core.axes.compatibility_rules import CODE_RULES, DATA_RULES, NAME_RULES, NETWORK_RULES, OBJECTIVE_RULES
from vae_core.axes.idle_settings import EFFECTS
from vae_core.axes.names import AXES
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.data import DATASETS, load
from vae_core.data.made.points import CLOUDS
from vae_core.data.made.sprites import FACTORS, SHAPES
from vae_core.data.mnist import SOURCES
from vae_core.data.tables.built_in import TABLES
from vae_core.data.text.grammar import TENSES
from vae_core.experiments.sweeps import Sweep
from vae_core.explore.samplers_prior_mixture_flow import SAMPLERS
from vae_core.metrics.figures import FIGURES
from vae_core.objectives import OBJECTIVES
from vae_core.presets.papers import PRESETS
from vae_core.runs.state_machine import TRANSITIONS
from vae_core.translation.catalogues import FOLDER, LANGUAGES, SOURCE

RULES = (*NAME_RULES, *OBJECTIVE_RULES, *NETWORK_RULES, *CODE_RULES, *DATA_RULES)
ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = FOLDER / "messages.pot"
PYTHON = {"t": None, "ngettext": (1, 2), "Later": None, "Message": None, "UserError": None}
SOURCES_OF = {  # folder or file -> how Babel reads it, and the functions whose first arguments are texts
    "vae_core": ("tools.messages:python_calls", PYTHON),
    "vae_ui": ("tools.messages:python_calls", PYTHON),
    "pages": ("tools.messages:python_calls", PYTHON),
    "vae_ui/stage": ("javascript", {"t": None}),
    "vae_ui/replay": ("javascript", {"t": None}),
    "vae_ui/models/js": ("javascript", {"t": None}),
    "vae_ui/anomalies/js": ("javascript", {"t": None}),
}
HEADER = "# Texts of Latent Explorer in another language; `make messages` adds new ones, with an empty translation."
ENDINGS = {"tools.messages:python_calls": "**.py", "javascript": "**.js"}
Found = tuple[int, str, tuple[str, ...], list[str]]


def template() -> Catalog:
    """All texts in English, each with the files it stands in; no dates and no line numbers, so that only words change it."""
    found: dict[tuple[str, str] | str, set[str]] = {}
    for text, place in (*_in_calls(), *_in_registries()):
        if text:
            found.setdefault(text, set()).add(place)
    catalog = Catalog(project="Latent Explorer", charset="utf-8")
    for text in sorted(found, key=str):
        catalog.add(text, locations=[(place, None) for place in sorted(found[text])])
    return catalog


def _in_calls() -> Iterator[tuple[Any, str]]:
    for folder, (method, keywords) in SOURCES_OF.items():
        mapping = [(ENDINGS[method], method)]
        for file, _line, text, _comments, _context in extract_from_dir(ROOT / folder, mapping, keywords=keywords):
            yield (text, f"{folder}/{file}")


def python_calls(
    file: IO[bytes], keywords: Sequence[str], tags: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """The literal first arguments of calls, as Babel wants them; its own method overlooks calls inside f-strings on Python 3.11.

    Raises ValueError for an f-string: its text is not in any catalogue.
    """
    for node in ast.walk(ast.parse(file.read())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in keywords:
            continue
        if any(isinstance(argument, ast.JoinedStr) for argument in node.args):
            raise ValueError(f"line {node.lineno}: give {node.func.id} a literal text and its values, no f-string.")
        texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if texts and all(isinstance(text, str) and text for text in texts):
            yield node.lineno, node.func.id, tuple(texts), []


def _in_registries() -> Iterator[tuple[str, str]]:
    for preset in PRESETS.values():
        yield from ((text, "vae_core/presets/papers.py") for text in (preset.title, preset.summary))
    yield from ((model.title, "checkpoints") for model in checkpoints.find(checkpoints.bundled()))
    for data in DATASETS.values():
        yield from ((text, "vae_core/data") for text in (data.title, data.summary, data.licence, *data.variants))
    names = [*SHAPES, *FACTORS, *(name for source in SOURCES.values() for name in source.classes)]
    names += [name for table in TABLES if not DATASETS[table].own for name in load(DataConfig(dataset=table)).classes]
    names += [*TENSES, *(name for _, classes in CLOUDS.values() for name in classes)]
    yield from ((name, "vae_core/data") for name in names if not name.isdecimal())
    for figure in FIGURES.values():
        yield from ((text, "vae_core/metrics/figures.py") for text in (figure.title, figure.unit))
    yield from ((sampler.title, "vae_core/explore/samplers_prior_mixture_flow.py") for sampler in SAMPLERS.values())
    words = {*TRANSITIONS, *(action for actions in TRANSITIONS.values() for action in actions)}
    yield from ((word, "vae_core/runs/state_machine.py") for word in words)
    for axis in AXES.values():
        yield from ((name.replace("_", " "), "vae_core/axes/names.py") for name in axis)
    yield from (
        (rule.sentence, "vae_core/axes/compatibility_rules.py")
        for rule in (*NAME_RULES, *OBJECTIVE_RULES, *NETWORK_RULES, *CODE_RULES, *DATA_RULES)
    )
    yield from ((needs, "vae_core/axes/idle_settings.py") for needs, _ in EFFECTS.values())
    for settings in (DataConfig, ModelConfig, TrainConfig, Sweep, *OBJECTIVES.values()):
        place = settings.__module__.replace(".", "/") + ".py"
        for name, field in settings.model_fields.items():
            yield from ((text, place) for text in (field.title or "", field.description or ""))
            if name != "name":
                yield from ((choice.replace("_", " "), place) for choice in _choices(field.annotation))


def _choices(kind: Any) -> Iterator[str]:
    """The texts that a field of this type may be, where it lists them."""
    for part in get_args(kind) if get_origin(kind) is UnionType else (kind,):
        if get_origin(part) is Literal:
            yield from (choice for choice in get_args(part) if isinstance(choice, str))


def written(catalog: Catalog) -> bytes:
    """A catalogue as its file holds it."""
    text = BytesIO()
    write_po(text, catalog, width=120, include_lineno=False, omit_header=catalog.locale is None)
    return text.getvalue()


def updated(code: str, new: Catalog) -> Catalog:
    """The catalogue of a language with the texts of `new`: known translations stay, the others are empty."""
    path = FOLDER / f"{code}.po"
    catalog = Catalog(code, project="Latent Explorer", charset="utf-8", header_comment=HEADER)
    if path.exists():
        catalog = read_po(BytesIO(path.read_bytes()), locale=code)
    catalog.update(new, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def main() -> None:
    new = template()
    TEMPLATE.write_bytes(written(new))
    print(f"{TEMPLATE.relative_to(ROOT)}: {len(new)} texts")
    for code in LANGUAGES:
        if code != SOURCE:
            catalog = updated(code, new)
            (FOLDER / f"{code}.po").write_bytes(written(catalog))
            done = sum(1 for message in catalog if message.id and any(message.string or ()))
            print(f"{code}.po: {done} of {len(catalog)} translated")


if __name__ == "__main__":
    main()
