"""The long measurements: our figures beside their papers', with the spread over seeds, written to docs/figures.md.

python -m benchmarks.figures [STUDY ...] [--choose] [--seeds 0 1 2] [--quick] [--out docs]

Without names all studies run, which takes hours; each runs on one thread, and a training that is interrupted is gone on
with. What each seed came to is kept in figures.json beside the table, so that one study, or one seed, may be run again.
With --choose each candidate of a study is trained, with one seed or several, and judged on validation pictures alone: the best
of them is the study's recipe, which stands first in its list.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import torch

from benchmarks.studies import (
    anomalies,
    disentanglement,
    few_labels,
    image_completion,
    likelihood,
    lossless_files,
    out_of_distribution,
    pairs,
    semi_supervised,
    table,
)
from benchmarks.studies.base import Found, Recipe, Setting, Study
from benchmarks.studies.table import Record
from vae_core.errors import UserError
from vae_core.utils.files import write_atomically
from vae_core.utils.memory import keep_freed_memory
from vae_core.utils.paths import data_dir

STUDIES = {
    study.name: study
    for room in (
        likelihood,
        semi_supervised,
        image_completion,
        out_of_distribution,
        disentanglement,
        anomalies,
        few_labels,
        lossless_files,
        pairs,
    )
    for study in room.STUDIES
}


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.figures")
    parser.add_argument("studies", nargs="*", metavar="STUDY", help=", ".join(STUDIES))
    parser.add_argument("--choose", action="store_true", help="try every candidate on validation pictures")
    parser.add_argument("--seeds", type=int, nargs="+", help="which trainings, that differ in their seed: 0 1 2")
    parser.add_argument("--quick", action="store_true", help="small data and short trainings: no figure to quote")
    parser.add_argument("--out", type=Path, help="docs, or build/quick where it is only tried out")
    parser.add_argument("--work", type=Path, default=Path("build/figures"))
    parser.add_argument("--data-dir")
    options = parser.parse_args(words)
    if unknown := [name for name in options.studies if name not in STUDIES]:
        parser.error(f"there is no study {unknown[0]}; known are {', '.join(STUDIES)}")
    torch.set_num_threads(1)
    keep_freed_memory()
    act = choose if options.choose else measure
    try:
        for name in options.studies or STUDIES:
            act(STUDIES[name], options)
    except UserError as reason:
        print(f"{name}: {reason}", file=sys.stderr)
        return 1
    return 0


def measure(study: Study, options: argparse.Namespace) -> None:
    """The study's recipe with each seed, on validation and test pictures."""
    for seed in options.seeds or range(study.seeds):
        found = run(study, study.recipes[0], options, seed)
        record, out = kept(options)
        table.with_seed(record, study.name, seed, found)
        keep(record, out)
        say(f"{study.name}, seed {seed}", found)


def choose(study: Study, options: argparse.Namespace) -> None:
    """All candidates of a study that has a choice of its own, with `trial_seeds` seeds each."""
    if study.like:
        return print(f"{study.name}: as {study.like}")
    for recipe in study.recipes:
        tried = {**recipe, **study.shortened}
        found = table.mean([run(study, tried, options, seed, trial=True) for seed in range(study.trial_seeds)])
        found = replace(found, recipe=recipe)
        record, out = kept(options)
        table.with_trial(record, study.name, found)
        keep(record, out)
        say(f"{study.name}, {table.words(recipe)}", found)
    best = table.best(study, [Found(**one) for one in record[study.name]["trials"]])
    print(f"{study.name}: the best {study.figure} on validation pictures has {table.words(best.recipe)}", flush=True)


def run(study: Study, recipe: Recipe, options: argparse.Namespace, seed: int, trial: bool = False) -> Found:
    return study.measure(Setting(data_dir(options.data_dir), options.work, seed, options.quick, trial), recipe)


def say(what: str, found: Found) -> None:
    parts = {"validation": found.val, "test": found.test}
    said = "; ".join(f"{part} {table.words(figures, '.4g')}" for part, figures in parts.items() if figures)
    print(f"{what}: {said} after {found.trained}, {found.minutes:.1f} min", flush=True)


def kept(options: argparse.Namespace) -> tuple[Record, Path]:
    """The record as it is now, since another study may have been measured meanwhile, and its folder."""
    out = options.out or Path("build/quick" if options.quick else "docs")
    path = out / "figures.json"
    return (json.loads(path.read_text()) if path.exists() else {}), out


def keep(record: Record, out: Path) -> None:
    """Write the record, and its tables anew."""
    texts = {"figures.json": json.dumps(record, indent=1) + "\n", "figures.md": table.page(record, STUDIES)}
    write_atomically({out / name: text.encode() for name, text in texts.items()})


if __name__ == "__main__":
    sys.exit(main())
