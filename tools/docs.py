"""Write the generated parts of docs/ and README.md again: `python -m tools.docs`; with `--check` only say which are out of date.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`. It comes from the registries, from the command line's
own help, and from the imports, so that it cannot say anything else than the code.
"""

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import vae_core
from tools import rooms, speed_rows
from vae_core.__main__ import parser
from vae_core.data import DATASETS
from vae_core.data.published.sources import PUBLISHED
from vae_core.explore.samplers_prior_mixture_flow import SAMPLERS
from vae_core.glossary.live_numbers import LIVE
from vae_core.glossary.reading import read_glossary
from vae_core.glossary.term import Term
from vae_core.lessons.lesson import RINGS
from vae_core.lessons.quantities import QUANTITIES
from vae_core.metrics.figures import FIGURES, INTERVALS, Figure
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.networks import NETWORKS
from vae_core.models.posteriors import POSTERIORS
from vae_core.models.priors import PRIORS
from vae_core.objectives import OBJECTIVES, Elbo
from vae_core.presets.papers import PRESETS, Preset

ROOT = Path(__file__).resolve().parent.parent
AXES: dict[str, dict[str, Any]] = {
    "network": {name: network.make for name, network in NETWORKS.items()},
    "posterior": dict(POSTERIORS),
    "prior": dict(PRIORS),
    "likelihood": dict(LIKELIHOODS),
    "objective": dict(OBJECTIVES),
}


def table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table; a `|` inside a cell is escaped."""
    rows = (" | ".join(cell.replace("|", "\\|") for cell in line) for line in lines)
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {row} |" for row in rows)])


def first_sentence(thing: Any) -> str:
    """The first sentence of a docstring, without its final full stop."""
    text = " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())
    return re.split(r"(?<=\w\w|\w\)|\w`)\. (?=[A-Z`])|\.$", text)[0]


def where(thing: Any) -> str:
    """The file that defines it, as a path in the repository."""
    return f"`{Path(inspect.getsourcefile(thing)).resolve().relative_to(ROOT)}`"


def home(preset: Preset) -> str:
    """The file with what makes this preset differ from the plain VAE."""
    if type(preset.objective) is not Elbo:
        return where(type(preset.objective))
    new = [AXES[axis][name] for axis, name in preset.changes if axis in AXES]
    return where(new[0] if new else Preset)


def presets() -> str:
    lines = ((f"`{name}`", one.title, one.summary, one.paper, home(one)) for name, one in PRESETS.items())
    return table(("preset", "name", "what differs from the plain VAE", "paper", "file"), lines)


def axes() -> str:
    parts = []
    for axis, entries in AXES.items():
        lines = ((f"`{name}`", first_sentence(entry), where(entry)) for name, entry in entries.items())
        parts.append(f"### {axis.capitalize()}\n\n" + table((axis, "what it is", "file"), lines))
    return "\n\n".join(parts)


def samplers() -> str:
    lines = ((f"`{name}`", one.title, one.paper) for name, one in SAMPLERS.items())
    return table(("sampler", "name", "paper"), lines)


def figures() -> str:
    lines = (
        (f"`{name}`", one.title, one.unit, one.better, _interval(one), one.group, one.source)
        for name, one in FIGURES.items()
    )
    return table(("name", "figure", "unit", "better", "95 % interval", "group", "source"), lines)


def _interval(one: Figure) -> str:
    return INTERVALS[one.interval] if one.interval or one.group else ""


def datasets() -> str:
    lines = (
        (f"`{name}`", one.title, one.summary, one.licence, "yes" if one.needs_download else "no")
        for name, one in DATASETS.items()
    )
    return table(("data set", "name", "what it is", "licence", "download needed"), lines)


def published() -> str:
    lines = (
        (
            f"`{name}`",
            ", ".join(f"`{file}`" for file, _ in one.of("")) if len(one.files) == 1 else "`<variant>.npz`",
            f"`{one.folder}`",
            one.mirrors[0],
        )
        for name, one in PUBLISHED.items()
    )
    return table(("data set", "files", "folder", "published at"), lines)


def commands() -> str:
    sub = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    about = {choice.dest: choice.help for choice in sub._choices_actions}
    return "\n\n".join(
        f"### {name}\n\n{about[name][0].upper()}{about[name][1:]}.\n\n{options(one)}"
        for name, one in sub.choices.items()
    )


def options(one: argparse.ArgumentParser) -> str:
    """A command's arguments as a table."""
    lines = [(f"`{_written(a)}`", _default(one, a)) for a in one._actions if not isinstance(a, argparse._HelpAction)]
    return table(("argument", "what it does"), lines) if lines else "It takes no arguments."


def _written(action: argparse.Action) -> str:
    name = action.option_strings[-1] if action.option_strings else ""
    values = "|".join(map(str, action.choices or ())) or action.metavar or action.dest.upper()
    return name if action.nargs == 0 else f"{name} {values}".strip()


def _default(one: argparse.ArgumentParser, action: argparse.Action) -> str:
    text = one._get_formatter()._expand_help(action) if action.help else ""
    value = "that of the preset" if action.default == argparse.SUPPRESS else action.default
    known = value not in (None, False, [], "") and "default" not in text and action.option_strings
    return "; ".join([part for part in (text, f"default: {value}" if known else "") if part])


def public() -> str:
    lines = ((f"`vae_core.{name}`", _about(getattr(vae_core, name))) for name in vae_core.__all__)
    return table(("name", "what it is"), lines)


def _about(thing: Any) -> str:
    return (
        f"A registry: a dictionary of {len(thing)} entries by name"
        if isinstance(thing, dict)
        else first_sentence(thing)
    )


def quantities() -> str:
    lines = ((f"`{name}`", one.about, one.form.format(0.5) if one.number else "") for name, one in QUANTITIES.items())
    return table(("value", "what it is", "0.5 is shown as"), lines)


def rings() -> str:
    return table(("ring", "what it surrounds"), ((f"`{name}`", about) for name, about in RINGS.items()))


def glossary() -> str:
    terms = sorted(read_glossary("en").terms.values(), key=lambda term: term.title.lower())
    return "\n\n".join(map(_entry, terms))


def _entry(term: Term) -> str:
    others = f"Also: {', '.join(term.words[1:])}." if term.words[1:] else ""
    formula = f"$$\n{term.formula}\n$$" if term.formula else ""
    return "\n\n".join(filter(None, (f"### {term.title}", term.plain, formula, others)))


def live_numbers() -> str:
    return ", ".join(f"`{{{name}}}`" for name in LIVE) + "."


PARTS: dict[str, Callable[[], str]] = {
    "presets": presets,
    "axes": axes,
    "samplers": samplers,
    "figures": figures,
    "datasets": datasets,
    "published": published,
    "commands": commands,
    "public": public,
    "quantities": quantities,
    "rings": rings,
    "glossary": glossary,
    "live_numbers": live_numbers,
    "rooms": rooms.table_of_rooms,
    "speed": lambda: speed_rows.whole(table),
    "speed_in_short": lambda: speed_rows.in_short(table, chinese=False),
    "speed_in_chinese": lambda: speed_rows.in_short(table, chinese=True),
}
MARKED = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.S)


def renewed(text: str) -> str:
    """The text of a page with its generated parts written again; KeyError for a part of unknown name."""
    return MARKED.sub(lambda found: f"{found[1]}\n{PARTS[found[2]]()}\n\n{found[3]}", text)


def files() -> dict[Path, str]:
    """Every file that holds something generated -> its text as it should be."""
    paths = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md"))]
    pages = {path: path.read_text(encoding="utf-8") for path in paths}
    return {path: renewed(text) for path, text in pages.items() if MARKED.search(text)} | {
        ROOT / "docs" / "rooms.svg": rooms.drawing()
    }


def stale() -> list[str]:
    """Names of the files whose generated parts are out of date."""
    return [
        str(path.relative_to(ROOT))
        for path, text in files().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main(words: list[str] | None = None) -> int:
    arguments = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__.splitlines()[0])
    arguments.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 where a part is out of date"
    )
    if arguments.parse_args(words).check:
        found = stale()
        print("\n".join(f"{name} is out of date: run `make docs`." for name in found), end="\n" if found else "")
        return 1 if found else 0
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
