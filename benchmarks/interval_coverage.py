"""Coverage of the 95 % intervals: how often they contain the true value, for every figure that is printed with an interval.

python -m benchmarks.interval_coverage [CASES ...] [--repetitions 200] [--processes 2] [--out docs/interval_coverage.md]

Each case (see benchmarks/intervals) is measured many times on new data. The true value is known, or is taken to be the mean of all
measurements. A row gives the share of intervals that contain the true value; a share below 92 % is marked. The rows are printed as
they come; `--out` also writes the table to a file.
"""

import argparse
import math
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import torch

from benchmarks.intervals import real_models, synthetic
from benchmarks.intervals.count_coverage import Row, count_coverage
from vae_core.metrics.figures import FIGURES
from vae_core.utils.files import write_atomically

MIN_COVERAGE = 0.92
WITHOUT = tuple(name for name, figure in FIGURES.items() if figure.group and not figure.interval)
HEADER = """# Coverage of the 95 % intervals

Rows printed by `python -m benchmarks.interval_coverage [CASES ...] [--repetitions N]`, with N in the last column. Each figure that
is printed with an interval is measured N times on new images, samples and seeds. The column "coverage" is the share of the intervals
that contain the true value. A share below 0.92 is bold; where N is small this can happen by chance. These figures are printed without
an interval, because no interval that was tried has the right coverage: {without}.

| figure | data | true value | coverage | intervals |
|---|---|---|---|---|
"""


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.interval_coverage")
    every = synthetic.cases() | real_models.cases()
    parser.add_argument("cases", nargs="*", metavar="CASES", help=f"some of {', '.join(every)}; none: all")
    parser.add_argument("--repetitions", type=int, help="of each case; else as many as it asks for")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--out", type=Path, help="also write the table to this file")
    options = parser.parse_args(words)
    if unknown := [name for name in options.cases if name not in every]:
        parser.error(f"there are no cases {unknown[0]}; known are {', '.join(every)}")
    keys = [(name, i, options.repetitions) for name in options.cases or every for i in range(len(every[name]))]
    rows = []
    with ProcessPoolExecutor(options.processes, multiprocessing.get_context("spawn")) as pool:
        for found in pool.map(measure_case, *zip(*keys, strict=True)):
            rows += found
            print("\n".join(line(*each) for each in found), flush=True)
    if options.out:
        head = HEADER.format(without=", ".join(f"`{name}`" for name in WITHOUT))
        write_atomically({options.out: (head + "\n".join(sorted(line(*each) for each in rows)) + "\n").encode()})
    print(
        f"{len(rows)} rows, {sum(row.count > 0 and row.share < MIN_COVERAGE for row, _ in rows)} below {MIN_COVERAGE}",
        file=sys.stderr,
    )
    return 0


def measure_case(name: str, index: int, repetitions: int | None) -> list[tuple[Row, str]]:
    """The rows of one case, each with the description of its data."""
    torch.set_num_threads(1)
    case = (synthetic.cases() | real_models.cases())[name][index]
    return [(row, case.what) for row in count_coverage(case, repetitions)]


def line(row: Row, what: str) -> str:
    """A row of the table."""
    share = (
        "-" if math.isnan(row.share) else f"{row.share:.3f}" if row.share >= MIN_COVERAGE else f"**{row.share:.3f}**"
    )
    return f"| `{row.figure}` | {what} | {row.truth:.4g} | {share} | {row.count} of {row.count + row.unknown} |"


if __name__ == "__main__":
    sys.exit(main())
