"""Do the 95 % intervals hold? Every figure that is printed with one, measured on new data again and again.

python -m benchmarks.coverage [CASES ...] [--repetitions 200] [--processes 2] [--out docs/coverage.md]

Each case (see benchmarks/intervals) has a known truth, or takes the mean of all its measurements for it. A row says in what share of
them the truth lay in the interval: at least 92 % is right, less is marked. Prints the rows as they come; `--out` also writes the table.
"""

import argparse
import math
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import torch

from benchmarks.intervals import made, measured
from benchmarks.intervals.base import Row, judge
from vae_core.utils.files import write_atomically

BAR = 0.92
WITHOUT = (
    "factorvae",
    "betavae",
    "sap",
    "dci_disentanglement",
    "dci_completeness",
    "bits_png_sheet",
    "bits_gzip_together",
)
HEAD = """# Do the 95 % intervals hold?

Rows printed by `python -m benchmarks.coverage [CASES ...] [--repetitions N]`, N in the last column. Each figure that is printed with
an interval is measured N times on new data (images, samples and seeds alike); held is the share of intervals with the truth in
them. Below 0.92 it is bold, which a right one may be by chance where N is small. Printed without an interval, since none that was
tried held or can be known: {without}.

| figure | data | truth | held | intervals |
|---|---|---|---|---|
"""


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage")
    every = made.cases() | measured.cases()
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
        for found in pool.map(judged, *zip(*keys, strict=True)):
            rows += found
            print("\n".join(line(*each) for each in found), flush=True)
    if options.out:
        head = HEAD.format(without=", ".join(f"`{name}`" for name in WITHOUT))
        write_atomically({options.out: (head + "\n".join(sorted(line(*each) for each in rows)) + "\n").encode()})
    print(f"{len(rows)} rows, {sum(row.count > 0 and row.share < BAR for row, _ in rows)} below {BAR}", file=sys.stderr)
    return 0


def judged(name: str, index: int, repetitions: int | None) -> list[tuple[Row, str]]:
    """The rows of one case, each with what its data are."""
    torch.set_num_threads(1)
    case = (made.cases() | measured.cases())[name][index]
    return [(row, case.what) for row in judge(case, repetitions)]


def line(row: Row, what: str) -> str:
    """A row of the table."""
    share = "-" if math.isnan(row.share) else f"{row.share:.3f}" if row.share >= BAR else f"**{row.share:.3f}**"
    return f"| `{row.figure}` | {what} | {row.truth:.4g} | {share} | {row.count} of {row.count + row.unknown} |"


if __name__ == "__main__":
    sys.exit(main())
