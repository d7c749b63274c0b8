"""The long measurements: our figures beside their papers', with the spread over seeds, written to docs/figures.md.

python -m benchmarks.figures [STUDY ...] [--seeds 0 1 2] [--quick] [--out docs]

Without names all studies run, which takes hours; each runs on one thread, and a training that is interrupted is gone on
with. What each seed came to is kept in figures.json beside the table, so that one study, or one seed, may be run again.
"""

import argparse
import json
import statistics
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from benchmarks.studies import bounds, completion, factors, labels, strangers
from benchmarks.studies.base import Found, Setting, Study
from vae_core.errors import UserError
from vae_core.files import write_whole
from vae_core.memory import keep_memory
from vae_core.paths import data_dir

STUDIES = {study.name: study for room in (bounds, labels, completion, strangers, factors) for study in room.STUDIES}
Record = dict[str, dict[str, dict[str, Any]]]  # by study, by seed: what Found has
HEAD = """# Figures

Written by `make figures`: hours of training on one core, each row printed again by its own command. Means over seeds, in brackets
the lowest and the highest; minutes are those that one seed's training took on one core of a shared machine with Zen 4
processors. A bar is what was aimed at before it was measured; where it is missed, the distance stands beside it.

| what | ours | bar | reached | paper | training | command |
|---|---|---|---|---|---|---|
"""


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.figures")
    parser.add_argument("studies", nargs="*", metavar="STUDY", help=", ".join(STUDIES))
    parser.add_argument("--seeds", type=int, nargs="+", help="which trainings, that differ in their seed: 0 1 2")
    parser.add_argument("--quick", action="store_true", help="small data and short trainings: no figure to quote")
    parser.add_argument("--out", type=Path, help="docs, or build/quick where it is only tried out")
    parser.add_argument("--work", type=Path, default=Path("build/figures"))
    parser.add_argument("--data-dir")
    options = parser.parse_args(words)
    if unknown := [name for name in options.studies if name not in STUDIES]:
        parser.error(f"there is no study {unknown[0]}; known are {', '.join(STUDIES)}")
    torch.set_num_threads(1)
    keep_memory()
    out = options.out or Path("build/quick" if options.quick else "docs")
    for name in options.studies or STUDIES:
        for seed in options.seeds or range(STUDIES[name].seeds):
            try:
                found = STUDIES[name].measure(
                    Setting(data_dir(options.data_dir), options.work, seed=seed, quick=options.quick)
                )
            except UserError as reason:
                print(f"{name}: {reason}", file=sys.stderr)
                return 1
            said = ", ".join(f"{figure} {value:.4g}" for figure, value in found.figures.items())
            print(f"{name}, seed {seed}: {said} after {found.trained}, {found.minutes:.1f} min", flush=True)
            keep(out, name, seed, found)
    return 0


def keep(out: Path, name: str, seed: int, found: Found) -> None:
    """Put one seed's figures into the record, and write the table anew."""
    kept = out / "figures.json"
    record: Record = json.loads(kept.read_text()) if kept.exists() else {}
    record.setdefault(name, {})[str(seed)] = asdict(found)
    texts = {kept: json.dumps(record, indent=1) + "\n", out / "figures.md": page(record)}
    write_whole({path: text.encode() for path, text in texts.items()})


def page(record: Record) -> str:
    """The table of all that is in the record, in the order of STUDIES."""
    return HEAD + "".join(row(study, record[name]) for name, study in STUDIES.items() if name in record)


def row(study: Study, seeds: dict[str, dict[str, Any]]) -> str:
    """One row, with the bar's distance; `seeds`: what each training came to."""
    every = [Found(**one) for one in seeds.values()]
    values = {name: [one.figures[name] for one in every] for name in every[0].figures}
    ours = "<br>".join(f"{name} {spread(numbers)}" for name, numbers in values.items())
    verdict = study.judge(values)
    minutes = statistics.mean(one.minutes for one in every)
    training = f"{every[0].trained}, {minutes:.1f} min, {len(every)} seed{'s' if len(every) > 1 else ''}"
    why = f": {study.reason}" if study.reason and not verdict.reached else ""
    reached = f"{'yes' if verdict.reached else '**no**'}, {verdict.distance}{why}"
    cells = (
        f"{study.what} ({study.unit})",
        ours,
        study.bar,
        reached,
        study.paper,
        training,
        f"`python -m benchmarks.figures {study.name}`",
    )
    return f"| {' | '.join(cells)} |\n"


def spread(numbers: list[float]) -> str:
    """The mean, and the lowest and highest of several."""
    digits = 2 if max(abs(number) for number in numbers) >= 1 else 3
    mean = f"{statistics.mean(numbers):.{digits}f}"
    return mean if len(numbers) == 1 else f"{mean} [{min(numbers):.{digits}f}, {max(numbers):.{digits}f}]"


if __name__ == "__main__":
    sys.exit(main())
