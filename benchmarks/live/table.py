"""The table that the benchmark prints, line by line as its figures come."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, what came out, what was asked (""), and whether that holds (None: nothing was asked)."""

    what: str
    measured: str
    bar: str
    holds: bool | None

    def line(self) -> str:
        if not self.measured:
            return self.what
        verdict = {True: "holds", False: "FAILS", None: ""}[self.holds]
        return f"{self.what:<62} | {self.measured:<78} | {self.bar:<24} | {verdict}"
