"""A row of a benchmark: what was measured, and how far it is from its bar."""

import json
import os
from dataclasses import asdict, dataclass

KEPT = "BENCHMARK_ROWS"  # the file that `report` adds to, one JSON object a line, where another process wants the rows


@dataclass(frozen=True)
class Row:
    """What was measured, the result, the bar ("" without one), whether it is met (None without one), and how far off it is."""

    what: str
    measured: str
    bar: str = ""
    holds: bool | None = None
    off: str = ""

    def line(self) -> str:
        if not self.measured:
            return self.what
        verdict = {True: "met", False: f"MISSED {self.off}".strip(), None: ""}[self.holds]
        return f"{self.what:<62} | {self.measured:<78} | {self.bar:<24} | {verdict}"


def judged(what: str, measured: str, value: float, bar: float, unit: str, *, at_least: bool = False) -> Row:
    """A row whose `value` has a bar, a number of the same unit; `off` is the distance as a share of the bar."""
    holds = bool(value >= bar if at_least else value <= bar)
    written = f"{'at least' if at_least else 'at most'} {bar:g} {unit}".rstrip()
    return Row(what, measured, written, holds, "" if holds else f"by {abs(value / bar - 1):.1%}")


def report(row: Row) -> None:
    """Print a row; where KEPT names a file, add it there too."""
    print(row.line(), flush=True)
    if path := os.environ.get(KEPT):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(row)) + "\n")
