"""docs/figures.md from its record: one table of what was measured, one of the recipes that it was chosen from."""

import json
import statistics
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from benchmarks.studies.base import Figures, Found, Recipe, Study

Record = dict[str, dict[str, Any]]  # by study: "seeds", Found by seed, and "trials", Found of each candidate
HEAD = """# Figures

Written by `make figures`: hours of training on one core, each row printed again by its own command. Means over seeds, in brackets
the lowest and the highest; minutes are those of the processor that one seed's trainings took, on one core of the machine named.
Rows with torch 2.11 were measured sixteen at a time on a machine of 16 cores, where each takes up to 1.4 times as long as alone.
Bars were set before anything was measured, and are held against test figures. Recipes are chosen on validation figures
alone: `python -m benchmarks.figures NAME --choose` tries a study's candidates again, which are listed below the table.

| what | test | bar | reached | validation | paper | recipe | training | command |
|---|---|---|---|---|---|---|---|---|
"""
CANDIDATES = """
## Candidates

Each was trained with seed 0, or with as many seeds as are named, for as many epochs as are named under training, which are fewer
than the recipe's where the whole takes an hour or more. They were judged on validation pictures only.

| study | recipe | validation | training | |
|---|---|---|---|---|
"""


def page(record: Record, studies: Mapping[str, Study]) -> str:
    """Both tables of all that is in the record, in the order of `studies`."""
    measured = [row(study, record) for name, study in studies.items() if record.get(name, {}).get("seeds")]
    tried = [trials(study, record[name]["trials"]) for name, study in studies.items() if chosen(record, name)]
    return HEAD + "".join(measured) + (CANDIDATES + "".join(tried) if tried else "")


def row(study: Study, record: Record) -> str:
    """One study's row: what each seed came to, and the bar's distance."""
    every = [Found(**one) for one in record[study.name]["seeds"].values()]
    verdict = study.judge(over_seeds([one.test for one in every]))
    why = f": {study.reason}" if study.reason and not verdict.reached else ""
    cells = (
        f"{study.what} ({study.unit})",
        spreads([one.test for one in every]),
        study.bar,
        f"{'yes' if verdict.reached else '**no**'}, {verdict.distance}{why}",
        spreads([one.val for one in every]),
        study.paper,
        choice(study, record),
        training(every),
        f"`python -m benchmarks.figures {study.name}`",
    )
    return line(*cells)


def choice(study: Study, record: Record) -> str:
    """How the recipe that was measured came to be chosen."""
    measured = next(iter(record[study.name]["seeds"].values()))["recipe"]
    if measured != plain(study.recipes[0]):
        return "an earlier one, not chosen on validation figures"
    if (count := len(chosen(record, study.like or study.name))) > 1:
        return f"{f'as for {study.like}, ' if study.like else ''}by validation figures, best of {count}"
    return "not chosen on validation figures yet"


def chosen(record: Record, name: str) -> list[dict[str, Any]]:
    return list(record.get(name, {}).get("trials", []))


def trials(study: Study, tried: list[dict[str, Any]]) -> str:
    """The candidates' rows, the best of them marked."""
    found = [Found(**one) for one in tried]
    first = best(study, found)
    return "".join(
        line(study.name, words(one.recipe), spreads([one.val]), training([one]), "best" if one is first else "")
        for one in found
    )


def mean(each: list[Found]) -> Found:
    """One Found of several seeds of a recipe: the means of their figures and minutes."""
    val, test = (
        {name: statistics.mean(values) for name, values in over_seeds(part).items()}
        for part in ([one.val for one in each], [one.test for one in each])
    )
    minutes = statistics.mean(one.minutes for one in each)
    machine, version = (
        " and ".join(dict.fromkeys(words))
        for words in zip(*((one.machine, one.torch_version) for one in each), strict=True)
    )
    return replace(
        each[0], val=val, test=test, minutes=minutes, machine=machine, torch_version=version, seeds=len(each)
    )


def best(study: Study, found: list[Found]) -> Found:
    """The candidate that validation figures choose."""
    return study.best(found, key=lambda one: one.val[study.figure])


def training(every: list[Found]) -> str:
    minutes = statistics.mean(one.minutes for one in every)
    count = sum(one.seeds for one in every)
    seeds = f"{count} seed{'s' if count > 1 else ''}"
    where = " and ".join(dict.fromkeys(one.where for one in every))
    return f"{every[0].trained}, {minutes:.1f} min, {seeds}; {where}"


def line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def words(named: Recipe, form: str = "") -> str:
    return ", ".join(f"{name} {format(value, form)}" for name, value in named.items())


def plain(recipe: Recipe) -> Any:
    """As it is read back from JSON, where a tuple is a list."""
    return json.loads(json.dumps(recipe))


def over_seeds(each: list[Figures]) -> dict[str, list[float]]:
    return {name: [figures[name] for figures in each] for name in each[0]}


def spreads(each: list[Figures]) -> str:
    return "<br>".join(f"{name} {spread(found)}" for name, found in over_seeds(each).items()) or "not measured"


def spread(numbers: list[float]) -> str:
    """The mean, and the lowest and highest of several."""
    digits = 2 if max(abs(number) for number in numbers) >= 1 else 3
    mean = f"{statistics.mean(numbers):.{digits}f}"
    return mean if len(numbers) == 1 else f"{mean} [{min(numbers):.{digits}f}, {max(numbers):.{digits}f}]"


def with_seed(record: Record, name: str, seed: int, found: Found) -> None:
    """Put one seed's figures into the record; seeds of another recipe are dropped, since their mean would be of nothing."""
    new, seeds = plain(asdict(found)), record.setdefault(name, {}).get("seeds", {})
    alike = {key: one for key, one in seeds.items() if one["recipe"] == new["recipe"]}
    record[name]["seeds"] = dict(sorted({**alike, str(seed): new}.items()))


def with_trial(record: Record, name: str, found: Found) -> None:
    """Put a candidate's validation figures into the record, in place of an earlier trial of the same recipe."""
    new, tried = plain(asdict(found)), record.setdefault(name, {}).get("trials", [])
    record[name]["trials"] = [*(one for one in tried if one["recipe"] != new["recipe"]), new]
